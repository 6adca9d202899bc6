//! `/admin/candidates`: 人选审批, the queue and one proposal beside the list in force.

pub mod queue;

pub use queue::QueuePage;

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::{
    super::{
        candidates::{Shown, shown, shows},
        files,
    },
    reason,
};
use crate::{
    file::Served,
    kernel::ids::ProposalId,
    member::{
        self,
        admin::actor_name,
        candidate::{self, Decision, Line, Person, Proposal, difference},
        change::Status,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther},
};

const FIELDS: &[&str] = &["reason"];

/// `/admin/candidates/{proposal}`
#[derive(Debug, Serialize)]
pub struct ProposalPage {
    path: String,
    name: String,
    member: String,
    at: String,
    state: &'static str,
    chip: &'static str,
    lines: Vec<Line>,
    proposed: Vec<Shown>,
    effective: Vec<Shown>,
    decided: String,
    decision: String,
    may_decide: bool,
    problem: String,
    approve_form: FormState,
    reject_form: FormState,
}

impl Page for ProposalPage {
    const TEMPLATE: &'static str = "admin/candidate/detail.html";
    const MENU: &'static str = "candidates";

    fn title(&self) -> String {
        format!("理事相关人选：{}", self.name)
    }

    fn samples() -> Vec<Self> {
        let old = Person { name: "示例甲".into(), post: "经理".into(), ..Person::default() };
        let new = Person { post: "总经理".into(), photo: "y".into(), ..old.clone() };
        let page = |may_decide: bool, decided: &str| Self {
            path: "/admin/candidates/x".into(),
            name: "示例网络科技有限公司".into(),
            member: "/admin/members/x".into(),
            at: "2026-11-24 12:00".into(),
            state: "待审核",
            chip: "wait",
            lines: difference(std::slice::from_ref(&old), std::slice::from_ref(&new)),
            proposed: vec![shown(&new, "/admin/candidates/x/files")],
            effective: vec![shown(&old, "/admin/candidates/x/files")],
            decided: decided.into(),
            decision: "同意".into(),
            may_decide,
            problem: if may_decide { String::new() } else { "已由他人处理".into() },
            approve_form: FormState::blank(FIELDS),
            reject_form: FormState::blank(FIELDS),
        };
        vec![page(true, ""), page(false, "示例管理员，2026-11-24 12:00")]
    }
}

async fn of_address(app: &App, req: &Request) -> Result<Proposal, AppError> {
    let id = req.param::<String>("proposal").and_then(|id| id.parse().ok());
    let id: ProposalId = id.ok_or(AppError::NotFound)?;
    candidate::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)
}

async fn look(
    app: &App,
    who: &SignedInStaff,
    proposal: &Proposal,
) -> Result<ProposalPage, AppError> {
    let effective = candidate::effective(&app.db, &app.vault, &proposal.member).await?.people;
    let names = member::names(&app.db, std::slice::from_ref(&proposal.member)).await?;
    let path = format!("/admin/candidates/{}", proposal.id);
    let files = format!("{path}/files");
    let decided = match proposal.decided_at {
        None => String::new(),
        Some(at) => {
            let name = actor_name(&app.db, "staff", &proposal.decided_by).await?;
            format!("{name}，{}", at.to_minute())
        }
    };
    Ok(ProposalPage {
        path,
        name: names.get(&proposal.member).cloned().unwrap_or_default(),
        member: format!("/admin/members/{}", proposal.member),
        at: proposal.submitted_at.to_minute(),
        state: proposal.status.label(),
        chip: proposal.status.chip(),
        lines: difference(&effective, &proposal.people),
        proposed: proposal.people.iter().map(|person| shown(person, &files)).collect(),
        effective: effective.iter().map(|person| shown(person, &files)).collect(),
        decided,
        decision: proposal.decision.clone(),
        may_decide: proposal.status == Status::Submitted
            && who.0.role.may(Permission::DecideMembers),
        problem: String::new(),
        approve_form: FormState::blank(FIELDS),
        reject_form: FormState::blank(FIELDS),
    })
}

/// `GET /admin/candidates/{proposal}`
#[handler]
pub async fn show(
    app: App,
    who: SignedInStaff,
    client: Client,
    req: &mut Request,
) -> Result<Html<ProposalPage>, AppError> {
    // Mobiles stand here in full: who may not decide has no need of them.
    who.require(Permission::DecideMembers)?;
    let proposal = of_address(&app, req).await?;
    let kind = ("candidates.view", "candidate-proposal");
    who.has_seen(&app, &client, kind, proposal.id.as_str()).await?;
    Ok(Html::new(look(&app, &who, &proposal).await?))
}

type Answer = Result<Result<SeeOther, Html<ProposalPage>>, AppError>;

/// `POST /admin/candidates/{proposal}/approve`
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

/// `POST /admin/candidates/{proposal}/reject`
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
    let proposal = of_address(app, req).await?;
    let mut fields = Fields::of(form);
    let why = reason(&mut fields, if to == Status::Approved { "通过说明" } else { "不通过原因" });
    let why = match fields.finish(why) {
        Ok(why) => why,
        Err(errors) => {
            let state = FormState::refused(FIELDS, form, errors);
            let mut page = look(app, who, &proposal).await?;
            if to == Status::Approved {
                page.approve_form = state;
            } else {
                page.reject_form = state;
            }
            return Ok(Err(Html::refused(page)));
        }
    };
    let decision = Decision { to, actor: who.actor(), reason: why, ip: client.ip };
    if candidate::decide(app, &proposal, decision).await? {
        let text = if to == Status::Approved {
            "已通过，名单已生效"
        } else {
            "已退回，会员会看到原因"
        };
        return Ok(Ok(SeeOther::to("/admin/candidates").saying(text)));
    }
    let proposal = of_address(app, req).await?;
    let mut page = look(app, who, &proposal).await?;
    page.problem = "这份名单已由他人处理，或会员提交了新的名单，本次操作没有生效".into();
    Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
}

/// `GET /admin/candidates/{proposal}/files/{file}`
#[handler]
pub async fn attachment(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    who.require(Permission::DecideMembers)?;
    let proposal = of_address(&app, req).await?;
    let list = candidate::effective(&app.db, &app.vault, &proposal.member).await?;
    let people: Vec<Person> = proposal.people.into_iter().chain(list.people).collect();
    files::serve(&app, &proposal.member, req, |file| shows(&people, file)).await
}
