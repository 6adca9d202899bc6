//! The applicant takes an application back, or asks for haste.

use std::time::Duration;

use super::{Registration, model::Status, store::write};
use crate::{
    db,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Somebody who waits may ask for haste once in this long.
pub const URGE_EVERY: Duration = Duration::from_hours(24);

/// Takes an application back; `false` when it is over already.
pub async fn withdraw(app: &App, of: &Registration, ip: &str) -> Result<bool, AppError> {
    let input = (app.clone(), of.clone(), ip.to_owned());
    db::transaction(&app.db, input, |tx, input| Box::pin(write_withdrawal(tx, input))).await
}

async fn write_withdrawal(
    tx: &db::Tx,
    (app, of, ip): &(App, Registration, String),
) -> Result<bool, AppError> {
    let now = app.clock.now();
    if !write::withdraw(tx, &of.id, now).await? {
        return Ok(false);
    }
    let entry = Entry {
        actor: Actor::Visitor,
        action: "registration.withdraw",
        object_kind: "registration",
        object_id: of.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "before": of.status, "after": Status::Withdrawn }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    Ok(true)
}

/// Asks for haste; `false` when it does not wait, or somebody asked a short while ago.
pub async fn urge(app: &App, of: &Registration) -> Result<bool, AppError> {
    let now = app.clock.now();
    Ok(write::urge(&app.db, &of.id, (now, before(now))).await?)
}

/// True when haste may be asked for.
pub fn may_urge(app: &App, of: &Registration) -> bool {
    let now = app.clock.now();
    of.status.waits()
        && now.since(of.queued_at) >= URGE_EVERY
        && of.urged_at.is_none_or(|at| at <= before(now))
}

fn before(now: crate::kernel::Timestamp) -> crate::kernel::Timestamp {
    let span = i64::try_from(URGE_EVERY.as_millis()).unwrap_or(i64::MAX);
    crate::kernel::Timestamp::from_millis(now.millis() - span)
}
