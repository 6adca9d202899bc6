//! SQL of corrections: at most one of a report is asked for or done at a time.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp,
        ids::{BillId, OfflineId},
    },
    offline::model::{Correction, CorrectionKind, CorrectionStatus},
};

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: CorrectionKind,
    bill_id: Option<BillId>,
    status: CorrectionStatus,
    reason: String,
    asked_by: String,
    asked_ms: Timestamp,
    answer: String,
    answered_by: String,
    answered_ms: Option<Timestamp>,
}

impl From<Row> for Correction {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            bill_id: row.bill_id,
            status: row.status,
            reason: row.reason,
            asked_by: row.asked_by,
            asked_at: row.asked_ms,
            answer: row.answer,
            answered_by: row.answered_by,
            answered_at: row.answered_ms,
        }
    }
}

/// The corrections of a report, oldest first.
pub(in crate::offline) async fn corrections(
    db: &impl Run,
    offline: &OfflineId,
) -> Result<Vec<Correction>, db::Error> {
    let sql = "select id, kind, bill_id, status, reason, asked_by, asked_ms, answer, \
               answered_by, answered_ms from offline_correction where offline_id = ? \
               order by id limit 50";
    let rows: Vec<Row> = db.fetch(sql, args![offline]).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A correction that is asked for.
pub(in crate::offline) struct NewCorrection<'a> {
    pub id: &'a str,
    pub offline: &'a OfflineId,
    pub kind: CorrectionKind,
    pub bill: Option<&'a BillId>,
    pub reason: &'a str,
    pub by: &'a str,
}

/// A duplicate key means that another one waits already.
pub(in crate::offline) async fn insert_correction(
    tx: &impl Run,
    new: &NewCorrection<'_>,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into offline_correction (id, offline_id, kind, bill_id, status, live_key, \
               reason, asked_by, asked_ms, answer, answered_by, answered_ms) \
               values (?, ?, ?, ?, 'asked', '1', ?, ?, ?, '', '', null)";
    let bill = new.bill.map(BillId::as_str);
    let values = args![new.id, new.offline, new.kind.code(), bill, new.reason, new.by, now];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Answers what still waits; `false` when somebody answered before. The database refuses an
/// approval by the person who asked.
pub(in crate::offline) async fn answer_correction(
    tx: &impl Run,
    id: &str,
    approved: bool,
    (by, answer): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update offline_correction set status = ?, live_key = null, answered_by = ?, \
               answer = ?, answered_ms = ? where id = ? and status = 'asked'";
    let status = if approved { "approved" } else { "refused" };
    tx.changed(sql, args![status, by, answer, now, id]).await
}
