//! Finance confirms or rejects a report.
//!
//! Before a confirmation, an open attempt to pay the same bill online is asked about and closed at
//! WeChat; if it turns out to be paid, that is booked first and finance decides anew. Confirming
//! is one transaction then: the report changes state and is nailed down, its money is applied to
//! the bill and booked, the deed is audited and the member told, or none of it. Two at once: the
//! first commit wins, the second is told by whom.

use super::{
    book,
    model::{Deed, OfflinePayment, OfflineStatus},
    online,
    store::{self, Happened, Seen},
};
use crate::{
    db, dues,
    kernel::{Fen, Timestamp},
    ledger,
    notice::{self, Notice, Topic},
    staff::{
        self, SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// Why nothing was decided. The texts are for staff.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// Somebody decided before.
    #[error("{0}")]
    Decided(String),
    /// The member changed it after this page was shown.
    #[error("会员刚刚修改了这笔缴费，请核对最新内容后再处理")]
    Changed,
    /// The money came online meanwhile.
    #[error("该账单刚刚查明已在线支付成功并已入账，本次确认没有执行；请按最新账单重新核对")]
    PaidOnline,
    /// Money came online that does not fit its order.
    #[error(
        "该账单的线上订单收到一笔与订单不符的款项，已列入待处理款项；请先核对该笔款项，再重新确认这笔线下缴费"
    )]
    ParkedOnline,
    /// WeChat gave no clear answer about an open order.
    #[error(
        "该账单有未完成的线上订单，微信支付暂时没有明确答复，为避免重复入账没有确认；请稍后再试"
    )]
    OnlineUnclear,
    /// The bill owes less, and nobody has said that the rest goes into suspense.
    #[error(
        "实缴金额比该账单未缴金额多 {0} 元，没有入账：请先与会员核实，确属多缴的，勾选“多出部分转入待处理款项”后再确认"
    )]
    Surplus(String),
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for DecideError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<ledger::PostError> for DecideError {
    fn from(error: ledger::PostError) -> Self {
        Self::Fault(book::fault(error))
    }
}

/// A decision by staff who may decide on money.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Confirm or reject.
    pub deed: Deed,
    /// The version that was shown.
    pub version: i64,
    /// Why; the member reads it when it is a rejection. May be empty for a confirmation.
    pub reason: String,
    /// What finance agreed to keep in suspense, fen.
    pub surplus: Fen,
    /// Where it came from.
    pub ip: String,
}

struct Input {
    app: App,
    actor: Actor,
    by: String,
    payment: OfflinePayment,
    bill_no: String,
    what: String,
    decision: Decision,
    now: Timestamp,
}

/// Confirms or rejects `payment`.
pub async fn decide(
    app: &App,
    staff: &SignedInStaff,
    payment: OfflinePayment,
    decision: Decision,
) -> Result<(), DecideError> {
    let bill = dues::bill(&app.db, &payment.bill_id)
        .await?
        .ok_or_else(|| AppError::Fault(format!("offline payment {} has no bill", payment.id)))?;
    if decision.deed == Deed::Confirm && payment.status == OfflineStatus::Submitted {
        online::end_orders(app, &payment.bill_id).await?;
    }
    let (id, bill_id, deed) = (payment.id.clone(), payment.bill_id.clone(), decision.deed);
    let input = Input {
        app: app.clone(),
        actor: staff.actor(),
        by: staff.0.id.to_string(),
        payment,
        what: bill.title(),
        bill_no: bill.no,
        decision,
        now: app.clock.now(),
    };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await?;
    if won {
        if deed == Deed::Confirm {
            online::end_latecomers(app, &bill_id).await;
        }
        return Ok(());
    }
    let now = store::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)?;
    Err(lost(app, &now).await?)
}

