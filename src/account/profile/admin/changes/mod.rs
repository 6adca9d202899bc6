//! `/admin/changes`: 变更申请, the queue and one request.

pub mod queue;
mod sample;
mod work;

pub use queue::QueuePage;

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::{super::files, reason};
use crate::{
    db,
    file::Served,
    kernel::ids::ChangeRequestId,
    member::{
        admin::actor_name,
        amend::AmendError,
        change::{self, Ending, Status},
        field::label,
        profile as rules,
        sheet::{self, Sheet, words},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther},
};

const FIELDS: &[&str] = &["reason"];

/// `/admin/changes/{change}`
#[derive(Debug, Serialize)]
pub struct ChangePage {
    path: String,
    no: String,
    name: String,
    member: String,
    version: i64,
    at: String,
    note: String,
    state: &'static str,
    chip: &'static str,
    lines: Vec<Line>,
    files: Vec<String>,
    decided: String,
    decision: String,
    may_decide: bool,
    problem: String,
    approve_form: FormState,
    reject_form: FormState,
}

/// One field: as it was when the request was made, as it is, as it shall be.
#[derive(Debug, Serialize)]
struct Line {
    label: &'static str,
    before: String,
    now: String,
    after: String,
    is_overtaken: bool,
}

impl Page for ChangePage {
    const TEMPLATE: &'static str = "admin/change/detail.html";
    const MENU: &'static str = "changes";

    fn title(&self) -> String {
        format!("变更申请 {}", self.no)
    }

    fn samples() -> Vec<Self> {
        sample::pages()
    }
}

async fn of_address(app: &App, req: &Request) -> Result<(change::Request, Sheet), AppError> {
    let id = req.param::<String>("change").and_then(|id| id.parse().ok());
    let id: ChangeRequestId = id.ok_or(AppError::NotFound)?;
    let request = change::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)?;
    let sheet = sheet::find(&app.db, &app.vault, &request.member).await?;
    Ok((request, sheet.ok_or(AppError::NotFound)?))
}

async fn look(
    app: &App,
    who: &SignedInStaff,
    (request, sheet): (&change::Request, &Sheet),
) -> Result<ChangePage, AppError> {
    let path = format!("/admin/changes/{}", request.id);
    let line = |(name, after): (&String, &String)| {
        let (before, now) =
            (request.before.get(name).cloned().unwrap_or_default(), sheet.value(name));
        Line {
            label: label(name),
            is_overtaken: request.status == Status::Submitted && before != now,
            before: words(name, &before),
            now: words(name, &now),
            after: words(name, after),
        }
    };
    let decided = match request.decided_at {
        None => String::new(),
        Some(at) => {
            let kind = if request.status == Status::Withdrawn { "member" } else { "staff" };
            let name = actor_name(&app.db, kind, &request.decided_by).await?;
            format!("{name}，{}", at.to_minute())
        }
    };
    Ok(ChangePage {
        no: request.no.clone(),
        name: sheet.member.name.clone(),
        member: format!("/admin/members/{}", request.member),
        version: sheet.member.version,
        at: request.submitted_at.to_minute(),
        note: request.note.clone(),
        state: request.status.label(),
        chip: request.status.chip(),
        lines: request.after.iter().map(line).collect(),
        files: request.files.iter().map(|file| format!("{path}/files/{file}")).collect(),
        path,
        decided,
        decision: request.decision.clone(),
        may_decide: request.status == Status::Submitted
            && who.0.role.may(Permission::DecideMembers),
        problem: String::new(),
        approve_form: FormState::blank(FIELDS),
        reject_form: FormState::blank(FIELDS),
    })
}

/// `GET /admin/changes/{change}`
#[handler]
pub async fn show(
    app: App,
    who: SignedInStaff,
    client: Client,
    req: &mut Request,
) -> Result<Html<ChangePage>, AppError> {
    // The fields stand here in full: who may not decide has no need of them.
    who.require(Permission::DecideMembers)?;
    let (request, sheet) = of_address(&app, req).await?;
    who.has_seen(&app, &client, ("change.view", "change-request"), request.id.as_str()).await?;
    Ok(Html::new(look(&app, &who, (&request, &sheet)).await?))
}

type Answer = Result<Result<SeeOther, Html<ChangePage>>, AppError>;

/// `POST /admin/changes/{change}/approve`
#[handler]
pub async fn approve(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    decide(&app, client, &who, &form, (req, Status::Approved)).await
}

/// `POST /admin/changes/{change}/reject`
#[handler]
pub async fn reject(
    app: App,
    client: Client,
    who: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    decide(&app, client, &who, &form, (req, Status::Rejected)).await
}

async fn decide(
    app: &App,
    client: Client,
    who: &SignedInStaff,
    form: &Form,
    (req, to): (&Request, Status),
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let (request, sheet) = of_address(app, req).await?;
    let mut fields = Fields::of(form);
    let why = reason(&mut fields, if to == Status::Approved { "通过说明" } else { "不通过原因" });
    let why = match fields.finish(why) {
        Ok(why) => why,
        Err(errors) => {
            let state = FormState::refused(FIELDS, form, errors);
            let mut page = look(app, who, (&request, &sheet)).await?;
            if to == Status::Approved {
                page.approve_form = state;
            } else {
                page.reject_form = state;
            }
            return Ok(Err(Html::refused(page)));
        }
    };
    let ending = Ending { to, actor: who.actor(), reason: why, ip: client.ip };
    let is_current = to == Status::Rejected || rules::version(form) == sheet.member.version;
    let problem = if is_current {
        let input = (app.clone(), request.clone(), sheet, ending);
        let done = db::transaction(&app.db, input, |tx, (app, request, sheet, ending)| {
            Box::pin(work::work(tx, app, (request, sheet), ending))
        });
        match done.await {
            Ok(true) => {
                let text = if to == Status::Approved {
                    "已通过，资料已更新"
                } else {
                    "已退回，会员会看到原因"
                };
                return Ok(Ok(SeeOther::to("/admin/changes").saying(text)));
            }
            Ok(false) => "这份申请已由他人处理或会员已撤回，本次操作没有生效".to_owned(),
            Err(AmendError::Fault(fault)) => return Err(fault),
            Err(AmendError::Changed) => CHANGED.to_owned(),
            Err(taken @ AmendError::Taken(_)) => format!("{taken}，没有生效"),
        }
    } else {
        CHANGED.to_owned()
    };
    let (request, sheet) = of_address(app, req).await?;
    let mut page = look(app, who, (&request, &sheet)).await?;
    page.problem = problem;
    Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
}

const CHANGED: &str = "这位会员的资料刚刚被修改，请核对最新内容后再处理";

/// `GET /admin/changes/{change}/files/{file}`
#[handler]
pub async fn attachment(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    who.require(Permission::DecideMembers)?;
    let (request, _) = of_address(&app, req).await?;
    files::serve(&app, &request.member, req, |file| request.files.contains(file)).await
}
