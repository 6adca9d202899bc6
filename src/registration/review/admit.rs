//! 通过: the first of two reviewers endorses, the last one admits. Admission makes member, account
//! and first bill and queues the notice, in one transaction.

use serde::Serialize;

use super::{Admission, Outcome, Reviewer, outcome, record};
use crate::{
    account,
    db::{self, Run},
    dues,
    kernel::{Date, Timestamp},
    member::{self, Member, create::CreateError, model::NewMember},
    notice::{self, Notice, Topic},
    registration::{
        Registration,
        model::{Act, Status},
        store::{self, decide},
    },
    web::{App, AppError},
};

/// Approves what the reviewer saw: as the first of two, or so that the unit becomes a member of
/// that level, with an account and, where the level owes dues, this year's bill.
pub async fn approve(
    app: &App,
    by: Reviewer,
    seen: &Registration,
    granted: Admission,
) -> Result<Outcome, AppError> {
    if seen.status == Status::Endorsed && seen.endorsed_by == by.id() {
        return Ok(Outcome::SamePerson(seen.clone()));
    }
    let is_first = is_first_step(app, seen);
    let input = Approval { app: app.clone(), by, seen: seen.clone(), granted, is_first };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await?;
    outcome(app, &seen.id, won).await
}

/// True when an approval of this application is only the first of two.
pub fn is_first_step(app: &App, of: &Registration) -> bool {
    app.settings.site.review_steps > 1 && of.status == Status::Pending
}

struct Approval {
    app: App,
    by: Reviewer,
    seen: Registration,
    granted: Admission,
    is_first: bool,
}

async fn write(tx: &db::Tx, approval: &Approval) -> Result<bool, AppError> {
    if approval.is_first { endorse(tx, approval).await } else { admit(tx, approval).await }
}

async fn endorse(tx: &db::Tx, approval: &Approval) -> Result<bool, AppError> {
    let Approval { app, by, seen, granted: Admission { level, .. }, .. } = approval;
    let now = app.clock.now();
    if !decide::endorse(tx, seen, &level.id, by.at(now)).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({
        "before": seen.status, "after": Act::Endorse.to(), "level": level.name,
    });
    record(tx, app, by, ("registration.endorse", &seen.id, ""), now, detail).await?;
    Ok(true)
}

async fn admit(tx: &db::Tx, approval: &Approval) -> Result<bool, AppError> {
    let Approval { app, by, seen, granted, .. } = approval;
    let level = &granted.level;
    let now = app.clock.now();
    let from: &[Status] =
        if app.settings.site.review_steps > 1 { &[Status::Endorsed] } else { Act::Approve.from() };
    if !decide::approve(tx, seen, &level.id, by.at(now), from).await? {
        return Ok(false);
    }
    let registration = store::find(tx, &app.vault, &seen.id).await?.ok_or(AppError::NotFound)?;
    let member = new_member(tx, (app, by), now, &registration, granted).await?;
    let hash = store::password_hash(tx, &seen.id).await?;
    account::create::create(tx, app, now, &member, &hash).await?;
    if let Some(open_id) = &registration.open_id {
        account::bind::note_registrant(tx, app, &registration.uscc, open_id).await?;
    }
    decide::hand_over(tx, &seen.id, &member.id).await?;
    let bill = dues::issue(tx, app, now, &member.id, level, granted.joined_on).await?;
    let detail = Admitted {
        before: seen.status,
        after: Status::Approved,
        member: &member.no,
        level: &level.name,
        joined_on: granted.joined_on,
        tags: &granted.tags,
        bill: bill.map(|bill| bill.no),
    };
    record(tx, app, by, ("registration.approve", &seen.id, ""), now, detail).await?;
    let told = Notice {
        topic: Topic::RegistrationApproved,
        member: Some(&member.id),
        object: seen.id.as_str(),
        facts: serde_json::json!({ "no": registration.no, "level": level.name }),
    };
    notice::queue(tx, &app.ids, now, told).await?;
    Ok(true)
}

async fn new_member(
    tx: &impl Run,
    (app, by): (&App, &Reviewer),
    now: Timestamp,
    from: &Registration,
    granted: &Admission,
) -> Result<Member, AppError> {
    let new = NewMember {
        name: from.name.clone(),
        uscc: from.uscc.clone(),
        legal_person: from.legal_person.clone(),
        legal_mobile: from.legal_mobile.clone(),
        contact: from.contact.clone(),
        contact_mobile: from.contact_mobile.clone(),
        user_type: from.user_type.clone(),
        level_id: granted.level.id.clone(),
        joined_on: granted.joined_on,
    };
    let created = member::create::create(tx, app, now, new).await;
    let member = created.map_err(|error| match error {
        CreateError::Exists => AppError::Refused(error.to_string()),
        CreateError::Fault(fault) => fault,
    })?;
    if !granted.tags.is_empty() {
        let actor = by.staff.actor();
        member::tag::give(tx, app, (&actor, &member), &granted.tags, (member.version, &by.ip))
            .await?;
    }
    Ok(member)
}

#[derive(Serialize)]
struct Admitted<'a> {
    before: Status,
    after: Status,
    member: &'a str,
    level: &'a str,
    joined_on: Date,
    tags: &'a [String],
    bill: Option<String>,
}
