//! 换绑申请 on the secretariat's side: the queue, the evidence, the decision.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use super::{
    addressed, path,
    sheet::{AccountPage, Extra, FIELDS, page},
};
use crate::{
    account::rescue::{self, Decision, Rescue, Status},
    file::{self, Owner, Served},
    kernel::{Timestamp, text},
    member::{self, Member},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther},
};

/// Requests that the queue shows; decided ones make room.
const MOST: i64 = 50;

/// A request on the page of its account.
#[derive(Debug, Serialize)]
pub(super) struct RescueView {
    state: &'static str,
    chip: &'static str,
    requested: String,
    reason: String,
    ip: String,
    decision: String,
    effective: String,
    file: String,
    is_waiting: bool,
    form: FormState,
}

impl RescueView {
    pub(super) fn of(from: Rescue, member: &Member, form: Option<FormState>) -> Self {
        Self {
            state: from.status.label(),
            chip: from.status.chip(),
            requested: from.requested_at.to_minute(),
            reason: from.reason,
            ip: from.ip,
            decision: from.decision,
            effective: from.effective_at.map(Timestamp::to_minute).unwrap_or_default(),
            file: format!("{}/rescue/evidence", path(member)),
            is_waiting: from.status == Status::Waiting,
            form: form.unwrap_or_else(|| FormState::blank(FIELDS)),
        }
    }

    pub(super) fn sample() -> Self {
        Self {
            state: Status::Waiting.label(),
            chip: Status::Waiting.chip(),
            requested: "2026-11-24 12:00".into(),
            reason: "手机丢失".into(),
            ip: "192.0.2.7".into(),
            decision: "已电话核实".into(),
            effective: "2026-11-25 12:00".into(),
            file: "/admin/members/x/account/rescue/evidence".into(),
            is_waiting: true,
            form: FormState::blank(FIELDS),
        }
    }
}

/// `/admin/rescues`
#[derive(Debug, Serialize)]
pub struct RescuesPage {
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    url: String,
    unit: String,
    reason: String,
    requested: String,
}

impl Page for RescuesPage {
    const TEMPLATE: &'static str = "admin/account/rescues.html";
    const MENU: &'static str = "members";

    fn title(&self) -> String {
        "换绑申请".into()
    }

    fn samples() -> Vec<Self> {
        let row = Row {
            url: "/admin/members/x/account".into(),
            unit: "示例网络科技有限公司".into(),
            reason: "手机丢失".into(),
            requested: "2026-11-24 12:00".into(),
        };
        vec![Self { rows: Vec::new() }, Self { rows: vec![row] }]
    }
}

/// `GET /admin/rescues`
#[handler]
pub async fn queue(app: App, who: SignedInStaff) -> Result<Html<RescuesPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let waiting = rescue::waiting(&app, MOST).await?;
    let ids: Vec<_> = waiting.iter().map(|rescue| rescue.member.clone()).collect();
    let names = if ids.is_empty() {
        std::collections::HashMap::new()
    } else {
        member::store::names(&app.db, &ids).await?
    };
    let row = |rescue: Rescue| Row {
        url: format!("/admin/members/{}/account", rescue.member),
        unit: names.get(&rescue.member).cloned().unwrap_or_default(),
        reason: rescue.reason,
        requested: rescue.requested_at.to_minute(),
    };
    Ok(Html::new(RescuesPage { rows: waiting.into_iter().map(row).collect() }))
}

/// `GET /admin/members/{member}/account/rescue/evidence`
#[handler]
pub async fn evidence(app: App, who: SignedInStaff, req: &mut Request) -> Result<Served, AppError> {
    who.require(Permission::DecideMembers)?;
    let (account, member) = addressed(&app, req).await?;
    let last = rescue::last(&app, &account.id).await?.ok_or(AppError::NotFound)?;
    let owner = Owner::Member(member.id.clone());
    let file = file::find(&app.db, &owner, &last.file).await?.ok_or(AppError::NotFound)?;
    file::serve(&app, &file).await
}

/// `POST /admin/members/{member}/account/rescue/{decision}`
#[handler]
pub async fn decide(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<AccountPage>>, AppError> {
    who.require(Permission::DecideMembers)?;
    let is_approved = match req.param::<String>("decision").as_deref() {
        Some("approve") => true,
        Some("reject") => false,
        _ => return Err(AppError::NotFound),
    };
    let (account, member) = addressed(&app, req).await?;
    let mut fields = Fields::of(&form);
    let words = fields.read("reason", |typed| text::required(typed, 300));
    let words = match fields.finish(words) {
        Ok(words) => words,
        Err(errors) => {
            let rescue_form = Some(FormState::refused(FIELDS, &form, errors));
            let extra = Extra { rescue_form, ..Extra::default() };
            return Ok(Err(Html::refused(page(&app, &who, (&account, &member), extra).await?)));
        }
    };
    let back = SeeOther::to(path(&member));
    let open = rescue::open(&app, &account.id).await?;
    let Some(open) = open.filter(|rescue| rescue.status == Status::Waiting) else {
        return Ok(Ok(back.refusing("该申请已处理，您的操作未生效")));
    };
    let decision = Decision { by: who, ip: client.ip, words, is_approved };
    Ok(Ok(match (rescue::decide(&app, &open, decision).await?, is_approved) {
        (false, _) => back.refusing("该申请已处理，您的操作未生效"),
        (true, true) => back.saying("已通过，冷静期结束后原微信解绑"),
        (true, false) => back.saying("已驳回"),
    }))
}
