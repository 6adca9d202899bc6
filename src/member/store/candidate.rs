//! SQL of candidates. Lists of people are sealed whole.

use serde::Deserialize;

use super::super::{
    candidate::{List, Person, Proposal},
    change::Status,
};
use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp, Vault,
        ids::{MemberId, ProposalId},
    },
    web::AppError,
};

const COLUMNS: &str = "id, member_id, status, base_version, sealed, submitted_ms, decided_by, \
                       decided_ms, decision";

#[derive(Deserialize)]
struct Row {
    id: ProposalId,
    member_id: MemberId,
    status: Status,
    base_version: i64,
    sealed: String,
    submitted_ms: Timestamp,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    decision: String,
}

impl Row {
    fn open(self, vault: &Vault) -> Result<Proposal, AppError> {
        Ok(Proposal {
            people: opened(vault, &self.sealed)?,
            id: self.id,
            member: self.member_id,
            status: self.status,
            base_version: self.base_version,
            submitted_at: self.submitted_ms,
            decided_by: self.decided_by,
            decided_at: self.decided_ms,
            decision: self.decision,
        })
    }
}

fn opened(vault: &Vault, sealed: &str) -> Result<Vec<Person>, AppError> {
    serde_json::from_str(&vault.open(sealed)?)
        .map_err(|error| AppError::Fault(format!("candidates: {error}")))
}

fn sealed(vault: &Vault, people: &[Person]) -> Result<String, AppError> {
    let json = serde_json::to_string(people).map_err(|e| AppError::Fault(e.to_string()))?;
    Ok(vault.seal(&json)?)
}

/// The list in force.
pub async fn effective(db: &impl Run, vault: &Vault, member: &MemberId) -> Result<List, AppError> {
    #[derive(Deserialize)]
    struct Found {
        sealed: String,
        version: i64,
    }
    let sql = "select sealed, version from candidate_list where member_id = ?";
    match db.fetch_one::<Found>(sql, args![member]).await? {
        None => Ok(List::default()),
        Some(row) => Ok(List { people: opened(vault, &row.sealed)?, version: row.version }),
    }
}

/// Puts a list in force. The caller's transaction has decided the member's only open proposal, so
/// two cannot insert at once.
pub(crate) async fn put(
    tx: &impl Run,
    vault: &Vault,
    member: &MemberId,
    (people, now): (&[Person], Timestamp),
) -> Result<(), AppError> {
    let sealed = sealed(vault, people)?;
    let update = "update candidate_list set sealed = ?, version = version + 1, changed_ms = ? \
                  where member_id = ?";
    if !tx.changed(update, args![sealed, now, member]).await? {
        let insert = "insert into candidate_list (member_id, sealed, version, changed_ms) \
                      values (?, ?, 1, ?)";
        tx.exec(insert, args![member, sealed, now]).await?;
    }
    Ok(())
}

/// A later list takes the place of one that waits.
pub(crate) async fn replace_open(
    tx: &impl Run,
    member: &MemberId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "update candidate_proposal set status = 'withdrawn', active_key = null, \
               decided_ms = ?, decision = '会员提交了新的名单' \
               where member_id = ? and status = 'submitted'";
    tx.exec(sql, args![now, member]).await?;
    Ok(())
}

pub(crate) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    proposal: &Proposal,
    by: &str,
) -> Result<(), AppError> {
    let sql = "insert into candidate_proposal (id, member_id, status, active_key, base_version, \
               sealed, submitted_by, submitted_ms, decided_by, decided_ms, decision) \
               values (?, ?, ?, '1', ?, ?, ?, ?, '', null, '')";
    let values = args![
        proposal.id,
        proposal.member,
        proposal.status,
        proposal.base_version,
        sealed(vault, &proposal.people)?,
        by,
        proposal.submitted_at
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Compare and set; `false` when it was decided or replaced before.
pub(crate) async fn decide(
    tx: &impl Run,
    id: &ProposalId,
    to: Status,
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update candidate_proposal set status = ?, active_key = null, decided_by = ?, \
               decided_ms = ?, decision = ? where id = ? and status = 'submitted'";
    tx.changed(sql, args![to, by, now, reason, id]).await
}

/// One proposal.
pub async fn find(
    db: &impl Run,
    vault: &Vault,
    id: &ProposalId,
) -> Result<Option<Proposal>, AppError> {
    let sql = format!("select {COLUMNS} from candidate_proposal where id = ?");
    let row: Option<Row> = db.fetch_one(&sql, args![id]).await?;
    row.map(|row| row.open(vault)).transpose()
}

/// The proposal of a member that waits.
pub async fn open_of(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
) -> Result<Option<Proposal>, AppError> {
    let sql = format!(
        "select {COLUMNS} from candidate_proposal where member_id = ? and active_key is not null"
    );
    let row: Option<Row> = db.fetch_one(&sql, args![member]).await?;
    row.map(|row| row.open(vault)).transpose()
}

/// The latest proposals of a member.
pub async fn of_member(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    most: i64,
) -> Result<Vec<Proposal>, AppError> {
    let sql = format!(
        "select {COLUMNS} from candidate_proposal where member_id = ? order by id desc limit ?"
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
) -> Result<Vec<Proposal>, AppError> {
    let wanted = if is_open { "= 'submitted'" } else { "in ('approved', 'rejected')" };
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!(
        "select {COLUMNS} from candidate_proposal where status {wanted} and id < ? \
         order by id desc limit ?"
    );
    let rows: Vec<Row> = db.fetch(&sql, args![before, most]).await?;
    rows.into_iter().map(|row| row.open(vault)).collect()
}
