//! Money that cannot be put on a bill: kept for a person, and in suspense while it is ours.

use serde_json::json;

use super::{
    book::{post, post_lines, source},
    settle::{Input, Outcome},
    store::{self, Facts, NewUnexplained},
    verdict::Oddity,
};
use crate::{
    db::{self, Tx},
    kernel::Fen,
    ledger::{Account, Posting},
    staff::audit::{self, Actor, Entry},
    web::AppError,
    wechat::pay::TradeState,
};

/// The kind of the first posting of a payment.
const RECEIVED: &str = "received";
/// The kind of the posting that follows a corrected one.
const SETTLED: &str = "settled";

/// Keeps what does not fit any order of ours, and books it if the money is with us.
pub(super) async fn park(tx: &Tx, input: &Input, oddity: Oddity) -> Result<Outcome, AppError> {
    let said = &input.said;
    let is_ours = said.trade_state.is_paid()
        && said.mch_id == input.app.pay.mch_id()
        && said.currency == "CNY";
    if !keep(tx, input, oddity, said.amount_total, is_ours).await? {
        return Ok(Outcome::Repeat);
    }
    if is_ours {
        post(tx, input, RECEIVED, &[], said.amount_total).await?;
    }
    record(tx, input, oddity).await?;
    Ok(Outcome::Parked(oddity))
}

/// `false` when this transaction is kept already.
pub(super) async fn keep(
    tx: &Tx,
    input: &Input,
    oddity: Oddity,
    amount: Fen,
    booked: bool,
) -> Result<bool, db::Error> {
    let said = &input.said;
    let detail = format!(
        "{}；微信状态：{}，金额 {} {}，商户 {}，公众号 {}",
        oddity.label(),
        word_of(&said.trade_state),
        said.amount_total.plain(),
        said.currency,
        said.mch_id,
        said.app_id
    );
    let new = NewUnexplained {
        oddity,
        out_trade_no: &said.out_trade_no,
        transaction: &input.transaction,
        amount,
        currency: &said.currency,
        booked,
        detail: &detail,
    };
    store::insert_unexplained(tx, &input.app.ids.next(input.now), &new, input.now).await
}

/// When this transaction was parked under another reading (a wrong total, say) and is understood
/// now, the old posting is reversed. Returns the kind of the posting that may follow.
pub(super) async fn redeem(
    tx: &Tx,
    input: &Input,
    facts: &Facts,
) -> Result<&'static str, AppError> {
    let Some((_, amount, booked)) = facts.parked else { return Ok(RECEIVED) };
    store::explain(tx, &input.transaction).await?;
    if !booked {
        return Ok(RECEIVED);
    }
    let lines = vec![(Account::WechatClearing, amount.negated()), (Account::Suspense, amount)];
    let posting = Posting { source: source(input), kind: "reversed", lines };
    post_lines(tx, input, &posting).await?;
    Ok(SETTLED)
}

/// The record of what was parked.
pub(super) async fn record(tx: &Tx, input: &Input, oddity: Oddity) -> Result<(), db::Error> {
    let entry = Entry {
        actor: Actor::System,
        action: "payment.park",
        object_kind: "payment",
        object_id: input.transaction.clone(),
        reason: oddity.label().to_owned(),
        detail: json!({
            "out_trade_no": input.said.out_trade_no,
            "amount": input.said.amount_total,
            "currency": input.said.currency,
        }),
        ip: String::new(),
    };
    audit::record(tx, &input.app.ids, input.now, &entry).await
}

/// WeChat Pay's own Chinese word for a state (trade_state of its query API).
fn word_of(state: &TradeState) -> &str {
    match state {
        TradeState::Success => "支付成功",
        TradeState::Refund => "转入退款",
        TradeState::NotPay => "未支付",
        TradeState::Closed => "已关闭",
        TradeState::Revoked => "已撤销",
        TradeState::UserPaying => "用户支付中",
        TradeState::PayError => "支付失败",
        TradeState::Other(word) => word,
    }
}
