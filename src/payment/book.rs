//! Putting money where it belongs: on the bills, in the ledger, into the record, and the message
//! to the member. All inside the transaction of `settle`.

use serde_json::json;

use super::{model::Share, settle::Input, store::Facts};
use crate::{
    db::Tx,
    dues,
    kernel::{Fen, ids::BillId},
    ledger::{self, Account, PostError, Posting, Source},
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::AppError,
};

/// Puts the money on every bill, as much as it still owes of its share (a transfer may have paid a
/// part meanwhile); returns what went where, and the rest.
pub(super) async fn apply(
    tx: &Tx,
    input: &Input,
    shares: &[Share],
) -> Result<(Vec<Share>, Fen), AppError> {
    let wanted: Vec<(BillId, Fen)> =
        shares.iter().map(|share| (share.bill_id.clone(), share.amount)).collect();
    let ids = &input.app.ids;
    let got = dues::apply_each(tx, ids, input.now, &source(input), &wanted).await?;
    let applied: Vec<Share> =
        got.into_iter().map(|(bill_id, amount)| Share { bill_id, amount }).collect();
    let all = Fen::checked_sum(shares.iter().map(|share| share.amount));
    let gone = Fen::checked_sum(applied.iter().map(|share| share.amount));
    let left = all.zip(gone).and_then(|(all, gone)| all.checked_sub(gone));
    let left = left.ok_or_else(|| AppError::Fault("an order beyond all sums".into()))?;
    Ok((applied, left))
}

/// The payment in the ledger and in the allocations: WeChat's transaction.
pub(super) fn source(input: &Input) -> Source {
    Source { kind: "payment", id: input.transaction.clone() }
}

/// Books received money: with WeChat on one side, income and suspense on the other.
pub(super) async fn post(
    tx: &Tx,
    input: &Input,
    kind: &'static str,
    applied: &[Share],
    left: Fen,
) -> Result<(), AppError> {
    let mut lines = vec![(Account::WechatClearing, input.said.amount_total)];
    lines.extend(applied.iter().map(|share| (Account::DuesIncome, share.amount.negated())));
    if left.is_positive() {
        lines.push((Account::Suspense, left.negated()));
    }
    let posting = Posting { source: source(input), kind, lines };
    post_lines(tx, input, &posting).await
}

/// Books a posting.
pub(super) async fn post_lines(tx: &Tx, input: &Input, posting: &Posting) -> Result<(), AppError> {
    match ledger::post(tx, &input.app.ids, input.now, posting).await {
        Ok(()) => Ok(()),
        Err(PostError::Db(error)) => Err(error.into()),
        Err(error @ PostError::Unbalanced(_)) => Err(AppError::Fault(error.to_string())),
    }
}

/// The record, and the message to the member.
pub(super) async fn tell(
    tx: &Tx,
    input: &Input,
    facts: &Facts,
    applied: &[Share],
) -> Result<(), AppError> {
    let sum = Fen::checked_sum(applied.iter().map(|share| share.amount)).unwrap_or_default();
    let entry = Entry {
        actor: Actor::System,
        action: "payment.settle",
        object_kind: "payment_order",
        object_id: facts.order_id.to_string(),
        reason: String::new(),
        detail: json!({
            "out_trade_no": input.said.out_trade_no,
            "transaction_id": input.transaction,
            "from": facts.order_status,
            "to": "paid",
            "amount": input.said.amount_total,
            "applied": sum,
        }),
        ip: String::new(),
    };
    audit::record(tx, &input.app.ids, input.now, &entry).await?;
    let notice = Notice {
        topic: Topic::PaymentReceived,
        member: Some(&facts.member_id),
        object: facts.order_id.as_str(),
        facts: json!({ "order_no": facts.order_no, "amount": sum }),
    };
    Ok(notice::queue(tx, &input.app.ids, input.now, notice).await?)
}
