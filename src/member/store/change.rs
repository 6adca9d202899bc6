//! SQL of change requests. What shall be changed is sealed.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::change::{Request, Status};
use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp, Vault,
        ids::{ChangeRequestId, FileId, MemberId},
    },
    web::AppError,
};

const COLUMNS: &str = "id, no, member_id, status, sealed_before, sealed_after, note, files, \
                       submitted_ms, decided_by, decided_ms, decision";

#[derive(Deserialize)]
struct Row {
    id: ChangeRequestId,
    no: String,
    member_id: MemberId,
    status: Status,
    sealed_before: String,
    sealed_after: String,
    note: String,
    files: String,
    submitted_ms: Timestamp,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    decision: String,
}

impl Row {
    fn open(self, vault: &Vault) -> Result<Request, AppError> {
        Ok(Request {
            before: opened(vault, &self.sealed_before)?,
            after: opened(vault, &self.sealed_after)?,
            files: self.files.split(',').filter_map(|id| id.parse().ok()).collect(),
            id: self.id,
            no: self.no,
            member: self.member_id,
            status: self.status,
            note: self.note,
            submitted_at: self.submitted_ms,
            decided_by: self.decided_by,
            decided_at: self.decided_ms,
            decision: self.decision,
        })
    }
}

fn opened(vault: &Vault, sealed: &str) -> Result<BTreeMap<String, String>, AppError> {
    serde_json::from_str(&vault.open(sealed)?)
        .map_err(|error| AppError::Fault(format!("change_request: {error}")))
}

fn sealed(vault: &Vault, values: &BTreeMap<String, String>) -> Result<String, AppError> {
    let json = serde_json::to_string(values).map_err(|e| AppError::Fault(e.to_string()))?;
    Ok(vault.seal(&json)?)
}

/// Refused when the member has a request that waits.
pub(crate) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    request: &Request,
    by: &str,
) -> Result<(), AppError> {
    let sql = "insert into change_request (id, no, member_id, status, active_key, sealed_before, \
               sealed_after, note, files, submitted_by, submitted_ms, decided_by, decided_ms, \
               decision) values (?, ?, ?, ?, '1', ?, ?, ?, ?, ?, ?, '', null, '')";
    let files: Vec<&str> = request.files.iter().map(FileId::as_str).collect();
    let values = args![
        request.id,
        request.no,
        request.member,
        request.status,
        sealed(vault, &request.before)?,
        sealed(vault, &request.after)?,
        request.note,
        files.join(","),
        by,
        request.submitted_at
    ];
    match tx.exec(sql, values).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_duplicate_of("uk_change_request_member_id_active_key") => {
            Err(AppError::Refused("a request waits already".into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Compare and set; `false` when it was decided or withdrawn before.
pub(crate) async fn end(
    tx: &impl Run,
    id: &ChangeRequestId,
    to: Status,
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update change_request set status = ?, active_key = null, decided_by = ?, \
               decided_ms = ?, decision = ? where id = ? and status = 'submitted'";
    tx.changed(sql, args![to, by, now, reason, id]).await
}

/// One request.
pub async fn find(
    db: &impl Run,
    vault: &Vault,
    id: &ChangeRequestId,
) -> Result<Option<Request>, AppError> {
    let sql = format!("select {COLUMNS} from change_request where id = ?");
    let row: Option<Row> = db.fetch_one(&sql, args![id]).await?;
    row.map(|row| row.open(vault)).transpose()
}

/// The request of a member that waits.
pub async fn open_of(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
) -> Result<Option<Request>, AppError> {
    let sql = format!(
        "select {COLUMNS} from change_request where member_id = ? and active_key is not null"
    );
    let row: Option<Row> = db.fetch_one(&sql, args![member]).await?;
    row.map(|row| row.open(vault)).transpose()
}

/// The latest requests of a member.
pub async fn of_member(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    most: i64,
) -> Result<Vec<Request>, AppError> {
    let sql = format!(
        "select {COLUMNS} from change_request where member_id = ? order by id desc limit ?"
    );
    let rows: Vec<Row> = db.fetch(&sql, args![member, most]).await?;
    rows.into_iter().map(|row| row.open(vault)).collect()
}

/// A page of the queue: what waits, or what was decided, newest first.
pub async fn queue(
    db: &impl Run,
    vault: &Vault,
    (is_open, before): (bool, &str),
    most: i64,
) -> Result<Vec<Request>, AppError> {
    let wanted = if is_open { "= 'submitted'" } else { "in ('approved', 'rejected')" };
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!(
        "select {COLUMNS} from change_request where status {wanted} and id < ? \
         order by id desc limit ?"
    );
    let rows: Vec<Row> = db.fetch(&sql, args![before, most]).await?;
    rows.into_iter().map(|row| row.open(vault)).collect()
}
