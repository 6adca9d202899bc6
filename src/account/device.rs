//! Browsers in which an account was signed in completely before. Their wrong passwords are counted
//! apart, so that a stranger who locks an account does not lock its owner out of their own browser
//! (a "device cookie"). The cookie alone opens nothing.

use salvo::{Request, Response};
use serde::Deserialize;

use super::{Account, store};
use crate::{
    kernel::Timestamp,
    web::{
        App, AppError, cookie,
        cookie::Name,
        session::{self, Kind},
    },
};

/// How long a browser is remembered, in seconds: what browsers allow at most.
const LIFE: u64 = 400 * 24 * 3600;

/// A browser that an account knows.
#[derive(Clone, Debug, Deserialize)]
pub struct Device {
    /// Row id.
    pub id: String,
    /// In words.
    pub browser: String,
    /// The first complete sign-in.
    #[serde(rename = "first_ms")]
    pub first_at: Timestamp,
    /// The last one.
    #[serde(rename = "last_ms")]
    pub last_at: Timestamp,
    /// From where.
    pub last_ip: String,
    /// Its last session, sealed.
    #[serde(rename = "session_sealed")]
    pub session: String,
    /// Wrong passwords since the last right one, in this browser.
    pub failed_count: i64,
    /// They lock this browser until then.
    #[serde(rename = "locked_until_ms")]
    pub locked_until: Timestamp,
}

/// The index of the browser's cookie; strange cookies are none.
pub fn index(app: &App, req: &Request) -> Option<String> {
    let id = cookie::read(app, req, Name::Device).filter(|id| id.len() == 22)?;
    Some(app.vault.index(&id))
}

/// The browser's index, and its cookie for another while; a browser without one gets one now.
pub(super) fn remember(app: &App, req: &Request, res: &mut Response) -> String {
    let known = cookie::read(app, req, Name::Device).filter(|id| id.len() == 22);
    let id = known.unwrap_or_else(|| app.ids.token());
    let index = app.vault.index(&id);
    cookie::set(app, res, Name::Device, id, Some(LIFE));
    index
}

/// The device of an account behind a browser's index, if it was signed in there before.
pub(super) async fn known(
    app: &App,
    account: &Account,
    index: Option<&str>,
) -> Result<Option<Device>, AppError> {
    let Some(index) = index else { return Ok(None) };
    Ok(store::device::find(&app.db, &account.id, index).await?)
}

/// The browsers of an account, and whether each is signed in now.
pub(super) async fn all(app: &App, account: &Account) -> Result<Vec<(Device, bool)>, AppError> {
    let mut all = Vec::new();
    for device in store::device::list(&app.db, &account.id).await? {
        let is_in = is_signed_in(app, account, &device).await?;
        all.push((device, is_in));
    }
    Ok(all)
}

/// Its last session is alive, and the account has not ended it.
async fn is_signed_in(app: &App, account: &Account, device: &Device) -> Result<bool, AppError> {
    if device.session.is_empty() {
        return Ok(false);
    }
    let id = app.vault.open(&device.session)?;
    let found = session::of_id(app, Kind::Member, &id).await?;
    Ok(found.is_some_and(|session| {
        session.subject == account.id.as_str() && session.generation == account.session_generation
    }))
}

/// Ends the browser's last session.
pub(super) async fn end_session(app: &App, device: &Device) -> Result<(), AppError> {
    if device.session.is_empty() {
        return Ok(());
    }
    session::end_id(app, Kind::Member, &app.vault.open(&device.session)?).await
}
