//! SQL of the lists: paged by key, newest first.

use serde::Deserialize;

use crate::{
    kernel::{
        Fen, Timestamp,
        ids::{MemberId, OrderId},
    },
    payment::model::{AttemptStatus, TradeType},
};

/// A line of 支付记录.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::payment) struct PaymentRow {
    pub out_trade_no: String,
    pub order_id: OrderId,
    pub order_no: String,
    pub member_id: MemberId,
    pub description: String,
    pub transaction_id: Option<String>,
    pub amount: Fen,
    pub trade_type: TradeType,
    pub status: AttemptStatus,
    pub created_ms: Timestamp,
    pub success_ms: Option<Timestamp>,
    pub refunding: Fen,
    pub refunded: Fen,
}

/// What every list of payments shows.
pub(super) const PAYMENT: &str = "select a.out_trade_no, a.order_id, o.no as order_no, a.member_id, \
    o.description, a.transaction_id, a.amount, a.trade_type, a.status, a.created_ms, a.success_ms, \
    a.refunding, a.refunded \
    from payment_attempt a join payment_order o on o.id = a.order_id";
