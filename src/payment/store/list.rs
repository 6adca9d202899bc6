//! SQL of the lists: paged by key, newest first.

use serde::Deserialize;

use crate::{
    db::{self, Run, Value, args, bind},
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

/// What an administrator looks for.
#[derive(Clone, Debug, Default)]
pub(in crate::payment) struct ListFilter {
    /// One of our numbers at WeChat, or one of WeChat's; whole.
    pub number: String,
    /// Only attempts in this state.
    pub status: Option<AttemptStatus>,
    /// Only rows older than this key.
    pub before: String,
}

const PAYMENT: &str = "select a.out_trade_no, a.order_id, o.no as order_no, o.member_id, \
    o.description, a.transaction_id, a.amount, a.trade_type, a.status, a.created_ms, a.success_ms, \
    a.refunding, a.refunded \
    from payment_attempt a join payment_order o on o.id = a.order_id";

/// A member's own attempts.
pub(in crate::payment) async fn payments_of(
    db: &impl Run,
    member: &MemberId,
    before: &str,
    most: i64,
) -> Result<Vec<PaymentRow>, db::Error> {
    let mut values = args![member];
    let bound = older_than("a.out_trade_no", before, &mut values);
    values.push(bind(&most));
    let sql =
        format!("{PAYMENT} where o.member_id = ?{bound} order by a.out_trade_no desc limit ?");
    db.fetch(&sql, values).await
}

/// All attempts that fit a filter.
pub(in crate::payment) async fn payments(
    db: &impl Run,
    filter: &ListFilter,
    most: i64,
) -> Result<Vec<PaymentRow>, db::Error> {
    let mut values = Vec::new();
    let mut sql = format!("{PAYMENT} where 1 = 1");
    if !filter.number.is_empty() {
        // Two equalities on two unique keys; `or` would make MySQL read an index for each row.
        sql.push_str(
            " and a.out_trade_no in (select out_trade_no from payment_attempt \
             where out_trade_no = ? union all select out_trade_no from payment_attempt \
             where transaction_id = ?)",
        );
        values.extend(args![filter.number, filter.number]);
    }
    if let Some(status) = filter.status {
        sql.push_str(" and a.status = ?");
        values.push(bind(&status));
    }
    sql.push_str(&older_than("a.out_trade_no", &filter.before, &mut values));
    sql.push_str(" order by a.out_trade_no desc limit ?");
    values.push(bind(&most));
    db.fetch(&sql, values).await
}

fn older_than(key: &str, before: &str, values: &mut Vec<Value>) -> String {
    if before.is_empty() {
        return String::new();
    }
    values.push(bind(before));
    format!(" and {key} < ?")
}
