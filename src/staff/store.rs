//! SQL of staff and of the audit log.

use serde::{Deserialize, Serialize};

use super::{
    audit::{Entry, Logged, Row},
    model::{Role, StaffMember},
};
use crate::{
    db::{self, Json, Run, args},
    kernel::{Timestamp, ids::StaffId},
};

/// A row of `staff`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct StaffRow {
    pub id: StaffId,
    pub account: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub status: String,
    pub session_generation: i64,
    pub locked_until_ms: Timestamp,
}

impl StaffRow {
    /// True unless the account was switched off.
    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// The person without the secrets.
    pub(crate) fn member(&self) -> StaffMember {
        StaffMember {
            id: self.id.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
            role: self.role,
        }
    }
}

const COLUMNS: &str = "id, account, name, role, password_hash, status, session_generation, \
                       locked_until_ms";

pub(crate) async fn by_account(
    db: &impl Run,
    account: &str,
) -> Result<Option<StaffRow>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from staff where account = ?"), args![account]).await
}

pub(crate) async fn by_id(db: &impl Run, id: &str) -> Result<Option<StaffRow>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from staff where id = ?"), args![id]).await
}

pub(crate) async fn insert(
    tx: &impl Run,
    staff: &StaffMember,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into staff (id, account, name, role, password_hash, status, \
               session_generation, failed_count, locked_until_ms, created_ms) \
               values (?, ?, ?, ?, ?, 'active', 1, 0, 0, ?)";
    let values = args![staff.id, staff.account, staff.name, staff.role, password_hash, now];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Takes one of the tries before the password is looked at, so that parallel guesses get no extra
/// ones; the last one locks. `false` while the account is locked.
pub(crate) async fn take_try(
    db: &impl Run,
    id: &StaffId,
    most: i64,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, db::Error> {
    // MySQL assigns from left to right: the lock reads the count before it grows.
    let sql = "update staff set \
               locked_until_ms = case when failed_count + 1 >= ? then ? else locked_until_ms end, \
               failed_count = case when failed_count + 1 >= ? then 0 else failed_count + 1 end \
               where id = ? and locked_until_ms <= ?";
    db.changed(sql, args![most, until, most, id, now]).await
}

pub(crate) async fn clear_failures(db: &impl Run, id: &StaffId) -> Result<(), db::Error> {
    let sql = "update staff set failed_count = 0, locked_until_ms = 0 where id = ?";
    db.exec(sql, args![id]).await?;
    Ok(())
}

/// The latest audit rows of an object.
pub(super) async fn latest_audit_of(
    db: &impl Run,
    (kind, id): (&str, &str),
    most: i64,
) -> Result<Vec<Row>, db::Error> {
    let sql = "select at_ms, actor_kind, actor_id, action, reason, ip from audit_log \
               where object_kind = ? and object_id = ? order by id desc limit ?";
    db.fetch(sql, args![kind, id, most]).await
}

pub(super) async fn insert_audit<D: Serialize + Sync>(
    tx: &impl Run,
    id: &str,
    now: Timestamp,
    entry: &Entry<D>,
) -> Result<(), db::Error> {
    let sql = "insert into audit_log (id, at_ms, actor_kind, actor_id, action, object_kind, \
               object_id, reason, detail, ip) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = args![
        id,
        now,
        entry.actor.kind(),
        entry.actor.id(),
        entry.action,
        entry.object_kind,
        entry.object_id,
        entry.reason,
        Json(&entry.detail),
        entry.ip
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

pub(super) async fn audit_of(
    db: &impl Run,
    kind: &str,
    id: &str,
    most: i64,
) -> Result<Vec<Logged>, db::Error> {
    let sql = "select at_ms, actor_kind, actor_id, action, reason from audit_log \
               where object_kind = ? and object_id = ? order by id limit ?";
    db.fetch(sql, args![kind, id, most]).await
}
