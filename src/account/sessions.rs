//! Where an account was signed in, and signing it out in one browser or everywhere.

use salvo::Request;

use super::{
    Account, SignedIn,
    device::{self, Device},
    store::{self, device::Login},
};
use crate::{
    db,
    staff::audit::{self, Entry},
    web::{App, AppError},
};

/// What is known of an account's sign-ins.
pub(super) struct Seen {
    /// The browsers, and whether they are signed in now.
    pub devices: Vec<(Device, bool)>,
    /// The id of this browser's device.
    pub here: Option<String>,
    /// A page of the history.
    pub logins: Vec<Login>,
    /// The last id of the page, when there are older ones.
    pub older: Option<String>,
}

/// Looks them up; `before` is the last id of the page before.
pub(super) async fn look(
    app: &App,
    account: &Account,
    req: &Request,
    before: &str,
    page: usize,
) -> Result<Seen, AppError> {
    let index = device::index(app, req);
    let here = device::known(app, account, index.as_deref()).await?.map(|device| device.id);
    let most = i64::try_from(page + 1).unwrap_or(i64::MAX);
    let mut logins = store::device::logins(&app.db, &account.id, before, most).await?;
    let has_more = logins.len() > page;
    logins.truncate(page);
    let older = logins.last().filter(|_| has_more).map(|last| last.id.clone());
    Ok(Seen { devices: device::all(app, account).await?, here, logins, older })
}

/// Ends the session of one browser and forgets the browser: who signs in there again is told to the
/// unit as new. There is no such browser of another unit, or it is gone: not found.
pub async fn end_one(app: &App, who: &SignedIn, device: &str, ip: &str) -> Result<(), AppError> {
    let found = store::device::of_account(&app.db, &who.account.id, device).await?;
    let found = found.ok_or(AppError::NotFound)?;
    device::end_session(app, &found).await?;
    let entry = Entry {
        actor: who.actor(),
        action: "account.sign-out-one",
        object_kind: "account",
        object_id: who.account.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "browser": found.browser }),
        ip: ip.to_owned(),
    };
    let input = (app.clone(), who.account.id.clone(), found.id, entry);
    db::transaction(&app.db, input, |tx, (app, account, device, entry)| {
        Box::pin(async move {
            if store::device::forget(tx, account, device).await? {
                audit::record(tx, &app.ids, app.clock.now(), entry).await?;
            }
            Ok(())
        })
    })
    .await
    .map_err(|error: db::Error| error.into())
}

/// Ends every session of the member's account.
pub async fn end_all(app: &App, who: &SignedIn, ip: &str) -> Result<(), AppError> {
    let entry = Entry {
        actor: who.actor(),
        action: "account.sign-out-all",
        object_kind: "account",
        object_id: who.account.id.to_string(),
        reason: String::new(),
        detail: (),
        ip: ip.to_owned(),
    };
    let input = (app.clone(), who.account.id.clone(), entry);
    db::transaction(&app.db, input, |tx, (app, account, entry)| {
        Box::pin(async move {
            store::end_sessions(tx, account).await?;
            audit::record(tx, &app.ids, app.clock.now(), entry).await
        })
    })
    .await
    .map_err(|error: db::Error| error.into())
}
