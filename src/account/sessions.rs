//! Where an account was signed in, and signing it out everywhere.

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
    pub devices: Vec<Device>,
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
    Ok(Seen { devices: store::device::list(&app.db, &account.id).await?, here, logins, older })
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
