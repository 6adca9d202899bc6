//! A member changes or deletes a report that is not confirmed.

use super::{
    model::{OfflinePayment, OfflineStatus},
    store::{self, Happened, Sealed, Seen},
    submit::{Submission, VOUCHER_GONE, facts, stored_facts},
};
use crate::{
    account::SignedIn,
    db,
    kernel::{Timestamp, ids::OfflineId},
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
    now: Timestamp,
    /// The new content; `None` deletes the report.
    submission: Option<(Submission, Sealed)>,
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

/// Writes a report anew; it waits for finance again. `version` is the one that the form showed.
pub async fn amend(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    submission: Submission,
) -> Result<(), ChangeError> {
    let sealed = Sealed::of(&app.vault, &submission.draft).map_err(AppError::from)?;
    let ip = submission.ip.clone();
    run(app, input(app, who, before, version, (Some((submission, sealed)), ip))).await
}

/// Deletes a report; its row stays for the audit.
pub async fn delete(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    ip: String,
) -> Result<(), ChangeError> {
    run(app, input(app, who, before, version, (None, ip))).await
}

fn input(
    app: &App,
    who: &SignedIn,
    before: OfflinePayment,
    version: i64,
    (submission, ip): (Option<(Submission, Sealed)>, String),
) -> Input {
    Input {
        app: app.clone(),
        actor: who.actor(),
        seen: Seen { id: before.id.clone(), version },
        before,
        now: app.clock.now(),
        submission,
        ip,
    }
}

async fn run(app: &App, input: Input) -> Result<(), ChangeError> {
    let id = input.before.id.clone();
    let done: Result<bool, ChangeError> =
        db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await;
    if done? {
        return Ok(());
    }
    // Somebody was faster: say who, by what is there now.
    let now = store::find(&app.db, &app.vault, &id).await?;
    Err(ChangeError::TooLate(match now.map(|payment| payment.status) {
        Some(OfflineStatus::Confirmed | OfflineStatus::Reversed) => {
            "秘书处已确认这笔缴费，不能再修改或删除"
        }
        Some(OfflineStatus::Rejected) => "秘书处刚刚驳回了这笔缴费，请查看原因后重新修改",
        Some(OfflineStatus::Submitted) => "这笔缴费刚刚被修改过，请核对最新内容后再操作",
        Some(OfflineStatus::Deleted) | None => "这笔缴费已被删除",
    }))
}

async fn work(tx: &db::Tx, input: &Input) -> Result<bool, ChangeError> {
    let Input { app, before, seen, now, .. } = input;
    let old = stored_facts(before);
    let (kind, amount, detail) =
        if let Some((Submission { draft, files, .. }, sealed)) = &input.submission {
            if !store::amend(tx, seen, (draft, sealed), *now).await? {
                return Ok(false);
            }
            if !store::set_vouchers(tx, &seen.id, files, *now).await? {
                return Err(ChangeError::TooLate(VOUCHER_GONE));
            }
            let after = facts(draft, files.len());
            ("amended", draft.amount, serde_json::json!({ "before": old, "after": after }))
        } else {
            if !store::delete(tx, seen).await? {
                return Ok(false);
            }
            store::release_vouchers(tx, &seen.id, *now).await?;
            ("deleted", before.amount, serde_json::json!({ "before": old }))
        };
    let what = Happened { kind, by: "", amount, reason: "" };
    store::insert_event(tx, (&app.ids.next(*now), *now), &seen.id, what).await?;
    let entry = Entry {
        actor: input.actor.clone(),
        action: if kind == "amended" { "offline.amend" } else { "offline.delete" },
        object_kind: "offline-payment",
        object_id: seen.id.to_string(),
        reason: String::new(),
        detail,
        ip: input.ip.clone(),
    };
    audit::record(tx, &app.ids, *now, &entry).await?;
    Ok(true)
}
