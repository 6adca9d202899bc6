//! 理事相关人选: what a council member's save makes is a proposal; the list in force changes when the
//! secretariat approves it. Both are kept, and their difference is shown.

mod difference;
mod person;

pub use difference::{Line, difference};
pub use person::{COLUMNS, Person};

use super::{
    change::Status,
    history::{self, Event, Source},
    store,
};
use crate::{
    db::{self, Run},
    file,
    kernel::{
        Timestamp,
        ids::{FileId, MemberId, ProposalId},
    },
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

pub use store::candidate::{effective, find, of_member, open_of, queue};

/// The most rows of a list.
pub const MOST: usize = 10;

/// The list in force; version 0 and nobody while there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// In the order of the form.
    pub people: Vec<Person>,
    /// Grows with every approval.
    pub version: i64,
}

/// A proposed list.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Row id.
    pub id: ProposalId,
    /// Whose.
    pub member: MemberId,
    /// How far it is.
    pub status: Status,
    /// The version of the list in force that it was made from.
    pub base_version: i64,
    /// The proposed list, whole.
    pub people: Vec<Person>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Who decided; empty while nobody did.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision: String,
}

/// Stores a proposal in place of one that still waits.
pub async fn propose(
    app: &App,
    actor: Actor,
    member: &MemberId,
    people: Vec<Person>,
    ip: String,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let proposal = Proposal {
        id: ProposalId::new(&app.ids, now),
        member: member.clone(),
        status: Status::Submitted,
        base_version: effective(&app.db, &app.vault, member).await?.version,
        people,
        submitted_at: now,
        decided_by: String::new(),
        decided_at: None,
        decision: String::new(),
    };
    let entry = entry(actor, "candidates.propose", &proposal, (String::new(), ip));
    let input = (app.clone(), proposal, entry);
    db::transaction(&app.db, input, |tx, (app, proposal, entry)| {
        Box::pin(async move {
            // A form that lay open for more than a day has lost its photos.
            if !file::claim(tx, &files(&proposal.people)).await? {
                return Err(AppError::Stale);
            }
            store::candidate::replace_open(tx, &proposal.member, proposal.submitted_at).await?;
            store::candidate::insert(tx, &app.vault, proposal, entry.actor.id()).await?;
            Ok(audit::record(tx, &app.ids, proposal.submitted_at, entry).await?)
        })
    })
    .await
}

/// Photos and résumés.
fn files(people: &[Person]) -> Vec<FileId> {
    let named = people.iter().flat_map(|person| [&person.photo, &person.resume]);
    named.filter_map(|id| id.parse().ok()).collect()
}

fn entry(
    actor: Actor,
    action: &'static str,
    proposal: &Proposal,
    (reason, ip): (String, String),
) -> Entry<serde_json::Value> {
    Entry {
        actor,
        action,
        object_kind: "candidate-proposal",
        object_id: proposal.id.to_string(),
        reason,
        detail: serde_json::json!({ "people": proposal.people.len() }),
        ip,
    }
}

/// A decision about a proposal.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Approved or rejected.
    pub to: Status,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub reason: String,
    /// From where.
    pub ip: String,
}

/// Approves or rejects; an approved list is in force at once. `false` when somebody decided
/// before, or the member sent another list.
pub async fn decide(app: &App, proposal: &Proposal, decision: Decision) -> Result<bool, AppError> {
    let input = (app.clone(), proposal.clone(), decision);
    db::transaction(&app.db, input, |tx, (app, proposal, decision)| {
        Box::pin(work(tx, app, proposal, decision))
    })
    .await
}

async fn work(
    tx: &db::Tx,
    app: &App,
    proposal: &Proposal,
    decision: &Decision,
) -> Result<bool, AppError> {
    let now = app.clock.now();
    let words = (decision.actor.id(), decision.reason.as_str());
    if !store::candidate::decide(tx, &proposal.id, decision.to, words, now).await? {
        return Ok(false);
    }
    let (action, topic) = if decision.to == Status::Approved {
        put_in_force(tx, app, proposal, decision).await?;
        ("candidates.approve", Topic::CandidatesApproved)
    } else {
        ("candidates.reject", Topic::CandidatesRejected)
    };
    let why = (decision.reason.clone(), decision.ip.clone());
    audit::record(tx, &app.ids, now, &entry(decision.actor.clone(), action, proposal, why)).await?;
    let facts = serde_json::json!({ "people": proposal.people.len() });
    let object = proposal.id.as_str();
    let notice = Notice { topic, member: Some(&proposal.member), object, facts };
    notice::queue(tx, &app.ids, now, notice).await?;
    Ok(true)
}

async fn put_in_force(
    tx: &impl Run,
    app: &App,
    proposal: &Proposal,
    decision: &Decision,
) -> Result<(), AppError> {
    let (now, member) = (app.clock.now(), &proposal.member);
    let before = effective(tx, &app.vault, member).await?.people;
    store::candidate::put(tx, &app.vault, member, (&proposal.people, now)).await?;
    let event = Event {
        member: member.clone(),
        version: store::history::grow(tx, member).await?,
        source: Source::Request,
        actor: decision.actor.clone(),
        reason: decision.reason.clone(),
    };
    let field = ("candidates", named(&before), named(&proposal.people));
    history::record(tx, (&app.vault, &app.ids), now, &event, &[field]).await
}

/// A list in one line, for the history.
fn named(people: &[Person]) -> String {
    let named = |person: &Person| format!("{}（{}）", person.name, person.words("seat"));
    people.iter().map(named).collect::<Vec<_>>().join("、")
}
