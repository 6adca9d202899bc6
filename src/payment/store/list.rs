//! SQL of the lists: paged by key, newest first.

use serde::Deserialize;

use crate::{
    db::{self, Run, Value, args, bind},
    kernel::{
        Fen, Timestamp,
        ids::{MemberId, OrderId},
    },
    payment::{
        model::{AttemptStatus, TradeType},
        verdict::Oddity,
    },
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
}

/// A line of 待处理款项.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::payment) struct UnexplainedRow {
    pub id: String,
    pub kind: Oddity,
    pub out_trade_no: String,
    pub transaction_id: String,
    pub amount: Fen,
    pub currency: String,
    pub detail: String,
    pub created_ms: Timestamp,
}

/// What every list of payments shows.
pub(super) const PAYMENT: &str = "select a.out_trade_no, a.order_id, o.no as order_no, a.member_id, \
    o.description, a.transaction_id, a.amount, a.trade_type, a.status, a.created_ms, a.success_ms \
    from payment_attempt a join payment_order o on o.id = a.order_id";

/// Parked money of one state (`open` or `explained`).
pub(in crate::payment) async fn unexplained(
    db: &impl Run,
    status: &str,
    before: &str,
    most: i64,
) -> Result<Vec<UnexplainedRow>, db::Error> {
    let mut values = args![status];
    let bound = older_than("id", before, &mut values);
    values.push(bind(&most));
    let sql = format!(
        "select id, kind, out_trade_no, transaction_id, amount, currency, detail, \
         created_ms from unexplained_payment where status = ?{bound} order by id desc limit ?"
    );
    db.fetch(&sql, values).await
}

fn older_than(key: &str, before: &str, values: &mut Vec<Value>) -> String {
    if before.is_empty() {
        return String::new();
    }
    values.push(bind(before));
    format!(" and {key} < ?")
}

/// How many sums wait for an explanation, and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(created_ms) as oldest from unexplained_payment \
               where status = 'open'";
    let row: Option<Row> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}
