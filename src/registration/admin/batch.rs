//! Deciding several applications at once. Each is decided by itself, and the answer says of each
//! what became of it.

use std::time::Duration;

use salvo::{Request, Writer, handler};
use serde::{Deserialize, Serialize};

use super::{
    decide::why_not,
    grant,
    list::{self, QueuePage},
    reason,
    search::{HERE, Search},
};
use crate::{
    member,
    registration::{
        Registration, Status,
        model::{Defect, amendable},
        review::{self, Admission, Outcome, Reviewer},
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Form, FormState, Html, Page, SeeOther, form::FieldErrors},
};

const FIELDS: &[&str] = &["pick", "act", "level", "defect", "remark", "phrase", "reason"];
/// A page of the queue.
const MOST: usize = 20;
/// How long the answer can be looked at.
const LIFE: Duration = Duration::from_mins(30);

/// The empty batch form.
pub(super) fn blank() -> FormState {
    FormState::filled(FIELDS, |name| match name {
        "level" => member::level::DEFAULT.to_owned(),
        _ => String::new(),
    })
}

/// `/admin/registrations/batches/{batch}`
#[derive(Debug, Serialize, Deserialize)]
pub struct BatchPage {
    act: String,
    done: usize,
    lines: Vec<Line>,
}

/// What became of one application.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    name: String,
    no: String,
    url: String,
    is_done: bool,
    text: String,
}

impl Page for BatchPage {
    const TEMPLATE: &'static str = "admin/registration/batch.html";
    const MENU: &'static str = "registrations";

    fn title(&self) -> String {
        "批量处理结果".into()
    }

    fn samples() -> Vec<Self> {
        let line = |is_done| Line {
            name: "江苏示例网络科技有限公司".into(),
            no: "R20261124000001".into(),
            url: "/admin/registrations/sample-registration".into(),
            is_done,
            text: if is_done { "已通过" } else { "该申请已由示例审核员处理" }.into(),
        };
        vec![Self { act: "通过".into(), done: 1, lines: vec![line(true), line(false)] }]
    }
}

/// A decision for all that were picked.
enum Act {
    Approve(Admission),
    Return(Vec<Defect>),
    Reject(String),
}

impl Act {
    const fn label(&self) -> &'static str {
        match self {
            Self::Approve(_) => "通过",
            Self::Return(_) => "退回补正",
            Self::Reject(_) => "不通过",
        }
    }
}

/// `POST /admin/registrations/batch`
#[handler]
pub async fn submit(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
) -> Result<Result<SeeOther, Html<QueuePage>>, AppError> {
    who.require(Permission::DecideMembers)?;
    let picked: Vec<String> =
        form.values("pick").into_iter().take(MOST).map(str::to_owned).collect();
    let act = match read(&app, &form, picked.is_empty()).await? {
        Ok(act) => act,
        Err(errors) => {
            let search = Search::read(|name| form.value(name).to_owned());
            let state = FormState::refused(FIELDS, &form, errors);
            let again = list::page(&app, &who, &search, state, &picked).await?;
            return Ok(Err(Html::refused(again)));
        }
    };
    let mut lines = Vec::with_capacity(picked.len());
    for pick in &picked {
        lines.extend(decide(&app, &who, &client.ip, pick, &act).await?);
    }
    let done = lines.iter().filter(|line| line.is_done).count();
    let page = BatchPage { act: act.label().into(), done, lines };
    let json = serde_json::to_string(&page).map_err(|error| AppError::Fault(error.to_string()))?;
    let token = app.ids.token();
    app.store.put(&key(&app, &who, &token), &app.vault.seal(&json)?, LIFE).await?;
    Ok(Ok(SeeOther::to(format!("{HERE}/batches/{token}"))))
}

fn key(app: &App, who: &SignedInStaff, token: &str) -> String {
    format!("review-batch:{}", app.vault.index(&format!("{} {token}", who.0.id)))
}

/// `GET /admin/registrations/batches/{batch}`: for the one who decided.
#[handler]
pub async fn result(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<BatchPage>, AppError> {
    who.require(Permission::DecideMembers)?;
    let token = req.param::<String>("batch").unwrap_or_default();
    let sealed = app.store.get(&key(&app, &who, &token)).await?.ok_or(AppError::NotFound)?;
    let json = app.vault.open(&sealed)?;
    let page = serde_json::from_str(&json).map_err(|error| AppError::Fault(error.to_string()))?;
    Ok(Html::new(page))
}

async fn read(
    app: &App,
    form: &Form,
    is_empty: bool,
) -> Result<Result<Act, FieldErrors>, AppError> {
    if is_empty {
        return Ok(Err(FieldErrors::one("pick", "请先勾选要处理的申请")));
    }
    Ok(match form.value("act") {
        "approve" => grant::read(app, form).await?.map(Act::Approve),
        "return" => match amendable(form.value("defect")) {
            Some(known) => {
                let remark = form.value("remark").trim();
                let reason = if remark.is_empty() { known.phrase } else { remark };
                let reason = reason.chars().take(100).collect();
                Ok(Act::Return(vec![Defect { field: known.field.into(), reason }]))
            }
            None => Err(FieldErrors::one("defect", "请选择需要补正的内容")),
        },
        "reject" => reason::rejection(form).map(Act::Reject),
        _ => Err(FieldErrors::one("act", "请选择处理方式")),
    })
}

/// Decides one; `None` when there is no such application.
async fn decide(
    app: &App,
    who: &SignedInStaff,
    ip: &str,
    pick: &str,
    act: &Act,
) -> Result<Option<Line>, AppError> {
    let (id, version) = pick.split_once(':').unwrap_or((pick, ""));
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some(mut seen) = store::find(&app.db, &app.vault, &id).await? else { return Ok(None) };
    seen.version = version.parse().unwrap_or_default();
    let by = Reviewer { staff: who.clone(), ip: ip.to_owned() };
    let outcome = match act {
        Act::Approve(admission) => review::approve(app, by, &seen, admission.clone()).await,
        Act::Return(defects) => review::give_back(app, by, &seen, defects.clone()).await,
        Act::Reject(reason) => review::reject(app, by, &seen, reason.clone()).await,
    };
    Ok(Some(match outcome {
        Ok(Outcome::Done(done)) => {
            let text = match done.status {
                Status::Endorsed => "已通过初审，等待他人复审",
                Status::Approved => "已通过",
                Status::Returned => "已退回补正",
                _ => "已设为不通过",
            };
            line(&done, true, text.into())
        }
        Ok(other) => line(&seen, false, why_not(app, &other).await?),
        // What the rules refuse concerns this one; the others go on.
        Err(AppError::Refused(text)) => line(&seen, false, text),
        Err(fault) => return Err(fault),
    }))
}

fn line(of: &Registration, is_done: bool, text: String) -> Line {
    Line {
        name: of.name.clone(),
        no: of.no.clone(),
        url: format!("{HERE}/{}", of.id),
        is_done,
        text,
    }
}
