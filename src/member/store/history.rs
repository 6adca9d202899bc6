//! SQL of the history. Values are sealed: most of them are personal.

use serde::Deserialize;

use super::super::history::{Change, Event, Source};
use crate::{
    db::{self, Run, args},
    kernel::{Timestamp, Vault, ids::MemberId, vault::VaultError},
    web::AppError,
};

const COLUMNS: &str = "id, version, at_ms, field, sealed_before, sealed_after, source, \
                       actor_kind, actor_id, reason";

#[derive(Deserialize)]
struct Row {
    id: String,
    version: i64,
    at_ms: Timestamp,
    field: String,
    sealed_before: String,
    sealed_after: String,
    source: Source,
    actor_kind: String,
    actor_id: String,
    reason: String,
}

impl Row {
    fn open(self, vault: &Vault) -> Result<Change, VaultError> {
        Ok(Change {
            before: vault.open(&self.sealed_before)?,
            after: vault.open(&self.sealed_after)?,
            id: self.id,
            version: self.version,
            at: self.at_ms,
            field: self.field,
            source: self.source,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            reason: self.reason,
        })
    }
}

fn sealed(vault: &Vault, value: &str) -> Result<String, VaultError> {
    if value.is_empty() { Ok(String::new()) } else { vault.seal(value) }
}

pub(crate) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    id: &str,
    now: Timestamp,
    event: &Event,
    (field, before, after): (&str, &str, &str),
) -> Result<(), AppError> {
    let sql = "insert into member_change (id, member_id, version, at_ms, field, sealed_before, \
               sealed_after, source, actor_kind, actor_id, reason) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = args![
        id,
        event.member,
        event.version,
        now,
        field,
        sealed(vault, before)?,
        sealed(vault, after)?,
        event.source,
        event.actor.kind(),
        event.actor.id(),
        event.reason
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Everything after a version, oldest first.
pub(crate) async fn since(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    version: i64,
) -> Result<Vec<Change>, AppError> {
    let sql = format!(
        "select {COLUMNS} from member_change where member_id = ? and version > ? \
         order by version, id limit 1000"
    );
    opened(vault, db.fetch(&sql, args![member, version]).await?)
}

/// A page, newest first, of what came before a version.
pub(crate) async fn page(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    (before, most): (i64, i64),
) -> Result<Vec<Change>, AppError> {
    let sql = format!(
        "select {COLUMNS} from member_change where member_id = ? and version < ? \
         order by version desc, id limit ?"
    );
    opened(vault, db.fetch(&sql, args![member, before, most]).await?)
}

/// One row of a member's history.
pub(crate) async fn find(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    id: &str,
) -> Result<Option<Change>, AppError> {
    let sql = format!("select {COLUMNS} from member_change where id = ? and member_id = ?");
    let rows: Vec<Row> = db.fetch(&sql, args![id, member]).await?;
    Ok(opened(vault, rows)?.pop())
}

fn opened(vault: &Vault, rows: Vec<Row>) -> Result<Vec<Change>, AppError> {
    rows.into_iter().map(|row| Ok(row.open(vault)?)).collect()
}

/// Raises the version of a member for a change that is not of its own row; `false` when the state
/// or the version is another.
pub(crate) async fn raise(
    tx: &impl Run,
    member: &MemberId,
    version: i64,
) -> Result<bool, db::Error> {
    let sql = "update member set version = version + 1 where id = ? and version = ?";
    tx.changed(sql, args![member, version]).await
}

/// Raises the version of a member whatever it is, inside the caller's transaction, and returns it.
pub(crate) async fn grow(tx: &impl Run, member: &MemberId) -> Result<i64, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        version: i64,
    }
    tx.exec("update member set version = version + 1 where id = ?", args![member]).await?;
    let row: Option<Row> =
        tx.fetch_one("select version from member where id = ?", args![member]).await?;
    Ok(row.map_or(0, |row| row.version))
}
