//! Browsers in which an account was signed in completely before. Their wrong passwords are counted
//! apart, so that a stranger who locks an account does not lock its owner out of their own browser
//! (a "device cookie"). The cookie alone opens nothing.

use salvo::{Request, Response};
use serde::Deserialize;

use super::{Account, store};
use crate::{
    kernel::Timestamp,
    web::{App, AppError, cookie, cookie::Name},
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
