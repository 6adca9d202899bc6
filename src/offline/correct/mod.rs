//! 更正 of what was confirmed: 冲正, and what becomes of a surplus. One person asks and says why,
//! another one approves; the approval executes it, in one transaction with its posting, the audit
//! row and the message to the member. Nothing that was confirmed is edited.

mod execute;

use super::{
    decide::name_of,
    model::{Correction, CorrectionKind, CorrectionStatus, Deed, OfflinePayment, SurplusState},
    store::{self, Happened, NewCorrection},
};
use crate::{
    db,
    dues::{self, Bill},
    kernel::{Timestamp, ids::BillId},
    ledger,
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

pub use execute::answer;

/// Why nothing was corrected. The texts are for staff.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// It is not confirmed (any more).
    #[error("这笔缴费现在不是“已确认”状态，不能更正")]
    NotConfirmed,
    /// There is no surplus that waits.
    #[error("这笔缴费没有待处理的多缴款")]
    NoSurplus,
    /// Another correction waits.
    #[error("这笔缴费已有一项更正在等待复核，请先复核")]
    Waits,
    /// The other bill does not owe that much.
    #[error("请选择该会员另一张未缴金额不少于多缴款的账单")]
    NoBill,
    /// Four eyes.
    #[error("更正须由另一位工作人员复核，申请人不能复核自己的申请")]
    SamePerson,
    /// Somebody was faster.
    #[error("{0}")]
    Answered(String),
    /// A refund or another change came between.
    #[error("账单上这笔款项的状态刚刚发生变化（可能已退款），没有执行；请核对后重试")]
    Moved,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for CorrectError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<ledger::PostError> for CorrectError {
    fn from(error: ledger::PostError) -> Self {
        Self::Fault(super::book::fault(error))
    }
}

impl From<dues::TakeBackError> for CorrectError {
    fn from(error: dues::TakeBackError) -> Self {
        match error {
            dues::TakeBackError::NotThere | dues::TakeBackError::Busy => Self::Moved,
            dues::TakeBackError::Db(error) => error.into(),
        }
    }
}

impl From<dues::ApplyError> for CorrectError {
    fn from(error: dues::ApplyError) -> Self {
        match error {
            dues::ApplyError::NotOwed => Self::NoBill,
            dues::ApplyError::Db(error) => error.into(),
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What.
    pub kind: CorrectionKind,
    /// The other bill, for [`CorrectionKind::Assign`].
    pub bill: Option<BillId>,
    /// Why.
    pub reason: String,
    /// Where it came from.
    pub ip: String,
}

struct Input {
    app: App,
    actor: Actor,
    by: String,
    payment: OfflinePayment,
    wish: Wish,
    now: Timestamp,
}

/// Asks for a correction; nothing is changed before a second person approves.
pub async fn ask(
    app: &App,
    staff: &SignedInStaff,
    payment: OfflinePayment,
    wish: Wish,
) -> Result<(), CorrectError> {
    let confirmation = store::confirmation(&app.db, &payment.id).await?;
    let confirmation = confirmation.ok_or(CorrectError::NotConfirmed)?;
    if payment.status.after(Deed::Reverse).is_none() {
        return Err(CorrectError::NotConfirmed);
    }
    let is_open = confirmation.surplus_state == SurplusState::Open;
    if wish.kind != CorrectionKind::Reverse && !is_open {
        return Err(CorrectError::NoSurplus);
    }
    if wish.kind == CorrectionKind::Assign {
        let others = other_bills(app, &payment).await?;
        let chosen = others.iter().find(|bill| Some(&bill.id) == wish.bill.as_ref());
        chosen
            .filter(|bill| bill.remaining() >= confirmation.surplus)
            .ok_or(CorrectError::NoBill)?;
    }
    let input = Input {
        app: app.clone(),
        actor: staff.actor(),
        by: staff.0.id.to_string(),
        payment,
        wish,
        now: app.clock.now(),
    };
    let asked: Result<(), CorrectError> =
        db::transaction(&app.db, input, |tx, input| Box::pin(note(tx, input))).await;
    asked
}

/// The other bills of the payer on which money is owed.
pub(super) async fn other_bills(
    app: &App,
    payment: &OfflinePayment,
) -> Result<Vec<Bill>, AppError> {
    let mut bills = dues::open_bills_of(&app.db, &payment.member_id).await?;
    bills.retain(|bill| bill.id != payment.bill_id);
    Ok(bills)
}

async fn note(tx: &db::Tx, input: &Input) -> Result<(), CorrectError> {
    let Input { app, payment, wish, by, now, .. } = input;
    let id = app.ids.next(*now);
    let bill = wish.bill.as_ref().filter(|_| wish.kind == CorrectionKind::Assign);
    let new = NewCorrection {
        id: &id,
        offline: &payment.id,
        kind: wish.kind,
        bill,
        reason: &wish.reason,
        by,
    };
    match store::insert_correction(tx, &new, *now).await {
        Err(error) if error.is_duplicate_of("uk_offline_correction_offline_id_live_key") => {
            return Err(CorrectError::Waits);
        }
        other => other?,
    }
    let kind = format!("{}-asked", wish.kind.code());
    let what = Happened { kind: &kind, by, amount: payment.amount, reason: &wish.reason };
    store::insert_event(tx, (&app.ids.next(*now), *now), &payment.id, what).await?;
    let entry = Entry {
        actor: input.actor.clone(),
        action: "offline.correction.ask",
        object_kind: "offline-payment",
        object_id: payment.id.to_string(),
        reason: wish.reason.clone(),
        detail: serde_json::json!({ "correction": id, "kind": wish.kind, "bill": bill }),
        ip: wish.ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, *now, &entry).await?)
}

/// What to tell who came second.
async fn lost(app: &App, payment: &OfflinePayment, id: &str) -> Result<CorrectError, AppError> {
    let all = store::corrections(&app.db, &payment.id).await?;
    let Some(now) = all.into_iter().find(|it| it.id == id) else { return Err(AppError::NotFound) };
    if now.status == CorrectionStatus::Asked {
        return Ok(CorrectError::Moved);
    }
    let Correction { answered_by, answered_at, status, .. } = now;
    let name = name_of(app, &answered_by).await?;
    let at = answered_at.map(Timestamp::to_minute).unwrap_or_default();
    let label = status.label();
    Ok(CorrectError::Answered(format!(
        "这项更正已由{name}于 {at} 处理（{label}），本次操作没有生效"
    )))
}
