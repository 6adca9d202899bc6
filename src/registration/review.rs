//! The secretariat decides. Approval makes member, account and first bill in one transaction; of
//! two reviewers the first one decides, and the second one is told what was decided.

use serde::Serialize;

use super::{Registration, model::Status, store};
use crate::{
    account,
    db::{self, Run},
    dues,
    kernel::{
        Timestamp,
        ids::{LevelId, RegistrationId},
    },
    member::{self, Level, Member, create::CreateError, model::NewMember},
    notice::{self, Notice, Topic},
    staff::{
        SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError},
};

/// What came of a decision.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// This decision counts.
    Done(Registration),
    /// Somebody else was faster; this is how it stands now.
    Decided(Registration),
}

/// The reviewer, as a decision records them.
#[derive(Clone, Debug)]
pub struct Reviewer {
    /// Who decides.
    pub staff: SignedInStaff,
    /// From which address.
    pub ip: String,
}

/// Approves an application: the unit becomes a member of that level, with an account and, where
/// the level owes dues, this year's bill.
pub async fn approve(
    app: &App,
    by: Reviewer,
    id: &RegistrationId,
    level: Level,
) -> Result<Outcome, AppError> {
    let input = Approval { app: app.clone(), by, id: id.clone(), level };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(admit(tx, input))).await?;
    outcome(app, id, won).await
}

/// Turns an application down; the unit may apply anew.
pub async fn reject(
    app: &App,
    by: Reviewer,
    id: &RegistrationId,
    reason: String,
) -> Result<Outcome, AppError> {
    let input = Rejection { app: app.clone(), by, id: id.clone(), reason };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(turn_down(tx, input))).await?;
    outcome(app, id, won).await
}

async fn outcome(app: &App, id: &RegistrationId, won: bool) -> Result<Outcome, AppError> {
    let now = store::find(&app.db, &app.vault, id).await?.ok_or(AppError::NotFound)?;
    Ok(if won { Outcome::Done(now) } else { Outcome::Decided(now) })
}

struct Approval {
    app: App,
    by: Reviewer,
    id: RegistrationId,
    level: Level,
}

async fn admit(tx: &db::Tx, approval: &Approval) -> Result<bool, AppError> {
    let Approval { app, by, id, level } = approval;
    let now = app.clock.now();
    if !store::approve(tx, id, &level.id, by.staff.0.id.as_str(), now).await? {
        return Ok(false);
    }
    let registration = store::find(tx, &app.vault, id).await?.ok_or(AppError::NotFound)?;
    let member = new_member(tx, app, now, &registration, level).await?;
    let hash = store::password_hash(tx, id).await?;
    account::create::create(tx, app, now, &member, &hash).await?;
    store::hand_over(tx, id, &member.id).await?;
    let year = i64::from(now.year());
    let bill = dues::issue(tx, app, now, &member.id, level, year).await?;
    let detail = Admitted {
        before: Status::Pending,
        after: Status::Approved,
        member: &member.no,
        level: &level.name,
        bill: bill.map(|bill| bill.no),
    };
    record(tx, app, by, ("registration.approve", id, ""), now, detail).await?;
    let told = Notice {
        topic: Topic::RegistrationApproved,
        member: Some(&member.id),
        object: id.as_str(),
        facts: serde_json::json!({ "no": registration.no, "level": level.name }),
    };
    notice::queue(tx, &app.ids, now, told).await?;
    Ok(true)
}

async fn new_member(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    from: &Registration,
    level: &Level,
) -> Result<Member, AppError> {
    let new = NewMember {
        name: from.name.clone(),
        uscc: from.uscc.clone(),
        legal_person: from.legal_person.clone(),
        legal_mobile: from.legal_mobile.clone(),
        contact: from.contact.clone(),
        contact_mobile: from.contact_mobile.clone(),
        user_type: from.user_type.clone(),
        level_id: level.id.clone(),
    };
    member::create::create(tx, app, now, new).await.map_err(|error| match error {
        CreateError::Exists => AppError::Refused(error.to_string()),
        CreateError::Fault(fault) => fault,
    })
}

struct Rejection {
    app: App,
    by: Reviewer,
    id: RegistrationId,
    reason: String,
}

async fn turn_down(tx: &db::Tx, rejection: &Rejection) -> Result<bool, AppError> {
    let Rejection { app, by, id, reason } = rejection;
    let now = app.clock.now();
    if !store::reject(tx, id, reason, by.staff.0.id.as_str(), now).await? {
        return Ok(false);
    }
    let detail = TurnedDown { before: Status::Pending, after: Status::Rejected };
    record(tx, app, by, ("registration.reject", id, reason), now, detail).await?;
    let told = Notice {
        topic: Topic::RegistrationRejected,
        member: None,
        object: id.as_str(),
        facts: serde_json::json!({ "registration": id }),
    };
    notice::queue(tx, &app.ids, now, told).await?;
    Ok(true)
}

#[derive(Serialize)]
struct Admitted<'a> {
    before: Status,
    after: Status,
    member: &'a str,
    level: &'a str,
    bill: Option<String>,
}

#[derive(Serialize)]
struct TurnedDown {
    before: Status,
    after: Status,
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
