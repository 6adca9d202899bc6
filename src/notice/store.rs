//! SQL of the outbox.

use serde::{Deserialize, Serialize};

use super::Notice;
use crate::{
    db::{self, Json, Run, args},
    kernel::Timestamp,
};

/// A queued notice.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub id: String,
    pub topic: String,
    pub member_id: String,
    pub attempts: i64,
}

pub(super) async fn insert<F: Serialize + Sync>(
    tx: &impl Run,
    id: &str,
    now: Timestamp,
    notice: &Notice<'_, F>,
) -> Result<(), db::Error> {
    let sql = "insert into outbox (id, topic, member_id, payload, dedupe_key, status, attempts, \
               next_ms, created_ms) values (?, ?, ?, ?, ?, 'queued', 0, ?, ?)";
    let topic = notice.topic.code();
    let member = notice.member.map_or("", |id| id.as_str());
    let dedupe = format!("{topic}:{}", notice.object);
    tx.exec(sql, args![id, topic, member, Json(&notice.facts), dedupe, now, now]).await?;
    Ok(())
}

/// The next notices that are due.
pub(super) async fn due(db: &impl Run, now: Timestamp, most: i64) -> Result<Vec<Row>, db::Error> {
    let sql = "select id, topic, member_id, attempts from outbox \
               where status = 'queued' and next_ms <= ? order by next_ms limit ?";
    db.fetch(sql, args![now, most]).await
}

/// Takes a notice for this server: the attempt is counted and the next one put off. `false` when
/// another server was faster.
pub(super) async fn claim(db: &impl Run, row: &Row, next: Timestamp) -> Result<bool, db::Error> {
    let sql = "update outbox set attempts = attempts + 1, next_ms = ? \
               where id = ? and status = 'queued' and attempts = ?";
    db.changed(sql, args![next, row.id, row.attempts]).await
}

pub(super) async fn mark_sent(db: &impl Run, id: &str) -> Result<(), db::Error> {
    db.exec("update outbox set status = 'sent' where id = ? and status = 'queued'", args![id])
        .await?;
    Ok(())
}
