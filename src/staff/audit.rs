//! The audit log: who did what to which object, why, and what changed. Rows are only added.

use serde::{Deserialize, Serialize};

use super::store;
use crate::{
    db::{self, Run},
    kernel::{
        Ids, Timestamp,
        ids::{AccountId, StaffId},
    },
};

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Staff.
    Staff(StaffId),
    /// A member's account.
    Member(AccountId),
    /// An applicant without an account, or a browser before login.
    Visitor,
    /// A job, or WeChat by a verified notification.
    System,
}

impl Actor {
    /// What kind of actor, as it is stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff",
            Self::Member(_) => "member",
            Self::Visitor => "visitor",
            Self::System => "system",
        }
    }

    /// Whose id that kind has; empty for visitors and jobs.
    pub fn id(&self) -> &str {
        match self {
            Self::Staff(id) => id.as_str(),
            Self::Member(id) => id.as_str(),
            Self::Visitor | Self::System => "",
        }
    }
}

/// One row of the log.
#[derive(Clone, Debug)]
pub struct Entry<D> {
    /// Who acted.
    pub actor: Actor,
    /// What was done, for example `registration.approve`.
    pub action: &'static str,
    /// The kind of object, for example `registration`.
    pub object_kind: &'static str,
    /// Its id.
    pub object_id: String,
    /// Why, where a person was asked; else empty.
    pub reason: String,
    /// Before and after; no personal data in clear.
    pub detail: D,
    /// The address that it came from; empty for jobs.
    pub ip: String,
}

/// Adds a row inside the caller's transaction.
pub async fn record<D: Serialize + Sync>(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    entry: &Entry<D>,
) -> Result<(), db::Error> {
    store::insert_audit(tx, &ids.next(now), now, entry).await
}

/// What the log says of an object, the oldest first.
pub async fn of_object(
    db: &impl Run,
    kind: &str,
    id: &str,
    most: i64,
) -> Result<Vec<Logged>, db::Error> {
    store::audit_of(db, kind, id, most).await
}

/// A row of the log.
#[derive(Clone, Debug, Deserialize)]
pub struct Logged {
    /// When.
    pub at_ms: Timestamp,
    /// `staff`, `member`, `visitor` or `system`.
    pub actor_kind: String,
    /// Which of them; empty for visitors and the system.
    pub actor_id: String,
    /// What was done.
    pub action: String,
    /// Why.
    pub reason: String,
}

/// A row as a page shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// When.
    #[serde(rename = "at_ms")]
    pub at: Timestamp,
    /// `staff`, `member`, `visitor` or `system`.
    pub actor_kind: String,
    /// Their id; empty for the last two.
    pub actor_id: String,
    /// What was done.
    pub action: String,
    /// Why.
    pub reason: String,
    /// From where.
    pub ip: String,
}

/// The latest rows of an object, newest first.
pub async fn latest_of(
    db: &impl Run,
    kind: &str,
    id: &str,
    most: i64,
) -> Result<Vec<Row>, db::Error> {
    store::latest_audit_of(db, (kind, id), most).await
}
