//! Wrong passwords in the audit log: every lock, and of the rest a sample, so that a flood of tries
//! leaves a trace without filling the table.

use std::time::Duration;

use serde::Serialize;

use crate::{
    kernel::ids::AccountId,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, Client},
};

/// One row per account, or per address where there is no account, in this time.
const SAMPLE: Duration = Duration::from_mins(10);

/// Whose password it should have been.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// An account's.
    Account(&'a AccountId),
    /// There is no such account; what was typed is nobody's business.
    Nobody,
}

#[derive(Serialize)]
struct Detail {
    browser: String,
    /// In a browser that the account knows.
    is_known_device: bool,
}

/// Puts a wrong password on record, if it locks or is the first in a while.
pub(super) async fn record(
    app: &App,
    subject: Subject<'_>,
    client: &Client,
    locks: bool,
    is_known_device: bool,
) -> Result<(), AppError> {
    let (object_kind, object_id) = match subject {
        Subject::Account(id) => ("account", id.to_string()),
        Subject::Nobody => ("login", "unknown".to_owned()),
    };
    if !locks {
        let who = match subject {
            Subject::Account(id) => id.as_str(),
            Subject::Nobody => client.ip.as_str(),
        };
        let key = format!("login-audit:{}", app.vault.index(who));
        if !app.store.put_new(&key, "1", SAMPLE).await? {
            return Ok(());
        }
    }
    let entry = Entry {
        actor: Actor::Visitor,
        action: if locks { "account.locked" } else { "account.sign-in-failed" },
        object_kind,
        object_id,
        reason: String::new(),
        detail: Detail { browser: client.browser(), is_known_device },
        ip: client.ip.clone(),
    };
    Ok(audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?)
}
