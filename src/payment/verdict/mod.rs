//! What to do with money that WeChat reports: pure, so that every order of events can be tried.

use serde::{Deserialize, Serialize};

use super::model::{AttemptStatus, OrderStatus};
use crate::{
    kernel::Fen,
    wechat::pay::{TradeState, Transaction},
};

/// Why money could not be put on a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Oddity {
    /// No attempt of ours has that number.
    Unknown,
    /// Another total than the attempt's.
    Amount,
    /// Another merchant or appid than the attempt's.
    Payee,
    /// Not CNY.
    Currency,
    /// A notice of success about an order that is not paid.
    State,
    /// Paid and refunded before we heard of either.
    Refunded,
    /// The bills are settled already.
    Duplicate,
    /// Another story about a transaction that is on record: amount, payer, payee or number differ.
    Contradiction,
    /// Booked, but WeChat's bill of that day does not know it.
    Absent,
}

impl Oddity {
    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Amount => "amount",
            Self::Payee => "payee",
            Self::Currency => "currency",
            Self::State => "state",
            Self::Refunded => "refunded",
            Self::Duplicate => "duplicate",
            Self::Contradiction => "contradiction",
            Self::Absent => "absent",
        }
    }

    /// The words on the admin's screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "找不到对应订单",
            Self::Amount => "金额与订单不符",
            Self::Payee => "收款商户或公众号不符",
            Self::Currency => "币种不是人民币",
            Self::State => "通知与订单状态矛盾",
            Self::Refunded => "入账前已退款",
            Self::Duplicate => "超出应缴的款项（账单已缴清或已部分缴纳）",
            Self::Contradiction => "与已入账的交易内容矛盾",
            Self::Absent => "已入账，但微信当日账单中没有",
        }
    }
}

/// What our books say about the attempt that WeChat's words are about.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The attempt.
    pub attempt: AttemptStatus,
    /// Its order.
    pub order: OrderStatus,
    /// What was asked for, fen.
    pub amount: Fen,
    /// The appid it was made with.
    pub app_id: &'a str,
    /// The merchant it was made for.
    pub mch_id: &'a str,
    /// The transaction that has paid it.
    pub transaction: Option<&'a str>,
    /// WeChat names another payer than the one on record.
    pub is_other_payer: bool,
    /// This very transaction is on record for another attempt.
    pub is_taken: bool,
    /// This very transaction was parked before, for that reason.
    pub parked: Option<Oddity>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The order is paid; put the money on its bills.
    Accept {
        /// After we thought that it was closed.
        late: bool,
    },
    /// The order was paid by other money: park this.
    Second,
    /// Park it, or at least keep it for a person.
    Park(Oddity),
    /// Known already: nothing to do.
    Repeat,
    /// It contradicts what is on record: an item for a person, but no money.
    Contradiction,
    /// No money has moved.
    NotPaid,
}

impl Standing<'_> {
    /// Whether a copy tells the same story as the one that was believed. An absent currency is no
    /// other currency.
    fn agrees_with(&self, said: &Transaction) -> bool {
        said.amount_total == self.amount
            && said.mch_id == self.mch_id
            && said.app_id == self.app_id
            && matches!(said.currency.as_str(), "CNY" | "")
            && !self.is_other_payer
    }
}

/// Judges what WeChat says by what we know. Money beats our opinion: a closed order is no reason
/// to refuse it; only what contradicts the order itself is.
pub fn judge(standing: Option<&Standing<'_>>, said: &Transaction) -> Verdict {
    if !said.trade_state.is_paid() {
        return Verdict::NotPaid;
    }
    let Some(ours) = standing else { return Verdict::Park(Oddity::Unknown) };
    if said.transaction_id.as_deref() == ours.transaction {
        return if ours.agrees_with(said) { Verdict::Repeat } else { Verdict::Contradiction };
    }
    if ours.is_taken {
        return Verdict::Contradiction;
    }
    if ours.parked == Some(Oddity::Duplicate) {
        return Verdict::Repeat;
    }
    if said.mch_id != ours.mch_id || said.app_id != ours.app_id {
        return Verdict::Park(Oddity::Payee);
    }
    if said.currency != "CNY" {
        return Verdict::Park(Oddity::Currency);
    }
    // `payer_total` may be lower: WeChat's coupons pay the rest.
    if said.amount_total != ours.amount {
        return Verdict::Park(Oddity::Amount);
    }
    if said.trade_state == TradeState::Refund {
        return Verdict::Park(Oddity::Refunded);
    }
    if ours.transaction.is_some() || ours.order == OrderStatus::Paid {
        return Verdict::Second;
    }
    let late = ours.attempt == AttemptStatus::Closed || ours.order == OrderStatus::Closed;
    Verdict::Accept { late }
}

#[cfg(test)]
mod tests;
