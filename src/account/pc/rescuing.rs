//! `/login/rescue`: 申请换绑微信, for somebody whose password is right and whose WeChat is lost.

use std::time::Duration;

use salvo::{Request, Writer, handler};
use serde::Serialize;

use crate::{
    account::{
        PreAuth,
        rescue::{self, RequestError, Rescue},
    },
    file::{self, FileError, Owner},
    kernel::{Timestamp, ids::FileId, text},
    web::{
        App, AppError, Client, Fields, Form, FormState, Html, Page, form::FieldErrors, throttle,
    },
};

const FIELDS: &[&str] = &["reason", "evidence"];
/// Files that an account may send in an hour.
const MOST_FILES: u64 = 10;

/// `/login/rescue`
#[derive(Debug, Serialize)]
pub struct RescuePage {
    form: FormState,
    unit: String,
    pause_hours: u64,
    /// The last request, if there is one.
    last: Option<LastRequest>,
    /// A new one may be sent.
    is_open: bool,
}

#[derive(Debug, Serialize)]
struct LastRequest {
    state: &'static str,
    chip: &'static str,
    requested: String,
    decision: String,
    effective: String,
}

impl From<Rescue> for LastRequest {
    fn from(rescue: Rescue) -> Self {
        Self {
            state: rescue.status.label(),
            chip: rescue.status.chip(),
            requested: rescue.requested_at.to_minute(),
            decision: rescue.decision,
            effective: rescue.effective_at.map(Timestamp::to_minute).unwrap_or_default(),
        }
    }
}

impl Page for RescuePage {
    const TEMPLATE: &'static str = "pages/account/rescue.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "申请换绑微信".into()
    }

    fn samples() -> Vec<Self> {
        let page = |form, last: Option<rescue::Status>| Self {
            form,
            unit: "示例网络科技有限公司".into(),
            pause_hours: 24,
            is_open: last.is_none_or(|status| status == rescue::Status::Rejected),
            last: last.map(|status| LastRequest {
                state: status.label(),
                chip: status.chip(),
                requested: "2026-11-24 12:00".into(),
                decision: "已电话核实".into(),
                effective: "2026-11-25 12:00".into(),
            }),
        };
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("reason", "不能为空".into());
        wrong.errors.insert("evidence", "请上传证明材料".into());
        let blank = || FormState::blank(FIELDS);
        vec![
            page(blank(), None),
            page(wrong, None),
            page(blank(), Some(rescue::Status::Waiting)),
            page(blank(), Some(rescue::Status::Cooling)),
            page(blank(), Some(rescue::Status::Rejected)),
        ]
    }
}

async fn page(app: &App, who: &PreAuth, form: FormState) -> Result<RescuePage, AppError> {
    let is_open = rescue::open(app, &who.account.id).await?.is_none();
    Ok(RescuePage {
        form,
        unit: who.member.name.clone(),
        pause_hours: app.settings.security.rescue_hours,
        last: rescue::last(app, &who.account.id).await?.map(LastRequest::from),
        is_open,
    })
}

/// `GET /login/rescue`
#[handler]
pub async fn rescue_page(app: App, who: PreAuth) -> Result<Html<RescuePage>, AppError> {
    Ok(Html::new(page(&app, &who, FormState::blank(FIELDS)).await?))
}

/// `POST /login/rescue`
#[handler]
pub async fn request_rescue(
    app: App,
    client: Client,
    who: PreAuth,
    form: Form,
    _req: &mut Request,
) -> Result<Html<RescuePage>, AppError> {
    let mut fields = Fields::of(&form);
    let reason = fields.read("reason", |typed| text::required(typed, 300));
    // A file is only kept when everything else is right.
    let file = match reason {
        Some(_) => match evidence(&app, &who, &form).await? {
            Ok(file) => Some(file),
            Err(problem) => {
                fields.refuse("evidence", problem);
                None
            }
        },
        None => None,
    };
    let parsed = match fields.finish(reason.zip(file)) {
        Ok(parsed) => parsed,
        Err(errors) => return again(&app, &who, &form, errors).await,
    };
    match rescue::request(&app, &who, parsed.0, parsed.1, &client.ip).await {
        Ok(()) => Ok(Html::new(page(&app, &who, FormState::blank(FIELDS)).await?)),
        Err(RequestError::Fault(fault)) => Err(fault),
        Err(refusal) => again(&app, &who, &form, FieldErrors::one("reason", refusal)).await,
    }
}

async fn again(
    app: &App,
    who: &PreAuth,
    form: &Form,
    errors: FieldErrors,
) -> Result<Html<RescuePage>, AppError> {
    Ok(Html::refused(page(app, who, FormState::refused(FIELDS, form, errors)).await?))
}

async fn evidence(
    app: &App,
    who: &PreAuth,
    form: &Form,
) -> Result<Result<FileId, String>, AppError> {
    let Some(part) = form.files("evidence").into_iter().next() else {
        return Ok(Err("请上传加盖公章的说明或营业执照的照片、PDF".into()));
    };
    let hour = Duration::from_hours(1);
    throttle::pass(app, "rescue-file", who.account.id.as_str(), MOST_FILES, hour).await?;
    let owner = Owner::Member(who.member.id.clone());
    let name = part.name().unwrap_or_default();
    match file::upload(app, &owner, name, part.path()).await {
        Ok(file) => Ok(Ok(file.id)),
        Err(FileError::Fault(fault)) => Err(fault),
        Err(refusal) => Ok(Err(refusal.to_string())),
    }
}
