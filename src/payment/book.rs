//! Putting money where it belongs: on the bills, in the ledger, into the record, and the message
//! to the member. All inside the transaction of `settle`.

use serde_json::json;

use super::{model::Share, settle::Input, store::Facts};
use crate::{
    db::Tx,
    dues::{self, ApplyError},
    kernel::Fen,
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
    let mut applied = Vec::with_capacity(shares.len());
    let mut left = Fen::ZERO;
    let ids = &input.app.ids;
    for share in shares {
        let to = (&share.bill_id, share.amount);
        match dues::apply(tx, ids, input.now, &source(input), to).await {
            Ok(()) => applied.push(share.clone()),
            Err(ApplyError::NotOwed) => {
                let part = dues::apply_up_to(tx, ids, input.now, &source(input), to).await?;
                if part.is_positive() {
                    applied.push(Share { amount: part, ..share.clone() });
                }
                let rest = share.amount.checked_sub(part).unwrap_or_default();
                let sum = left.checked_add(rest);
                left = sum.ok_or_else(|| AppError::Fault("an order beyond all sums".into()))?;
            }
            Err(ApplyError::Db(error)) => return Err(error.into()),
        }
    }
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
