//! SQL of a report's history. Rows are only added.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{Fen, Timestamp, ids::OfflineId},
    offline::model::Event,
};

/// What can happen to a report: the stored code, the words shown, and whether it is talk among
/// finance, which the member does not see.
const WORDS: &[(&str, &str, bool)] = &[
    ("submitted", "会员提交", false),
    ("amended", "会员修改后重新提交", false),
    ("deleted", "会员删除", false),
    ("confirmed", "确认到账", false),
    ("rejected", "驳回", false),
    ("reverse-asked", "申请冲正", true),
    ("return-asked", "申请退还多缴款", true),
    ("assign-asked", "申请多缴款抵缴其他年度", true),
    ("correction-refused", "复核未同意", true),
    ("reverse", "冲正", false),
    ("return", "退还多缴款", false),
    ("assign", "多缴款抵缴其他年度", false),
];

/// One line to be added.
pub(in crate::offline) struct Happened<'a> {
    pub kind: &'a str,
    /// The staff id of who did it; empty for the member.
    pub by: &'a str,
    pub amount: Fen,
    pub reason: &'a str,
}

pub(in crate::offline) async fn insert_event(
    tx: &impl Run,
    (id, now): (&str, Timestamp),
    offline: &OfflineId,
    what: Happened<'_>,
) -> Result<(), db::Error> {
    let sql = "insert into offline_event (id, offline_id, at_ms, kind, staff_id, amount, reason) \
               values (?, ?, ?, ?, ?, ?, ?)";
    let Happened { kind, by, amount, reason } = what;
    tx.exec(sql, args![id, offline, now, kind, by, amount, reason]).await?;
    Ok(())
}

#[derive(Deserialize)]
struct Row {
    at_ms: Timestamp,
    kind: String,
    staff_id: String,
    amount: Fen,
    reason: String,
}

/// The history of a report, oldest first; at most the last hundred lines.
pub(in crate::offline) async fn events(
    db: &impl Run,
    offline: &OfflineId,
) -> Result<Vec<Event>, db::Error> {
    let sql = "select at_ms, kind, staff_id, amount, reason from offline_event \
               where offline_id = ? order by id desc limit 100";
    let rows: Vec<Row> = db.fetch(sql, args![offline]).await?;
    let event = |row: Row| {
        let words = WORDS.iter().find(|(code, ..)| *code == row.kind);
        Event {
            at: row.at_ms,
            what: words.map_or("", |(_, text, _)| text),
            tells_why: row.kind == "rejected",
            is_internal: words.is_some_and(|(.., internal)| *internal),
            staff_id: row.staff_id,
            amount: row.amount,
            reason: row.reason,
        }
    };
    Ok(rows.into_iter().rev().map(event).collect())
}
