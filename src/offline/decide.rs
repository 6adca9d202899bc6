//! Finance confirms or rejects a report.
//!
//! Confirming is one transaction: the report changes state, its money is applied to the bill and
//! booked, the deed is audited and the member told, or none of it. Two at once: the first commit
//! wins, the second is told by whom. Money that arrives online for the same bill afterwards finds
//! it settled and is parked for refund by `payment`.

use super::{
    model::{OfflinePayment, OfflineStatus},
    store::{self, Seen},
};
use crate::{
    db, dues,
    kernel::Timestamp,
    ledger::{self, Account, Posting, Source},
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
    /// The bill owes less than that.
    #[error(
        "该账单的未缴金额已不足这笔实缴金额（可能已在线缴清或已确认其他缴费），没有入账；请核对后驳回并联系会员"
    )]
    NotOwed,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for DecideError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<dues::ApplyError> for DecideError {
    fn from(error: dues::ApplyError) -> Self {
        match error {
            dues::ApplyError::NotOwed => Self::NotOwed,
            dues::ApplyError::Db(error) => error.into(),
        }
    }
}

impl From<ledger::PostError> for DecideError {
    fn from(error: ledger::PostError) -> Self {
        match error {
            ledger::PostError::Db(error) => error.into(),
            unbalanced @ ledger::PostError::Unbalanced(_) => {
                Self::Fault(AppError::Fault(unbalanced.to_string()))
            }
        }
    }
}

/// A decision by staff who may decide on money.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Confirmed or rejected.
    pub to: OfflineStatus,
    /// The version that was shown.
    pub version: i64,
    /// Why; the member reads it when it is a rejection.
    pub reason: String,
    /// Where it came from.
    pub ip: String,
}

struct Input {
    app: App,
    actor: Actor,
    by: String,
    payment: OfflinePayment,
    bill_no: String,
    year: i64,
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
    let id = payment.id.clone();
    let input = Input {
        app: app.clone(),
        actor: staff.actor(),
        by: staff.0.id.to_string(),
        payment,
        bill_no: bill.no,
        year: bill.year,
        decision,
        now: app.clock.now(),
    };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await?;
    if won {
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
    let name = decider(app, now).await?;
    let at = now.decided_at.map(Timestamp::to_minute).unwrap_or_default();
    let label = match now.status {
        OfflineStatus::Confirmed => "确认",
        _ => "驳回",
    };
    Ok(DecideError::Decided(format!("这笔缴费已由{name}于 {at} {label}，本次操作没有生效")))
}

/// The name of who decided.
pub(super) async fn decider(app: &App, payment: &OfflinePayment) -> Result<String, AppError> {
    let row = staff::store::by_id(&app.db, &payment.decided_by).await?;
    Ok(row.map_or_else(String::new, |row| row.name))
}

async fn work(tx: &db::Tx, input: &Input) -> Result<bool, DecideError> {
    let Input { app, payment, decision, now, .. } = input;
    let seen = Seen { id: payment.id.clone(), version: decision.version };
    let words = (input.by.as_str(), decision.reason.as_str());
    if !store::decide(tx, &seen, decision.to, words, *now).await? {
        return Ok(false);
    }
    if decision.to == OfflineStatus::Confirmed {
        book(tx, app, payment, *now).await?;
    }
    let entry = Entry {
        actor: input.actor.clone(),
        action: action(decision.to),
        object_kind: "offline-payment",
        object_id: payment.id.to_string(),
        reason: decision.reason.clone(),
        detail: serde_json::json!({
            "before": payment.status, "after": decision.to, "bill": input.bill_no,
            "fen": payment.amount.get(), "method": payment.method,
        }),
        ip: decision.ip.clone(),
    };
    audit::record(tx, &app.ids, *now, &entry).await?;
    tell(tx, input).await?;
    Ok(true)
}

const fn action(to: OfflineStatus) -> &'static str {
    match to {
        OfflineStatus::Confirmed => "offline.confirm",
        _ => "offline.reject",
    }
}

/// Applies the money to the bill and books it: bank or cash against dues income.
async fn book(
    tx: &db::Tx,
    app: &App,
    payment: &OfflinePayment,
    now: Timestamp,
) -> Result<(), DecideError> {
    let source = Source { kind: "offline", id: payment.id.to_string() };
    dues::apply(tx, &app.ids, now, &source, (&payment.bill_id, payment.amount)).await?;
    let received = if payment.method == "cash" { Account::Cash } else { Account::Bank };
    let lines = vec![(received, payment.amount), (Account::DuesIncome, payment.amount.negated())];
    let posting = Posting { source, kind: "received", lines };
    Ok(ledger::post(tx, &app.ids, now, &posting).await?)
}

async fn tell(tx: &db::Tx, input: &Input) -> Result<(), db::Error> {
    let Input { app, payment, decision, now, .. } = input;
    let topic = match decision.to {
        OfflineStatus::Confirmed => Topic::OfflineConfirmed,
        _ => Topic::OfflineRejected,
    };
    // A report can be rejected several times; each time the member is told.
    let object = format!("{}.{}", payment.id, decision.version);
    let facts = serde_json::json!({
        "no": payment.no, "year": input.year, "fen": payment.amount.get(),
    });
    let notice = Notice { topic, member: Some(&payment.member_id), object: &object, facts };
    notice::queue(tx, &app.ids, *now, notice).await
}
