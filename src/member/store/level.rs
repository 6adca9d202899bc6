//! SQL of level changes, and of the members that a bill run walks through.

use serde::Deserialize;

use crate::{
    db::{self, Run, args, marks},
    kernel::{
        Date, Timestamp,
        ids::{LevelId, MemberId},
    },
    member::level::Change,
};

const COLUMNS: &str = "id, member_id, level_id, before_level_id, from_on, reason, changed_by, \
                       created_ms, applied_ms";

pub(in crate::member) async fn insert_change(
    tx: &impl Run,
    change: &Change,
) -> Result<(), db::Error> {
    let sql = "insert into member_level_history (id, member_id, level_id, before_level_id, \
               from_on, reason, changed_by, created_ms, applied_ms) \
               values (?, ?, ?, ?, ?, ?, ?, ?, null)";
    let Change { id, member_id, level_id, before_level_id, from_on, reason, .. } = change;
    let mut values = args![id, member_id, level_id, before_level_id, from_on, reason];
    values.extend(args![change.changed_by, change.created_ms]);
    tx.exec(sql, values).await?;
    Ok(())
}

/// Changes of these members, the latest first.
pub(in crate::member) async fn changes(
    db: &impl Run,
    members: &[MemberId],
) -> Result<Vec<Change>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from member_level_history where member_id in ({}) \
         order by member_id, from_on desc, id desc",
        marks(members.len())
    );
    db.fetch(&sql, members.iter().map(db::bind).collect()).await
}

/// Changes that should be in force by that day and are not, the oldest first.
pub(in crate::member) async fn due_changes(
    db: &impl Run,
    today: Date,
    most: i64,
) -> Result<Vec<Change>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from member_level_history where applied_ms is null and from_on <= ? \
         order by from_on, id limit ?"
    );
    db.fetch(&sql, args![today, most]).await
}

/// Marks a change as being in force; `false` when it was before.
pub(in crate::member) async fn mark_applied(
    tx: &impl Run,
    id: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update member_level_history set applied_ms = ? where id = ? and applied_ms is null";
    tx.changed(sql, args![now, id]).await
}

pub(in crate::member) async fn set_level(
    tx: &impl Run,
    member: &MemberId,
    level: &LevelId,
) -> Result<bool, db::Error> {
    let sql = "update member set level_id = ?, version = version + 1 where id = ?";
    tx.changed(sql, args![level, member]).await
}

/// What a bill must know of a member.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Billable {
    /// Row id.
    pub id: MemberId,
    /// 会员等级 now.
    pub level_id: LevelId,
    /// 入会日期.
    pub joined_on: Date,
}

/// Active members beyond a key, in the order of their ids.
pub async fn billable(db: &impl Run, beyond: &str, most: i64) -> Result<Vec<Billable>, db::Error> {
    let sql = "select id, level_id, joined_on from member \
               where id > ? and status = 'active' order by id limit ?";
    db.fetch(sql, args![beyond, most]).await
}

/// These members, whatever their state.
pub async fn billable_of(db: &impl Run, members: &[MemberId]) -> Result<Vec<Billable>, db::Error> {
    let marks = marks(members.len());
    let sql = format!("select id, level_id, joined_on from member where id in ({marks})");
    db.fetch(&sql, members.iter().map(db::bind).collect()).await
}
