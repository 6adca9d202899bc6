//! What WeChat knows to be true, for the oracle "nothing lost" and for anyone who wants to compare.

use serde::Serialize;

use crate::order::{Order, State, TradeType};
use crate::refund::Refund;
use crate::world::Books;

/// One order and everything that happened to it.
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    /// The merchant's number.
    pub out_trade_no: String,
    /// How it is paid.
    pub trade_type: TradeType,
    /// Where it stands.
    pub state: State,
    /// Fen.
    pub total: i64,
    /// What the payer was charged, in fen; 0 before.
    pub payer_total: i64,
    /// WeChat's number of the payment.
    pub transaction_id: Option<String>,
    /// Who paid.
    pub openid: Option<String>,
    /// When, in milliseconds.
    pub paid_ms: Option<i64>,
    /// The product acknowledged a genuine notification of the payment.
    pub acknowledged: bool,
    /// What went back.
    pub refunds: Vec<Refund>,
}

/// Every order, by number.
pub fn all(books: &Books) -> Vec<Truth> {
    books.orders.values().map(|order| one(books, order)).collect()
}

/// One order.
pub fn one(books: &Books, order: &Order) -> Truth {
    let payment = order.payment.as_ref();
    let refunds = books.refunds.values().filter(|refund| refund.out_trade_no == order.out_trade_no);
    Truth {
        out_trade_no: order.out_trade_no.clone(),
        trade_type: order.trade_type,
        state: order.state,
        total: order.total,
        payer_total: payment.map_or(0, |payment| payment.payer_total),
        transaction_id: payment.map(|payment| payment.transaction_id.clone()),
        openid: payment.map(|payment| payment.openid.clone()),
        paid_ms: payment.map(|payment| payment.at_ms),
        acknowledged: order.acknowledged,
        refunds: refunds.cloned().collect(),
    }
}
