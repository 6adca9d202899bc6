//! Approving a preview, or giving a run up before that.

use super::model::{Run, RunStatus};
use crate::{
    db::{self, Tx},
    dues::store,
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Somebody decided before, or the preview is not complete.
    #[error("批次的状态已变化，请刷新后查看")]
    Changed,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for DecideError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

struct Decision {
    app: App,
    run: Run,
    to: RunStatus,
    actor: Actor,
    by: String,
    reason: String,
    ip: String,
}

/// Approves the preview as it was shown; the job carries it out.
pub async fn approve(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    run: Run,
    reason: String,
) -> Result<(), DecideError> {
    decide(app, staff, ip, (run, RunStatus::Running), reason).await
}

/// Gives a run up; no bill was touched.
pub async fn cancel(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    run: Run,
    reason: String,
) -> Result<(), DecideError> {
    decide(app, staff, ip, (run, RunStatus::Cancelled), reason).await
}

async fn decide(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (run, to): (Run, RunStatus),
    reason: String,
) -> Result<(), DecideError> {
    let may = match to {
        RunStatus::Running => run.status == RunStatus::Prepared,
        _ => matches!(run.status, RunStatus::Preparing | RunStatus::Prepared),
    };
    if !may {
        return Err(DecideError::Changed);
    }
    let (actor, by) = (staff.actor(), staff.0.id.to_string());
    let decision = Decision { app: app.clone(), run, to, actor, by, reason, ip };
    let won: Result<bool, db::Error> =
        db::transaction(&app.db, decision, |tx, decision| Box::pin(write(tx, decision))).await;
    if won? { Ok(()) } else { Err(DecideError::Changed) }
}

async fn write(tx: &Tx, decision: &Decision) -> Result<bool, db::Error> {
    let Decision { app, run, to, reason, .. } = decision;
    let now = app.clock.now();
    let words = (decision.by.as_str(), reason.as_str());
    if !store::run::decide(tx, (&run.id, run.status, *to), words, now).await? {
        return Ok(false);
    }
    let action = if *to == RunStatus::Running { "dues.run-approve" } else { "dues.run-cancel" };
    let entry = Entry {
        actor: decision.actor.clone(),
        action,
        object_kind: "bill-run",
        object_id: run.id.to_string(),
        reason: reason.clone(),
        detail: serde_json::json!({
            "no": run.no, "kind": run.kind, "year": run.year, "before": run.status, "after": to,
            "bills": run.planned, "fen": run.total.get(),
        }),
        ip: decision.ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    Ok(true)
}
