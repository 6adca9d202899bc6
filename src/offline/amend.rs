//! A member changes or deletes a report that is not confirmed.

use super::{
    model::{OfflinePayment, OfflineStatus},
    store::{self, Seen},
    submit::{Submission, facts, stored_facts},
};
use crate::{
    account::SignedIn,
    db,
    kernel::{
        Timestamp,
        ids::{BillId, OfflineId},
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Why a report was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Finance was faster, or another window was.
    #[error("{0}")]
    TooLate(&'static str),
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for ChangeError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

struct Input {
    app: App,
    actor: Actor,
    before: OfflinePayment,
    seen: Seen,
    sealed_tail: String,
    now: Timestamp,
    submission: Option<Submission>,
    ip: String,
}

/// A member's own report.
pub async fn own(app: &App, who: &SignedIn, id: &OfflineId) -> Result<OfflinePayment, AppError> {
    let payment = store::find(&app.db, &app.vault, id).await?;
    payment
        .filter(|payment| payment.member_id == who.member.id)
        .filter(|payment| payment.status != OfflineStatus::Deleted)
        .ok_or(AppError::NotFound)
}

/// The bill of a report that is not deleted.
pub async fn bill_of(app: &App, id: &OfflineId) -> Result<BillId, AppError> {
    let payment = store::find(&app.db, &app.vault, id).await?;
    let payment = payment.filter(|payment| payment.status != OfflineStatus::Deleted);
    payment.map(|payment| payment.bill_id).ok_or(AppError::NotFound)
}

/// Writes a report anew; it waits for finance again. `version` is the one that the form showed.
pub async fn amend(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    submission: Submission,
) -> Result<(), ChangeError> {
    let sealed_tail = store::sealed_tail(&app.vault, &submission.draft).map_err(AppError::from)?;
    let ip = submission.ip.clone();
    let input = input(app, who, before, version, (sealed_tail, Some(submission), ip));
    run(app, input).await
}

/// Deletes a report; its row stays for the audit.
pub async fn delete(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    ip: String,
) -> Result<(), ChangeError> {
    run(app, input(app, who, before, version, (String::new(), None, ip))).await
}

fn input(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    (sealed_tail, submission, ip): (String, Option<Submission>, String),
) -> Input {
    Input {
        app: app.clone(),
        actor: who.actor(),
        seen: Seen { id: before.id.clone(), version },
        before,
        sealed_tail,
        now: app.clock.now(),
        submission,
        ip,
    }
}

async fn run(app: &App, input: Input) -> Result<(), ChangeError> {
    let id = input.before.id.clone();
    let done: Result<bool, db::Error> =
        db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await;
    if done? {
        return Ok(());
    }
    // Somebody was faster: say who, by what is there now.
    let now = store::find(&app.db, &app.vault, &id).await?;
    Err(ChangeError::TooLate(match now.map(|payment| payment.status) {
        Some(OfflineStatus::Confirmed) => "秘书处已确认这笔缴费，不能再修改或删除",
        Some(OfflineStatus::Rejected) => "秘书处刚刚驳回了这笔缴费，请查看原因后重新修改",
        Some(OfflineStatus::Submitted) => "这笔缴费刚刚被修改过，请核对最新内容后再操作",
        Some(OfflineStatus::Deleted) | None => "这笔缴费已被删除",
    }))
}

async fn work(tx: &db::Tx, input: &Input) -> Result<bool, db::Error> {
    let before = stored_facts(&input.before);
    let (action, detail) = if let Some(Submission { draft, files, .. }) = &input.submission {
        if !store::amend(tx, &input.seen, &input.sealed_tail, draft, input.now).await? {
            return Ok(false);
        }
        store::set_vouchers(tx, &input.seen.id, files).await?;
        let after = facts(draft, files.len());
        ("offline.amend", serde_json::json!({ "before": before, "after": after }))
    } else {
        if !store::delete(tx, &input.seen).await? {
            return Ok(false);
        }
        ("offline.delete", serde_json::json!({ "before": before }))
    };
    let entry = Entry {
        actor: input.actor.clone(),
        action,
        object_kind: "offline-payment",
        object_id: input.seen.id.to_string(),
        reason: String::new(),
        detail,
        ip: input.ip.clone(),
    };
    audit::record(tx, &input.app.ids, input.now, &entry).await?;
    Ok(true)
}
