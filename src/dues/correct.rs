//! Corrections of one bill by staff: voiding what no money lies on, and reopening what was
//! refunded. Both ask why and are audited.

use super::{Bill, store, take_back::reopen};
use crate::{
    db::{self, Tx},
    notice::{self, Notice, Topic},
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// What is done to the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// 作废.
    Void,
    /// 重新开放: what was refunded is owed again.
    Reopen,
}

impl Correction {
    const fn action(self) -> &'static str {
        match self {
            Self::Void => "dues.void",
            Self::Reopen => "dues.reopen",
        }
    }
}

/// Why nothing was corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// Money lies on it, or it is no open bill any more.
    #[error("该账单上有款项或状态已变化，不能作废；有款项的请先办理退款或冲正")]
    NotVoidable,
    /// Nothing was refunded on it.
    #[error("该账单没有已退款的金额，无需重新开放")]
    NotRefunded,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for CorrectError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

type Input = (App, Bill, Correction, Actor, (String, String));

/// Corrects a bill.
pub async fn correct(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (bill, correction): (Bill, Correction),
    reason: String,
) -> Result<(), CorrectError> {
    let input: Input = (app.clone(), bill, correction, staff.actor(), (reason, ip));
    db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await
}

async fn write(tx: &Tx, input: &Input) -> Result<(), CorrectError> {
    let (app, bill, correction, actor, (reason, ip)) = input;
    match correction {
        Correction::Void if !store::void(tx, &bill.id).await? => {
            return Err(CorrectError::NotVoidable);
        }
        Correction::Reopen if !reopen(tx, &bill.id).await? => {
            return Err(CorrectError::NotRefunded);
        }
        Correction::Void | Correction::Reopen => {}
    }
    let now = app.clock.now();
    let entry = Entry {
        actor: actor.clone(),
        action: correction.action(),
        object_kind: "dues-bill",
        object_id: bill.id.to_string(),
        reason: reason.clone(),
        detail: serde_json::json!({
            "no": bill.no, "year": bill.year, "before": bill.status,
            "due": bill.due.get(), "refunded": bill.refunded.get(),
        }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    // A bill can be reopened several times; each time the member is told.
    let object = format!("{}.{}", bill.id, now.millis());
    let facts = serde_json::json!({ "what": bill.title(), "fen": bill.due.get() });
    let member = Some(&bill.member_id);
    let notice = Notice { topic: Topic::DuesChanged, member, object: &object, facts };
    Ok(notice::queue(tx, &app.ids, now, notice).await?)
}
