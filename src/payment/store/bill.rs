//! SQL for the comparison with WeChat's daily bill: what was settled.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{Fen, Timestamp, ids::OutTradeNo},
};

/// An attempt that was paid.
#[derive(Clone, Debug, Deserialize)]
pub struct Settled {
    /// Our number.
    pub out_trade_no: OutTradeNo,
    /// WeChat's.
    pub transaction_id: String,
    /// Fen.
    pub amount: Fen,
    /// When it was paid.
    pub success_ms: Timestamp,
}

const COLUMNS: &str = "out_trade_no, transaction_id, amount, success_ms";

/// Those of these transactions that have paid an attempt.
pub async fn settled_of(
    run: &impl Run,
    transactions: &[String],
) -> Result<Vec<Settled>, db::Error> {
    let marks = db::marks(transactions.len());
    let sql = format!("select {COLUMNS} from payment_attempt where transaction_id in ({marks})");
    run.fetch(&sql, transactions.iter().map(db::bind).collect()).await
}

/// What was paid from one moment up to another, in order of time; `after` is the last one of the
/// page before.
pub async fn settled_between(
    run: &impl Run,
    (from, to): (Timestamp, Timestamp),
    after: Option<&Settled>,
    limit: i64,
) -> Result<Vec<Settled>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_attempt \
         where success_ms >= ? and success_ms < ? and (success_ms > ? or out_trade_no > ?) \
         and transaction_id is not null order by success_ms, out_trade_no limit ?"
    );
    let start = after.map_or(from, |last| last.success_ms);
    let number = after.map_or("", |last| last.out_trade_no.as_str());
    run.fetch(&sql, args![start, to, start, number, limit]).await
}