/// What to tell who came second.
async fn lost(app: &App, now: &OfflinePayment) -> Result<DecideError, AppError> {
    if now.status == OfflineStatus::Submitted {
        return Ok(DecideError::Changed);
    }
    if now.status == OfflineStatus::Deleted {
        return Ok(DecideError::Decided("会员已删除这笔缴费，无需处理".into()));
    }
    let name = name_of(app, &now.decided_by).await?;
    let at = now.decided_at.map(Timestamp::to_minute).unwrap_or_default();
    let label = match now.status {
        OfflineStatus::Rejected => "驳回",
        _ => "确认",
    };
    Ok(DecideError::Decided(format!("这笔缴费已由{name}于 {at} {label}，本次操作没有生效")))
}

/// The name of somebody of the staff.
pub(super) async fn name_of(app: &App, staff_id: &str) -> Result<String, AppError> {
    let row = staff::store::by_id(&app.db, staff_id).await?;
    Ok(row.map_or_else(String::new, |row| row.name))
}

async fn work(tx: &db::Tx, input: &Input) -> Result<bool, DecideError> {
    let Input { app, payment, decision, now, .. } = input;
    let seen = Seen { id: payment.id.clone(), version: decision.version };
    let words = (input.by.as_str(), decision.reason.as_str());
    if !store::decide(tx, &seen, decision.deed, words, *now).await? {
        return Ok(false);
    }
    let mut sums = (Fen::ZERO, Fen::ZERO);
    if decision.deed == Deed::Confirm {
        sums = confirm(tx, input, &seen).await?;
    }
    let kind = if decision.deed == Deed::Confirm { "confirmed" } else { "rejected" };
    let what = Happened { kind, by: &input.by, amount: payment.amount, reason: &decision.reason };
    store::insert_event(tx, (&app.ids.next(*now), *now), &payment.id, what).await?;
    let entry = Entry {
        actor: input.actor.clone(),
        action: if decision.deed == Deed::Confirm { "offline.confirm" } else { "offline.reject" },
        object_kind: "offline-payment",
        object_id: payment.id.to_string(),
        reason: decision.reason.clone(),
        detail: serde_json::json!({
            "before": payment.status, "after": decision.deed.leads_to(), "bill": input.bill_no,
            "fen": payment.amount.get(), "method": payment.method, "applied": sums.0,
            "surplus": sums.1,
        }),
        ip: decision.ip.clone(),
    };
    audit::record(tx, &app.ids, *now, &entry).await?;
    tell(tx, input, sums.1).await?;
    Ok(true)
}

/// Books the money; what the bill does not owe is kept in suspense only if finance agreed to
/// exactly that sum.
async fn confirm(tx: &db::Tx, input: &Input, seen: &Seen) -> Result<(Fen, Fen), DecideError> {
    let Input { app, payment, decision, now, .. } = input;
    let applied = book::apply(tx, app, payment, *now).await?;
    let surplus = payment.amount.checked_sub(applied).unwrap_or_default();
    if surplus != decision.surplus {
        return Err(DecideError::Surplus(surplus.grouped()));
    }
    let confirmed = Seen { id: seen.id.clone(), version: seen.version + 1 };
    let by = (input.by.as_str(), *now);
    store::insert_confirmation(tx, payment, &confirmed, (applied, surplus), by).await?;
    ledger::post(tx, &app.ids, *now, &book::received(payment, applied, surplus)).await?;
    Ok((applied, surplus))
}

async fn tell(tx: &db::Tx, input: &Input, surplus: Fen) -> Result<(), db::Error> {
    let Input { app, payment, decision, now, .. } = input;
    let topic = match decision.deed {
        Deed::Confirm => Topic::OfflineConfirmed,
        _ => Topic::OfflineRejected,
    };
    // A report can be rejected several times; each time the member is told.
    let object = format!("{}.{}", payment.id, decision.version);
    let facts = serde_json::json!({
        "no": payment.no, "what": input.what, "year": payment.year, "fen": payment.amount.get(),
        "surplus": surplus.get(),
    });
    let notice = Notice { topic, member: Some(&payment.member_id), object: &object, facts };
    notice::queue(tx, &app.ids, *now, notice).await
}
