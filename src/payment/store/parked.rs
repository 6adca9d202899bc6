//! SQL of parked money. A row is resolved once: its state changes only from the one named.

use serde::Deserialize;

use crate::{
    db::{self, Flag, Run, args, bind, marks},
    kernel::{
        Fen, Timestamp,
        ids::{StaffId, UnexplainedId},
    },
    payment::{unexplained::ParkedStatus, verdict::Oddity},
};

/// Money, or a message, that did not fit any order.
#[derive(Clone, Debug, Deserialize)]
pub struct Parked {
    /// Row id; the source of what is booked when it is assigned.
    pub id: UnexplainedId,
    /// Why it was parked.
    pub kind: Oddity,
    /// The order's number at the merchant, as WeChat named it.
    pub out_trade_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// What is parked, fen; less than the payment when a part of it went on a bill.
    pub amount: Fen,
    /// `CNY`, unless it is not ours.
    pub currency: String,
    /// The money is with us and stands in suspense.
    pub booked: Flag,
    /// What WeChat said.
    pub detail: String,
    /// Where it stands.
    pub status: ParkedStatus,
    /// When it was parked.
    pub created_ms: Timestamp,
    /// Why it was resolved so.
    pub reason: String,
    /// By whom; empty for the system.
    pub resolved_by: String,
    /// When.
    pub resolved_ms: Option<Timestamp>,
}

const COLUMNS: &str = "id, kind, out_trade_no, transaction_id, amount, currency, booked, detail, \
                       status, created_ms, reason, resolved_by, resolved_ms";

/// One item.
pub async fn parked(db: &impl Run, id: &UnexplainedId) -> Result<Option<Parked>, db::Error> {
    let sql = format!("select {COLUMNS} from unexplained_payment where id = ?");
    db.fetch_one(&sql, args![id]).await
}

/// The item of a transaction, if it was parked.
pub async fn parked_of(db: &impl Run, transaction: &str) -> Result<Option<Parked>, db::Error> {
    let sql = format!("select {COLUMNS} from unexplained_payment where transaction_id = ?");
    db.fetch_one(&sql, args![transaction]).await
}

/// Items of these ids.
pub async fn parked_with_ids(db: &impl Run, ids: &[String]) -> Result<Vec<Parked>, db::Error> {
    let sql =
        format!("select {COLUMNS} from unexplained_payment where id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// Which of these transactions were parked.
pub async fn parked_among(
    db: &impl Run,
    transactions: &[String],
) -> Result<Vec<Parked>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from unexplained_payment where transaction_id in ({})",
        marks(transactions.len())
    );
    db.fetch(&sql, transactions.iter().map(bind).collect()).await
}

/// Items in one of these states, newest first.
pub(in crate::payment) async fn parked_page(
    db: &impl Run,
    states: &[ParkedStatus],
    before: &str,
    most: i64,
) -> Result<Vec<Parked>, db::Error> {
    let mut values: Vec<db::Value> = states.iter().map(bind).collect();
    let mut sql = format!(
        "select {COLUMNS} from unexplained_payment where status in ({})",
        marks(states.len())
    );
    if !before.is_empty() {
        sql.push_str(" and id < ?");
        values.push(bind(before));
    }
    sql.push_str(" order by id desc limit ?");
    values.push(bind(&most));
    db.fetch(&sql, values).await
}

/// Moves an item from one state to another; `false` when it is not there any more.
pub(in crate::payment) async fn move_parked(
    tx: &impl Run,
    id: &UnexplainedId,
    (from, to): (ParkedStatus, ParkedStatus),
    (by, reason): (Option<&StaffId>, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update unexplained_payment set status = ?, reason = ?, resolved_by = ?, \
               resolved_ms = ? where id = ? and status = ?";
    let by = by.map_or("", StaffId::as_str);
    tx.changed(sql, args![to, reason, by, now, id, from]).await
}

/// Holds booked money for a refund, so that nobody assigns it meanwhile; `false` when it is not
/// open any more.
pub async fn hold_parked(
    tx: &impl Run,
    id: &UnexplainedId,
    by: &StaffId,
    reason: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update unexplained_payment set status = 'refunding', reason = ?, resolved_by = ?, \
               resolved_ms = ? where id = ? and status = 'open' and booked = 1";
    tx.changed(sql, args![reason, by, now, id]).await
}

/// The refund came to nothing: a person must decide again.
pub async fn release_parked(tx: &impl Run, id: &UnexplainedId) -> Result<bool, db::Error> {
    let sql = "update unexplained_payment set status = 'open', reason = '', resolved_by = '', \
               resolved_ms = null where id = ? and status = 'refunding'";
    tx.changed(sql, args![id]).await
}

/// The refund is done.
pub async fn finish_parked(
    tx: &impl Run,
    id: &UnexplainedId,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update unexplained_payment set status = 'refunded', resolved_ms = ? \
               where id = ? and status = 'refunding'";
    tx.changed(sql, args![now, id]).await
}

/// How many sums wait for a decision, and since when the oldest does.
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

/// What stands in suspense because of these items, fen.
pub async fn parked_total(db: &impl Run) -> Result<Fen, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        total: Fen,
    }
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total from unexplained_payment \
               where status in ('open', 'refunding') and booked = 1";
    let row: Option<Row> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or(Fen::ZERO, |row| row.total))
}

/// Items in the order of their ids, for whoever reads them all.
pub async fn parked_after(db: &impl Run, after: &str, most: i64) -> Result<Vec<Parked>, db::Error> {
    let sql = format!("select {COLUMNS} from unexplained_payment where id > ? order by id limit ?");
    db.fetch(&sql, args![after, most]).await
}
