//! A login code is made, or found again when the page is loaded once more.

use super::{Purpose, State, Ticket, TicketNo, state::Facts, ticket};
use crate::{
    kernel::{Ids, ids::AccountId},
    web::{App, AppError, Client},
};

/// Codes that one pre-auth session may have, the first included.
const MOST_CODES: u64 = 6;

/// A code as its own PC page knows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number.
    pub no: TicketNo,
    /// The code.
    pub ticket: Ticket,
}

/// Why there is no new code.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Too many codes for one password.
    #[error("二维码刷新次数过多，请重新输入密码登录")]
    TooMany,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

/// For whom and what a code is made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it leads to.
    pub purpose: Purpose,
    /// The account; for a new password it may be one that does not exist. None where the phone
    /// says it.
    pub account: Option<AccountId>,
    /// The account's session generation.
    pub generation: i64,
    /// The pre-auth session, or the browser's try without one.
    pub session: String,
    /// The poll secret that the browser holds already.
    pub secret: Option<String>,
    /// Index of the browser's device cookie; empty when it has none.
    pub device: String,
}

fn page_key(session: &str) -> String {
    format!("ticket-page:{session}")
}

/// The code that this session shows, while the browser still holds its secret.
pub async fn resume(app: &App, wanted: &Wanted) -> Result<Option<Shown>, AppError> {
    let Some(secret) = &wanted.secret else { return Ok(None) };
    let Some(sealed) = app.store.get(&page_key(&wanted.session)).await? else { return Ok(None) };
    let no = TicketNo::parse(Some(app.vault.open(&sealed)?))?;
    let found = ticket::find(app, &no).await?;
    let is_its_browser = |ticket: &Ticket| {
        ticket.purpose == wanted.purpose && ticket.secret == app.vault.index(secret)
    };
    Ok(found.filter(is_its_browser).map(|ticket| Shown { no, ticket }))
}

/// A code in the state that a poll has just learned. The caller knows that the browser may see it.
pub(in crate::account) async fn shown(
    app: &App,
    no: &TicketNo,
    state: State,
) -> Result<Option<Shown>, AppError> {
    let found = ticket::find(app, no).await?;
    Ok(found.map(|mut ticket| {
        ticket.facts.state = state;
        Shown { no: no.clone(), ticket }
    }))
}

/// Makes a code. The returned secret belongs into the browser's cookie; it stays the same within a
/// session, so that a page with an older code is told that it is over.
pub async fn start(
    app: &App,
    wanted: &Wanted,
    client: &Client,
) -> Result<(Shown, String), StartError> {
    let life = std::time::Duration::from_secs(app.settings.security.pre_auth_seconds);
    let count = format!("ticket-count:{}", wanted.session);
    if app.store.count(&count, life).await.map_err(AppError::from)? > MOST_CODES {
        return Err(StartError::TooMany);
    }
    let kept = match wanted.purpose {
        Purpose::Login => resume(app, wanted).await?.and(wanted.secret.clone()),
        Purpose::Reset | Purpose::Direct => wanted.secret.clone(),
    };
    let secret = kept.unwrap_or_else(|| app.ids.token());
    let (no, now) = (TicketNo::new(app), app.clock.now());
    let (number, numbers) = numbers(&app.ids);
    let ticket = Ticket {
        purpose: wanted.purpose,
        device: wanted.device.clone(),
        facts: Facts { state: State::Waiting, phone: String::new(), number },
        account: wanted.account.clone(),
        generation: wanted.generation,
        pre_auth: wanted.session.clone(),
        secret: app.vault.index(&secret),
        numbers,
        browser: client.browser(),
        ip: client.ip.clone(),
        created: now,
        expires: now + app.settings.security.scan(),
    };
    ticket::put(app, &no, &ticket).await?;
    ticket::make_current(app, &ticket, &no, life).await?;
    let sealed = app.vault.seal(no.as_str()).map_err(AppError::from)?;
    app.store.put(&page_key(&wanted.session), &sealed, life).await.map_err(AppError::from)?;
    Ok((Shown { no, ticket }, secret))
}

/// The number for the PC, and three different ones in random order for the phone.
fn numbers(ids: &Ids) -> (String, Vec<String>) {
    let draw = |len| ids.digits(len).parse::<u32>().unwrap_or_default();
    let right = draw(2);
    // Two different distances from the right number, 1 to 49 and 50 to 98 around the circle.
    let near = (right + 1 + draw(2) % 49) % 100;
    let far = (right + 50 + draw(2) % 49) % 100;
    let mut all = vec![near, far];
    all.insert(usize::try_from(draw(4) % 3).unwrap_or_default(), right);
    let two_digits = |number: &u32| format!("{number:02}");
    (two_digits(&right), all.iter().map(two_digits).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phone_is_offered_three_different_numbers_with_the_right_one_anywhere() {
        let mut places = [0; 3];
        for seed in 0..300 {
            let (right, all) = numbers(&Ids::seeded(seed));
            assert_eq!(all.len(), 3);
            assert!(all.iter().all(|number| number.len() == 2));
            assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2], "{all:?}");
            places[all.iter().position(|number| *number == right).unwrap()] += 1;
        }
        assert!(places.iter().all(|count| *count > 50), "{places:?}");
    }
}
