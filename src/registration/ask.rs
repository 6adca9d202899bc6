//! A submitted progress query, from either surface. The query is personal data: it travels in the
//! body, never in an address.

use std::time::Duration;

use serde::Serialize;

use super::{
    Registration,
    model::Status,
    progress::{Query, status_of},
    sign_in::waited,
    view::{Step, steps},
};
use crate::{
    account::puzzle::{self, Puzzle},
    kernel::{Timestamp, identity::masked_name},
    web::{App, AppError, Client, Fields, Form, FormState, form::FieldErrors, throttle},
};

const FIELDS: &[&str] = &["query"];
/// Ten questions an hour from one address, and for one unit from wherever (requirements A7-4).
const MOST: u64 = 10;
const WINDOW: Duration = Duration::from_hours(1);
/// Questions after which the browser solves a puzzle with each: from one address, or for one unit
/// from wherever.
const FREE: u64 = 3;
const NEEDS_PUZZLE: &str = "查询较频繁，需要浏览器完成一次安全验证，请再次点击查询";

/// What the progress pages of both surfaces show.
#[derive(Debug, Serialize)]
pub struct Content {
    form: FormState,
    is_asked: bool,
    hits: Vec<Hit>,
    hotline: String,
    review_days: u32,
    /// What the browser solves for the next question.
    puzzle: Option<Puzzle>,
}

/// One application, masked.
#[derive(Debug, Serialize)]
struct Hit {
    name: String,
    status: &'static str,
    chip: &'static str,
    submitted: String,
    decided: Option<String>,
    waited: Option<String>,
    reason: &'static str,
    next: &'static str,
    steps: Vec<Step>,
    is_approved: bool,
    may_sign_in: bool,
    is_over: bool,
}

impl Hit {
    fn of(from: &Registration, now: Timestamp, review_days: u32) -> Self {
        Self {
            name: masked_name(&from.name),
            status: from.status.public_label(),
            chip: from.status.chip(),
            submitted: from.submitted_at.date().to_string(),
            decided: from.decided_at.map(|at| at.date().to_string()),
            waited: from.status.waits().then(|| waited(from.queued_at, now)),
            reason: from.reason_category(),
            next: match from.status {
                Status::Pending | Status::Endorsed => {
                    "正在审核中，请耐心等待；如需加快，请用提交申请的浏览器或用注册时的密码登录后催办。"
                }
                Status::Returned => {
                    "资料需要补正，请用注册时的账号和密码登录，按要求修改后重新提交。"
                }
                Status::Approved => "审核已通过，请在电脑端用统一社会信用代码登录。",
                Status::Rejected => "请按原因修改后重新注册；详细原因请用注册时的密码登录查看。",
                Status::Withdrawn => "申请单位已撤回该申请，可以重新注册。",
            },
            steps: steps(from, review_days),
            is_approved: from.status == Status::Approved,
            may_sign_in: matches!(
                from.status,
                Status::Pending | Status::Endorsed | Status::Returned | Status::Approved
            ),
            is_over: matches!(from.status, Status::Rejected | Status::Withdrawn),
        }
    }
}

impl Content {
    /// The empty form.
    pub async fn blank(app: &App, client: &Client) -> Result<Self, AppError> {
        let site = &app.settings.site;
        let is_due = throttle::seen(app, "progress", &client.ip).await? >= FREE;
        Ok(Self {
            form: FormState::blank(FIELDS),
            is_asked: false,
            hits: Vec::new(),
            hotline: site.hotline.clone(),
            review_days: site.review_days,
            puzzle: is_due.then(|| Puzzle::new(app)),
        })
    }

    /// The form again, with what is wrong.
    fn again(self, form: &Form, errors: FieldErrors) -> Self {
        Self { form: FormState::refused(FIELDS, form, errors), ..self }
    }

    /// Every shape of the answer.
    pub fn samples() -> Vec<Self> {
        let made_up = Status::ALL.into_iter().filter_map(super::sample::registration);
        let all: Vec<Hit> = made_up.map(|one| Hit::of(&one, one.submitted_at, 3)).collect();
        let sample = |is_asked, hits, form| Self {
            form,
            is_asked,
            hits,
            hotline: "025-00000000".into(),
            review_days: 3,
            puzzle: (!is_asked).then(|| Puzzle { challenge: "1.x.y".into(), bits: 16 }),
        };
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("query", "请输入手机号".into());
        vec![
            sample(false, Vec::new(), FormState::blank(FIELDS)),
            sample(false, Vec::new(), wrong),
            sample(true, Vec::new(), FormState::blank(FIELDS)),
            sample(true, all, FormState::blank(FIELDS)),
        ]
    }
}

/// Answers a query; `Err` is the form again, with what is wrong.
pub async fn ask(
    app: &App,
    client: &Client,
    form: &Form,
) -> Result<Result<Content, Content>, AppError> {
    let mut fields = Fields::of(form);
    let query = fields.read("query", str::parse::<Query>);
    let query = match fields.finish(query) {
        Ok(query) => query,
        Err(errors) => return Ok(Err(Content::blank(app, client).await?.again(form, errors))),
    };
    let is_due = throttle::seen(app, "progress", &client.ip).await? >= FREE
        || throttle::seen(app, "progress-of", query.text()).await? >= FREE;
    if is_due && !puzzle::Answer::of(form).holds(app).await? {
        let errors = FieldErrors::one("query", NEEDS_PUZZLE);
        let puzzle = Some(Puzzle::new(app));
        return Ok(Err(Content {
            puzzle,
            ..Content::blank(app, client).await?.again(form, errors)
        }));
    }
    throttle::pass(app, "progress", &client.ip, MOST, WINDOW).await?;
    throttle::pass(app, "progress-of", query.text(), MOST, WINDOW).await?;
    let now = app.clock.now();
    let found = status_of(app, &query).await?;
    let blank = Content::blank(app, client).await?;
    Ok(Ok(Content {
        form: FormState::filled(FIELDS, |_| form.value("query").to_owned()),
        is_asked: true,
        hits: found.iter().map(|one| Hit::of(one, now, blank.review_days)).collect(),
        ..blank
    }))
}
