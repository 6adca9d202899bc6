//! With the bound WeChat, for somebody at a PC: the same code, numbers and question as for signing
//! in, but for another purpose. Whoever asks for an account that does not exist sees a code too; no
//! WeChat fits it.

use std::time::Duration;

use salvo::{Request, Response};
use serde::{Deserialize, Serialize};

use super::{Proof, ResetError, set};
use crate::{
    account::{
        Account, device,
        scan::{
            Purpose, State, TicketNo, collect,
            start::Wanted,
            state::{Collector, Event},
            ticket,
        },
        sign_in, store,
    },
    kernel::{Secret, Timestamp, ids::AccountId},
    web::{App, AppError, Client, cookie, cookie::Name, throttle},
};

/// How long the way to the new password may take.
const LIFE: Duration = Duration::from_mins(10);
/// Tries from one address in ten minutes.
const MOST: u64 = 20;

/// A browser's try for a new password. The token in its cookie is both the key of this and the poll
/// secret of its codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Try {
    /// The account, or an id of none.
    account: AccountId,
    generation: i64,
    until: Timestamp,
    /// The bound WeChat has confirmed.
    is_proven: bool,
}

fn key(index: &str) -> String {
    format!("reset:{index}")
}

/// Begins one for what was typed.
pub async fn begin(
    app: &App,
    client: &Client,
    login: &str,
    res: &mut Response,
) -> Result<(), AppError> {
    throttle::pass(app, "reset-scan", &client.ip, MOST, LIFE).await?;
    let now = app.clock.now();
    let account = sign_in::find(app, &sign_in::plain(login)).await?;
    let account = account.filter(|account| account.is_active);
    let fresh = Try {
        account: account.as_ref().map_or_else(|| AccountId::new(&app.ids, now), |a| a.id.clone()),
        generation: account.map_or(1, |account| account.session_generation),
        until: now + LIFE,
        is_proven: false,
    };
    let token = app.ids.token();
    write(app, &app.vault.index(&token), &fresh).await?;
    cookie::set(app, res, Name::Reset, token, Some(LIFE.as_secs()));
    Ok(())
}

async fn write(app: &App, index: &str, tried: &Try) -> Result<(), AppError> {
    let json = serde_json::to_string(tried).map_err(|e| AppError::Fault(e.to_string()))?;
    Ok(app.store.put(&key(index), &json, LIFE).await?)
}

async fn find(app: &App, req: &Request) -> Result<Option<(String, String, Try)>, AppError> {
    let Some(token) = cookie::read(app, req, Name::Reset) else { return Ok(None) };
    let index = app.vault.index(&token);
    let Some(json) = app.store.get(&key(&index)).await? else { return Ok(None) };
    let tried: Try = serde_json::from_str(&json).map_err(|e| AppError::Fault(e.to_string()))?;
    Ok((app.clock.now() < tried.until).then_some((token, index, tried)))
}

/// What this browser's code is for; nothing when it has not begun or took too long.
pub async fn wanted(app: &App, req: &Request) -> Result<Option<Wanted>, AppError> {
    Ok(find(app, req).await?.map(|(token, index, tried)| Wanted {
        purpose: Purpose::Reset,
        account: Some(tried.account),
        generation: tried.generation,
        session: index,
        secret: Some(token),
        device: device::index(app, req).unwrap_or_default(),
    }))
}

/// Takes a confirmed code: this browser may set a new password now. Answers the state that it led
/// to.
pub async fn collect(app: &App, req: &Request, no: &TicketNo) -> Result<State, AppError> {
    let Some((token, index, tried)) = find(app, req).await? else { return Ok(State::Expired) };
    let Some(found) = ticket::find(app, no).await? else { return Ok(State::Expired) };
    let is_its_browser = found.purpose == Purpose::Reset
        && found.pre_auth == index
        && found.account.as_ref() == Some(&tried.account)
        && found.secret == app.vault.index(&token);
    if !is_its_browser {
        return Ok(State::Expired);
    }
    let (account, member) = collect::owner(app, &found).await?;
    let collector = Collector {
        is_its_browser,
        is_account_unchanged: account.is_some(),
        is_profile_complete: member.is_some(),
        is_wechat_bound: collect::is_wechat_bound(app, &found).await?,
    };
    match found.facts.after(&Event::Collect(collector)) {
        Ok(to) => {
            if ticket::step(app, no, State::Confirmed, to, &[]).await? {
                write(app, &index, &Try { is_proven: true, ..tried }).await?;
            }
            Ok(State::Confirmed)
        }
        Err(_) if found.facts.state == State::Confirmed => Ok(State::Expired),
        Err(_) => Ok(found.facts.state),
    }
}

/// The account whose bound WeChat has confirmed in this browser.
pub async fn proven(app: &App, req: &Request) -> Result<Option<Account>, AppError> {
    let Some((_, _, tried)) = find(app, req).await?.filter(|(_, _, tried)| tried.is_proven) else {
        return Ok(None);
    };
    let account = store::by_id(&app.db, tried.account.as_str()).await?;
    Ok(account.filter(|account| account.session_generation == tried.generation))
}

/// Sets the new password, once.
pub async fn finish(
    app: &App,
    client: &Client,
    password: &Secret,
    (req, res): (&Request, &mut Response),
) -> Result<(), ResetError> {
    let account = proven(app, req).await?.ok_or(ResetError::Over)?;
    set(app, &account, password, (Proof::Wechat, None), &client.ip).await?;
    if let Some((_, index, _)) = find(app, req).await? {
        app.store.remove(&key(&index)).await.map_err(AppError::from)?;
    }
    cookie::clear(app, res, Name::Reset);
    Ok(())
}
