//! Deciding what parked money was: one transaction with its postings, audit row and notice.

use serde_json::json;

use super::ParkedStatus;
use crate::{
    db::{self, Tx},
    dues::{self, Bill},
    kernel::{Fen, Timestamp},
    ledger::{self, Account, PostError, Posting, Source},
    notice::{self, Notice, Topic},
    payment::store::parked::{Parked, move_parked},
    staff::{
        SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError},
};

/// Why nothing was decided. The texts are for staff.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    /// Somebody decided before.
    #[error("这笔款项刚刚已由其他人处理，本次操作没有生效")]
    Resolved,
    /// The bills do not owe the whole sum.
    #[error("所选账单的未缴金额不足这笔款项，没有入账；请增加账单，或改为退款")]
    NotOwed,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for ResolveError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

struct Input {
    app: App,
    staff: SignedInStaff,
    item: Parked,
    bills: Vec<Bill>,
    reason: String,
    ip: String,
    now: Timestamp,
}

/// Puts booked money on bills, in their order, each as much as it owes. All of it, or nothing.
pub(super) async fn assign(
    app: &App,
    staff: &SignedInStaff,
    (item, bills): (Parked, Vec<Bill>),
    (reason, ip): (String, String),
) -> Result<(), ResolveError> {
    let (app, staff) = (app.clone(), staff.clone());
    let now = app.clock.now();
    let db = app.db.clone();
    let input = Input { app, staff, item, bills, reason, ip, now };
    db::transaction(&db, input, |tx, input| Box::pin(work(tx, input))).await
}

async fn work(tx: &Tx, input: &Input) -> Result<(), ResolveError> {
    let Input { app, staff, item, now, .. } = input;
    let step = (ParkedStatus::Open, ParkedStatus::Assigned);
    let words = (Some(&staff.0.id), input.reason.as_str());
    if !item.booked.0 || !move_parked(tx, &item.id, step, words, *now).await? {
        return Err(ResolveError::Resolved);
    }
    let applied = apply(tx, input).await?;
    let mut lines = vec![(Account::Suspense, item.amount)];
    lines.extend(applied.iter().map(|(_, part)| (Account::DuesIncome, part.negated())));
    let posting = Posting { source: source(item), kind: "assigned", lines };
    ledger::post(tx, &app.ids, *now, &posting).await.map_err(|error| match error {
        PostError::Db(error) => ResolveError::from(error),
        unbalanced @ PostError::Unbalanced(_) => {
            ResolveError::Fault(AppError::Fault(unbalanced.to_string()))
        }
    })?;
    let shares: Vec<_> =
        applied.iter().map(|(bill, part)| json!({ "bill": bill.no, "fen": part })).collect();
    record(tx, input, "payment.assign", json!({ "before": "open", "bills": shares })).await?;
    tell(tx, input, &applied).await
}

/// The money in the allocations and in the ledger: the item, not the payment, because a part of
/// the payment may lie on the same bill already.
fn source(item: &Parked) -> Source {
    Source { kind: "parked", id: item.id.to_string() }
}

async fn apply<'a>(tx: &Tx, input: &'a Input) -> Result<Vec<(&'a Bill, Fen)>, ResolveError> {
    let Input { app, item, bills, now, .. } = input;
    let (mut left, mut applied) = (item.amount, Vec::new());
    for bill in bills {
        let part = dues::apply_up_to(tx, &app.ids, *now, &source(item), (&bill.id, left)).await?;
        if part.is_positive() {
            left = left.checked_sub(part).unwrap_or_default();
            applied.push((bill, part));
        }
    }
    if left.is_positive() { Err(ResolveError::NotOwed) } else { Ok(applied) }
}

async fn tell(tx: &Tx, input: &Input, applied: &[(&Bill, Fen)]) -> Result<(), ResolveError> {
    let Input { app, item, now, .. } = input;
    let Some((first, _)) = applied.first() else { return Ok(()) };
    let notice = Notice {
        topic: Topic::PaymentReceived,
        member: Some(&first.member_id),
        object: item.id.as_str(),
        facts: json!({ "order_no": item.out_trade_no, "amount": item.amount }),
    };
    Ok(notice::queue(tx, &app.ids, *now, notice).await?)
}

/// Writes down what a message without money was.
pub(super) async fn note(
    app: &App,
    staff: &SignedInStaff,
    item: Parked,
    (reason, ip): (String, String),
) -> Result<(), ResolveError> {
    let (app, staff) = (app.clone(), staff.clone());
    let now = app.clock.now();
    let db = app.db.clone();
    let input = Input { app, staff, item, bills: Vec::new(), reason, ip, now };
    db::transaction(&db, input, |tx, input| Box::pin(write_down(tx, input))).await
}

async fn write_down(tx: &Tx, input: &Input) -> Result<(), ResolveError> {
    let Input { staff, item, reason, now, .. } = input;
    let step = (ParkedStatus::Open, ParkedStatus::Noted);
    let words = (Some(&staff.0.id), reason.as_str());
    if item.booked.0 || !move_parked(tx, &item.id, step, words, *now).await? {
        return Err(ResolveError::Resolved);
    }
    record(tx, input, "payment.explain", json!({ "before": "open", "after": "noted" })).await
}

async fn record(
    tx: &Tx,
    input: &Input,
    action: &'static str,
    detail: serde_json::Value,
) -> Result<(), ResolveError> {
    let entry = Entry {
        actor: input.staff.actor(),
        action,
        object_kind: "unexplained-payment",
        object_id: input.item.id.to_string(),
        reason: input.reason.clone(),
        detail: json!({
            "transaction_id": input.item.transaction_id, "fen": input.item.amount,
            "what": detail,
        }),
        ip: input.ip.clone(),
    };
    Ok(audit::record(tx, &input.app.ids, input.now, &entry).await?)
}
