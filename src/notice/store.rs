//! SQL of the outbox.

use serde::{Deserialize, Serialize};

use super::{Notice, State};
use crate::{
    db::{self, Json, Run, args},
    kernel::Timestamp,
};

const COLUMNS: &str = "id, topic, member_id, payload, dedupe_key, status, attempts, next_ms, \
                       created_ms, receiver, unit, note, sent_ms";

/// A notice.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub id: String,
    pub topic: String,
    pub member_id: String,
    pub payload: Json<serde_json::Value>,
    pub dedupe_key: String,
    pub status: State,
    pub attempts: i64,
    pub next_ms: Timestamp,
    pub created_ms: Timestamp,
    /// The sealed WeChat that it must go to; empty: the one that is bound.
    pub receiver: String,
    pub unit: String,
    pub note: String,
    pub sent_ms: Option<Timestamp>,
}

impl Row {
    /// The id of what the notice is about.
    pub fn object(&self) -> &str {
        self.dedupe_key.split_once(':').map_or("", |(_, object)| object)
    }
}

/// What a try made of a notice.
#[derive(Debug)]
pub(super) struct Marked {
    pub state: State,
    pub note: String,
    pub unit: String,
    pub sent_at: Option<Timestamp>,
}

pub(super) async fn insert<F: Serialize + Sync>(
    tx: &impl Run,
    id: &str,
    now: Timestamp,
    notice: &Notice<'_, F>,
    receiver: &str,
) -> Result<(), db::Error> {
    let sql = "insert into outbox (id, topic, member_id, payload, dedupe_key, status, attempts, \
               next_ms, created_ms, receiver) values (?, ?, ?, ?, ?, 'queued', 0, ?, ?, ?)";
    let topic = notice.topic.code();
    let member = notice.member.map_or("", |id| id.as_str());
    let dedupe = format!("{topic}:{}", notice.object);
    let payload = Json(&notice.facts);
    tx.exec(sql, args![id, topic, member, payload, dedupe, now, now, receiver]).await?;
    Ok(())
}

/// The next notices that are due.
pub(super) async fn due(db: &impl Run, now: Timestamp, most: i64) -> Result<Vec<Row>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from outbox where status = 'queued' and next_ms <= ? \
         order by next_ms limit ?"
    );
    db.fetch(&sql, args![now, most]).await
}

/// Takes a notice for this server: the attempt is counted and the next one put off. `false` when
/// another server was faster.
pub(super) async fn claim(db: &impl Run, row: &Row, next: Timestamp) -> Result<bool, db::Error> {
    let sql = "update outbox set attempts = attempts + 1, next_ms = ? \
               where id = ? and status = 'queued' and attempts = ?";
    db.changed(sql, args![next, row.id, row.attempts]).await
}

/// Records what came of the attempt that was claimed with `row`.
pub(super) async fn mark(db: &impl Run, row: &Row, to: &Marked) -> Result<(), db::Error> {
    let sql = "update outbox set status = ?, note = ?, unit = ?, sent_ms = ? \
               where id = ? and status = 'queued' and attempts = ?";
    let values = args![to.state, to.note, to.unit, to.sent_at, row.id, row.attempts + 1];
    db.exec(sql, values).await?;
    Ok(())
}

/// A page of the list, the newest first; `before` is the last id of the page before.
pub(super) async fn page(
    db: &impl Run,
    state: State,
    before: &str,
    most: i64,
) -> Result<Vec<Row>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!(
        "select {COLUMNS} from outbox where status = ? and id < ? order by id desc limit ?"
    );
    db.fetch(&sql, args![state, before, most]).await
}

/// How many notices were given up.
pub(super) async fn dead(db: &impl Run) -> Result<i64, db::Error> {
    let sql = "select count(*) as n from outbox where status = 'dead'";
    Ok(db.fetch_one(sql, args![]).await?.unwrap_or_default())
}

/// Queues a notice anew that was given up or only logged; `false` when it is neither.
pub(super) async fn requeue(tx: &impl Run, id: &str, now: Timestamp) -> Result<bool, db::Error> {
    let sql = "update outbox set status = 'queued', attempts = 0, next_ms = ?, note = '' \
               where id = ? and status in ('dead', 'logged')";
    tx.changed(sql, args![now, id]).await
}
