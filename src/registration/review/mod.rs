//! The secretariat decides. Every decision is for the version that the reviewer saw; of two
//! reviewers the first one decides, and the second one is told what was decided.
//!
//! With one review step [`admit::approve`] makes a member at once. With two, the first reviewer
//! endorses and another one approves; the database refuses the same person twice.

pub mod admit;
pub mod refuse;

use serde::Serialize;

use super::{Registration, store};
use crate::{
    db,
    kernel::{
        Date, Timestamp,
        ids::{LevelId, RegistrationId},
    },
    member::{self, Level},
    staff::{
        SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError},
};

pub use admit::approve;
pub use refuse::{give_back, reject};

/// What came of a decision.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This decision counts.
    Done(Registration),
    /// Somebody else was faster; this is how it stands now.
    Decided(Registration),
    /// 复审 is for somebody other than who did 初审.
    SamePerson(Registration),
}

/// What an approval grants; 初审 only proposes the level.
#[derive(Clone, Debug)]
pub struct Admission {
    /// 会员等级.
    pub level: Level,
    /// 会员标签.
    pub tags: Vec<String>,
    /// 入会日期, not later than today.
    pub joined_on: Date,
}

/// The reviewer, as a decision records them.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// Who decides.
    pub staff: SignedInStaff,
    /// From which address.
    pub ip: String,
}

impl Reviewer {
    pub(super) fn id(&self) -> &str {
        self.staff.0.id.as_str()
    }

    fn at(&self, now: Timestamp) -> store::decide::By<'_> {
        store::decide::By { staff: self.id(), now }
    }
}

async fn outcome(app: &App, id: &RegistrationId, won: bool) -> Result<Outcome, AppError> {
    let now = store::find(&app.db, &app.vault, id).await?.ok_or(AppError::NotFound)?;
    Ok(if won { Outcome::Done(now) } else { Outcome::Decided(now) })
}

async fn record(
    tx: &db::Tx,
    app: &App,
    by: &Reviewer,
    (action, id, reason): (&'static str, &RegistrationId, &str),
    now: Timestamp,
    detail: impl Serialize + Sync,
) -> Result<(), AppError> {
    let entry = Entry {
        actor: by.staff.actor(),
        action,
        object_kind: "registration",
        object_id: id.to_string(),
        reason: reason.to_owned(),
        detail,
        ip: by.ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, now, &entry).await?)
}

/// The level that a reviewer chose, if the association has it.
pub async fn level(app: &App, typed: &str) -> Result<Option<Level>, AppError> {
    let Ok(id) = typed.parse::<LevelId>() else { return Ok(None) };
    Ok(member::level::find(&app.db, &id).await?)
}
