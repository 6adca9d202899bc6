//! 变更申请: a member asks for changes of its locked fields; the secretariat approves or rejects. What
//! an approval changes is written by the account, which signs in with some of the fields.

use std::collections::BTreeMap;

use super::{field::Values, sheet::Sheet, store};
use crate::{
    db::{self, Run},
    file,
    kernel::{
        Timestamp, Vault,
        ids::{ChangeRequestId, FileId, MemberId},
    },
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

pub use store::change::{find, of_member, open_of, queue};

/// The most attachments of a request.
pub const MAX_FILES: usize = 3;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Row id.
    pub id: ChangeRequestId,
    /// 申请编号.
    pub no: String,
    /// Whose fields.
    pub member: MemberId,
    /// How far it is.
    pub status: Status,
    /// The fields as they were when it was submitted.
    pub before: BTreeMap<String, String>,
    /// The fields as they shall be.
    pub after: BTreeMap<String, String>,
    /// Why, in the member's words.
    pub note: String,
    /// The attachments.
    pub files: Vec<FileId>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Who decided; empty while nobody did.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision: String,
}

/// How far a request or a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 待审核.
    Submitted,
    /// 已通过.
    Approved,
    /// 未通过.
    Rejected,
    /// 已撤回, or replaced by a later one.
    Withdrawn,
}

impl Status {
    /// As it is shown.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Submitted => "待审核",
            Self::Approved => "已通过",
            Self::Rejected => "未通过",
            Self::Withdrawn => "已撤回",
        }
    }

    /// The colour of its mark.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Submitted => "wait",
            Self::Approved => "ok",
            Self::Rejected => "no",
            Self::Withdrawn => "off",
        }
    }
}

/// What a member asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The fields that differ, in their stored form.
    pub after: Values,
    /// Why.
    pub note: String,
    /// The attachments, stored before.
    pub files: Vec<FileId>,
    /// Who.
    pub actor: Actor,
    /// From where.
    pub ip: String,
}

/// Stores a request; `false` when another one waits already.
pub async fn submit(app: &App, sheet: &Sheet, asked: Asked) -> Result<bool, AppError> {
    let now = app.clock.now();
    let day: String = now.compact().chars().take(8).collect();
    let text = |(name, value): (&&'static str, &String)| ((*name).to_owned(), value.clone());
    let request = Request {
        id: ChangeRequestId::new(&app.ids, now),
        no: format!("G{day}{}", app.ids.digits(6)),
        member: sheet.member.id.clone(),
        status: Status::Submitted,
        before: asked.after.keys().map(|name| ((*name).to_owned(), sheet.value(name))).collect(),
        after: asked.after.iter().map(text).collect(),
        note: asked.note,
        files: asked.files,
        submitted_at: now,
        decided_by: String::new(),
        decided_at: None,
        decision: String::new(),
    };
    let entry = entry(asked.actor, "change.submit", &request, (String::new(), asked.ip));
    let input = (app.clone(), request, entry);
    let stored: Result<(), AppError> =
        db::transaction(&app.db, input, |tx, (app, request, entry)| {
            Box::pin(async move {
                // A form that lay open for more than a day has lost its attachments.
                if !file::claim(tx, &request.files).await? {
                    return Err(AppError::Stale);
                }
                store::change::insert(tx, &app.vault, request, entry.actor.id()).await?;
                Ok(audit::record(tx, &app.ids, request.submitted_at, entry).await?)
            })
        })
        .await;
    match stored {
        Ok(()) => Ok(true),
        Err(AppError::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn entry(
    actor: Actor,
    action: &'static str,
    request: &Request,
    (reason, ip): (String, String),
) -> Entry<serde_json::Value> {
    let fields: Vec<_> = request.after.keys().cloned().collect();
    Entry {
        actor,
        action,
        object_kind: "change-request",
        object_id: request.id.to_string(),
        reason,
        detail: serde_json::json!({ "fields": fields, "files": request.files.len() }),
        ip,
    }
}

/// How a request ends.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Approved, rejected or withdrawn.
    pub to: Status,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub reason: String,
    /// From where.
    pub ip: String,
}

/// Ends a request inside the caller's transaction, tells the member, and leaves an audit row;
/// `false` when it was ended before.
pub async fn end(
    tx: &impl Run,
    app: &App,
    request: &Request,
    ending: &Ending,
) -> Result<bool, db::Error> {
    let now = app.clock.now();
    let words = (ending.actor.id(), ending.reason.as_str());
    if !store::change::end(tx, &request.id, ending.to, words, now).await? {
        return Ok(false);
    }
    let (action, topic) = match ending.to {
        Status::Approved => ("change.approve", Some(Topic::ChangeApproved)),
        Status::Rejected => ("change.reject", Some(Topic::ChangeRejected)),
        Status::Submitted | Status::Withdrawn => ("change.withdraw", None),
    };
    let why = (ending.reason.clone(), ending.ip.clone());
    let entry = entry(ending.actor.clone(), action, request, why);
    audit::record(tx, &app.ids, now, &entry).await?;
    if let Some(topic) = topic {
        let facts = serde_json::json!({ "no": request.no });
        let object = request.id.as_str();
        let notice = Notice { topic, member: Some(&request.member), object, facts };
        notice::queue(tx, &app.ids, now, notice).await?;
    }
    Ok(true)
}

/// The member takes its request back.
pub async fn withdraw(app: &App, request: &Request, ending: Ending) -> Result<bool, AppError> {
    let input = (app.clone(), request.clone(), ending);
    db::transaction(&app.db, input, |tx, (app, request, ending)| {
        Box::pin(async move { Ok(end(tx, app, request, ending).await?) })
    })
    .await
}

/// The request of a member that waits, when it is the member's.
pub async fn own(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    id: &ChangeRequestId,
) -> Result<Request, AppError> {
    let request = find(db, vault, id).await?.filter(|request| request.member == *member);
    request.ok_or(AppError::NotFound)
}
