//! SQL of lists of refunds.

use serde::Deserialize;

use super::COLUMNS;
use crate::{
    db::{self, Run, args, bind, marks},
    kernel::{Fen, Timestamp, ids::RefundId},
    refund::model::{Refund, RefundStatus},
};

/// What the admin's list is narrowed to.
#[derive(Clone, Debug, Default)]
pub(in crate::refund) struct Filter {
    /// Only these states; empty means all.
    pub states: Vec<RefundStatus>,
    /// A 退款单号, or a number of the payment; whole.
    pub number: String,
    /// A parked item.
    pub parked: String,
    /// Only rows older than this key.
    pub before: String,
}

/// Refunds that fit a filter, newest first.
pub(in crate::refund) async fn page(
    db: &impl Run,
    filter: &Filter,
    most: i64,
) -> Result<Vec<Refund>, db::Error> {
    let mut sql = format!("select {COLUMNS} from refund where 1 = 1");
    let mut values = Vec::new();
    if !filter.states.is_empty() {
        sql.push_str(" and status in (");
        sql.push_str(&marks(filter.states.len()));
        sql.push(')');
        values.extend(filter.states.iter().map(bind));
    }
    if !filter.number.is_empty() {
        // Two equalities on two keys; `or` would make MySQL read an index for each row.
        sql.push_str(
            " and id in (select id from refund where no = ? union all \
             select id from refund where of_kind = 'payment' and of_id = ?)",
        );
        values.extend(args![filter.number, filter.number]);
    }
    if !filter.parked.is_empty() {
        sql.push_str(" and parked_id = ?");
        values.push(bind(&filter.parked));
    }
    if !filter.before.is_empty() {
        sql.push_str(" and id < ?");
        values.push(bind(&filter.before));
    }
    sql.push_str(" order by id desc limit ?");
    values.push(bind(&most));
    db.fetch(&sql, values).await
}

/// Refunds with these numbers.
pub async fn with_numbers(db: &impl Run, numbers: &[String]) -> Result<Vec<Refund>, db::Error> {
    let sql = format!("select {COLUMNS} from refund where no in ({})", marks(numbers.len()));
    db.fetch(&sql, numbers.iter().map(bind).collect()).await
}

/// Refunds of these ids.
pub async fn with_ids(db: &impl Run, ids: &[String]) -> Result<Vec<Refund>, db::Error> {
    let sql = format!("select {COLUMNS} from refund where id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// What WeChat gave back from one moment up to another, in order of time; `after` is the last one of
/// the page before.
pub async fn gone_between(
    db: &impl Run,
    (from, to): (Timestamp, Timestamp),
    after: Option<&Refund>,
    most: i64,
) -> Result<Vec<Refund>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from refund where ended_ms >= ? and ended_ms < ? \
         and (ended_ms > ? or id > ?) and means = 'wechat' and status in ('success', 'foreign') \
         order by ended_ms, id limit ?"
    );
    let start = after.and_then(|last| last.ended_ms).unwrap_or(from);
    let id = after.map_or("", |last| last.id.as_str());
    db.fetch(&sql, args![start, to, start, id, most]).await
}

/// How many refunds wait for a person (approval, trouble, 登记), and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(requested_ms) as oldest from refund \
               where status in ('requested', 'refused', 'abnormal', 'foreign')";
    let row: Option<Row> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// A refund beside the sum that must agree with it.
#[derive(Clone, Debug, Deserialize)]
pub struct RefundFact {
    /// Row id.
    pub id: RefundId,
    /// 退款单号.
    pub no: String,
    /// `wechat` or `bank`.
    pub means: String,
    /// `bills`, `parked` or `console`.
    pub origin: String,
    /// `payment` or `offline`.
    pub of_kind: String,
    /// The payment within its kind.
    pub of_id: String,
    /// WeChat's number of the refund.
    pub wechat_id: String,
    /// Fen.
    pub amount: Fen,
    /// What its parts take off bills, fen.
    pub parts: Fen,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub requested_ms: Timestamp,
    /// When it ended.
    pub ended_ms: Option<Timestamp>,
}

/// Refunds in the order of their ids, for whoever reads them all.
pub async fn refunds_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<RefundFact>, db::Error> {
    let sql = "select r.id, r.no, r.means, r.origin, r.of_kind, r.of_id, r.wechat_id, r.amount, \
        r.status, r.reason, r.requested_ms, r.ended_ms, \
        (select cast(coalesce(sum(p.amount), 0) as signed) from refund_part p \
        where p.refund_id = r.id) as parts from refund r where r.id > ? order by r.id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// What was refunded of these payments of a kind, fen.
pub async fn done_of(
    db: &impl Run,
    kind: &str,
    ids: &[String],
) -> Result<Vec<(String, Fen)>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        of_id: String,
        amount: Fen,
    }
    let sql = format!(
        "select of_id, cast(coalesce(sum(amount), 0) as signed) as amount from refund \
         where of_kind = ? and of_id in ({}) and status = 'success' group by of_id",
        marks(ids.len())
    );
    let mut values = args![kind];
    values.extend(ids.iter().map(bind));
    let rows: Vec<Row> = db.fetch(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.of_id, row.amount)).collect())
}

/// Which of these are refunds.
pub async fn known(db: &impl Run, ids: &[String]) -> Result<Vec<String>, db::Error> {
    let sql = format!("select id from refund where id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// How many refunds there are: for progress.
pub async fn counts(db: &impl Run) -> Result<i64, db::Error> {
    let found: Option<i64> = db.fetch_one("select count(*) as n from refund", args![]).await?;
    Ok(found.unwrap_or_default())
}
