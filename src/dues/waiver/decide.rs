//! Deciding a request. Approval changes the bill in the same transaction, or nothing happens.

use super::model::{Waiver, WaiverKind, WaiverStatus};
use crate::{
    db::{self, Tx},
    dues::{
        Bill, store,
        take_back::{Changed, changed},
    },
    notice::{self, Notice, Topic},
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Who asked must not decide.
    #[error("本人提出的申请须由另一人审批")]
    Same,
    /// Somebody decided before.
    #[error("该申请已被处理，请刷新后查看")]
    Decided,
    /// The bill is another than when it was asked for.
    #[error("账单已发生变化（可能已缴清、作废或调整），不能按原申请执行，请不予批准后重新提出")]
    BillChanged,
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
    waiver: Waiver,
    to: WaiverStatus,
    actor: Actor,
    by: String,
    why: String,
    ip: String,
}

/// Approves or refuses a request.
pub async fn decide(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (waiver, to): (Waiver, WaiverStatus),
    why: String,
) -> Result<(), DecideError> {
    let by = staff.0.id.to_string();
    if !waiver.may_be_decided_by(&by, app.settings.dues.waiver_alone()) {
        return Err(DecideError::Same);
    }
    let decision = Decision { app: app.clone(), waiver, to, actor: staff.actor(), by, why, ip };
    db::transaction(&app.db, decision, |tx, decision| Box::pin(write(tx, decision))).await
}

async fn write(tx: &Tx, decision: &Decision) -> Result<(), DecideError> {
    let Decision { app, waiver, to, by, why, .. } = decision;
    let now = app.clock.now();
    if !store::waiver::decide(tx, (&waiver.id, *to), (by, why), now).await? {
        return Err(DecideError::Decided);
    }
    let before = match to {
        WaiverStatus::Approved => Some(apply(tx, waiver).await?),
        WaiverStatus::Waiting | WaiverStatus::Refused => None,
    };
    record(tx, decision, before.as_ref()).await?;
    if let Some(bill) = before {
        let facts = serde_json::json!({
            "what": bill.title(), "kind": waiver.kind, "fen": waiver.amount.get(),
        });
        let (topic, member) = (Topic::DuesChanged, Some(&waiver.member_id));
        let notice = Notice { topic, member, object: waiver.id.as_str(), facts };
        notice::queue(tx, &app.ids, now, notice).await?;
    }
    Ok(())
}

/// Changes the bill; returns it as it was.
async fn apply(tx: &Tx, waiver: &Waiver) -> Result<Bill, DecideError> {
    match waiver.kind {
        WaiverKind::Reduction => {
            match changed(tx, &waiver.bill_id, |amounts| amounts.reduce(waiver.amount)).await? {
                Changed::Done(before) => Ok(*before),
                Changed::Impossible | Changed::Busy => Err(DecideError::BillChanged),
            }
        }
        WaiverKind::Deferral => {
            let bill = store::bill(tx, &waiver.bill_id).await?.ok_or(AppError::NotFound)?;
            let is_later = bill.status.is_owed() && bill.due_on < waiver.due_on;
            if is_later && store::put_off(tx, &bill, &waiver.due_on).await? {
                Ok(bill)
            } else {
                Err(DecideError::BillChanged)
            }
        }
    }
}

async fn record(tx: &Tx, decision: &Decision, before: Option<&Bill>) -> Result<(), db::Error> {
    let Decision { app, waiver, to, why, .. } = decision;
    let action = match to {
        WaiverStatus::Approved => "dues.waiver-approve",
        WaiverStatus::Waiting | WaiverStatus::Refused => "dues.waiver-refuse",
    };
    let entry = Entry {
        actor: decision.actor.clone(),
        action,
        object_kind: "waiver",
        object_id: waiver.id.to_string(),
        reason: why.clone(),
        detail: serde_json::json!({
            "bill": waiver.bill_id, "kind": waiver.kind, "fen": waiver.amount.get(),
            "day": waiver.due_on, "due_before": before.map(|bill| bill.due.get()),
            "day_before": before.map(|bill| bill.due_on.clone()),
        }),
        ip: decision.ip.clone(),
    };
    audit::record(tx, &app.ids, app.clock.now(), &entry).await
}
