//! SQL of waivers.

use serde::Deserialize;

use crate::{
    db::{self, Run, args, bind, marks},
    dues::waiver::model::{Waiver, WaiverStatus},
    kernel::{
        Timestamp,
        ids::{BillId, WaiverId},
    },
};

const COLUMNS: &str = "id, bill_id, member_id, kind, amount, due_on, basis, status, \
                       requested_by, requested_ms, decided_by, decided_ms, decision";

/// Stores a request; a duplicate when the bill has one that waits.
pub(in crate::dues) async fn insert(tx: &impl Run, waiver: &Waiver) -> Result<(), db::Error> {
    let sql = "insert into waiver (id, bill_id, member_id, kind, amount, due_on, basis, status, \
               open_key, requested_by, requested_ms, decision) \
               values (?, ?, ?, ?, ?, ?, ?, ?, '1', ?, ?, '')";
    let Waiver { id, bill_id, member_id, kind, amount, due_on, basis, status, .. } = waiver;
    let mut values = args![id, bill_id, member_id, kind, amount, due_on, basis, status];
    values.extend(args![waiver.requested_by, waiver.requested_ms]);
    tx.exec(sql, values).await?;
    Ok(())
}

pub(in crate::dues) async fn find(
    db: &impl Run,
    id: &WaiverId,
) -> Result<Option<Waiver>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from waiver where id = ?"), args![id]).await
}

/// All requests for a bill, newest first.
pub(in crate::dues) async fn of_bill(
    db: &impl Run,
    bill: &BillId,
) -> Result<Vec<Waiver>, db::Error> {
    let sql = format!("select {COLUMNS} from waiver where bill_id = ? order by id desc limit 50");
    db.fetch(&sql, args![bill]).await
}

/// Those of these bills for which a waiver was asked for or granted.
pub(in crate::dues) async fn waived_among(
    db: &impl Run,
    bills: &[BillId],
) -> Result<Vec<BillId>, db::Error> {
    let sql = format!(
        "select distinct bill_id from waiver where bill_id in ({}) and status in (?, ?)",
        marks(bills.len())
    );
    let mut values: Vec<db::Value> = bills.iter().map(bind).collect();
    values.extend(args![WaiverStatus::Waiting, WaiverStatus::Approved]);
    db.fetch(&sql, values).await
}

/// Requests in a state, newest first, older than a key.
pub(in crate::dues) async fn page(
    db: &impl Run,
    status: WaiverStatus,
    before: &str,
    most: i64,
) -> Result<Vec<Waiver>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!(
        "select {COLUMNS} from waiver where status = ? and id < ? order by id desc limit ?"
    );
    db.fetch(&sql, args![status, before, most]).await
}

#[derive(Deserialize)]
struct Waiting {
    count: i64,
    oldest: Option<Timestamp>,
}

/// How many requests wait, and since when.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    let sql = "select count(*) as count, min(requested_ms) as oldest from waiver \
               where status = 'waiting'";
    let row: Option<Waiting> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// Decides a request that waits; `false` when somebody did before.
pub(in crate::dues) async fn decide(
    tx: &impl Run,
    (id, to): (&WaiverId, WaiverStatus),
    (by, why): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update waiver set status = ?, open_key = null, decided_by = ?, decided_ms = ?, \
               decision = ? where id = ? and status = 'waiting'";
    tx.changed(sql, args![to, by, now, why, id]).await
}
