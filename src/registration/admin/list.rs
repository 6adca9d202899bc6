//! `/admin/registrations`: what waits, the oldest first.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use crate::{
    kernel::{Timestamp, ids::RegistrationId},
    registration::{
        model::{Registration, Status, working_days},
        related::Related,
        sample,
        sign_in::waited,
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE: usize = 20;

/// `/admin/registrations`
#[derive(Debug, Serialize)]
pub struct QueuePage {
    tabs: Vec<Tab>,
    is_pending: bool,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
    total: String,
    review_days: u32,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: &'static str,
    url: String,
    is_here: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    url: String,
    no: String,
    name: String,
    uscc: String,
    user_type: String,
    channel: &'static str,
    submitted: String,
    decided: Option<String>,
    waited: String,
    is_late: bool,
    status: &'static str,
    chip: &'static str,
    hints: Vec<String>,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "admin/registration/queue.html";
    const MENU: &'static str = "registrations";

    fn title(&self) -> String {
        "注册审核".into()
    }

    fn samples() -> Vec<Self> {
        let row = |one: Registration| {
            let later = one.submitted_at + std::time::Duration::from_hours(24 * 9);
            row(&one, later, 3, vec!["信用代码校验位不符".into()])
        };
        let rows = Status::ALL.into_iter().filter_map(sample::registration).map(row).collect();
        let page = |status, rows, older: Option<&str>| Self {
            tabs: tabs(status),
            is_pending: status == Status::Pending,
            rows,
            older: older.map(Into::into),
            newer: older.map(Into::into),
            total: "共 3 条".into(),
            review_days: 3,
        };
        vec![
            page(Status::Pending, rows, Some("/admin/registrations?after=x")),
            page(Status::Pending, Vec::new(), None),
            page(Status::Rejected, Vec::new(), None),
        ]
    }
}

fn tabs(here: Status) -> Vec<Tab> {
    let tab = |status: Status| Tab {
        text: status.label(),
        url: address(status, ""),
        is_here: status == here,
    };
    Status::ALL.into_iter().map(tab).collect()
}

fn address(status: Status, after: &str) -> String {
    match (status, after) {
        (Status::Pending, "") => "/admin/registrations".into(),
        (_, "") => format!("/admin/registrations?status={}", status.code()),
        _ => format!("/admin/registrations?status={}&after={after}", status.code()),
    }
}

/// `GET /admin/registrations`
#[handler]
pub async fn queue(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<QueuePage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let query = |name: &str| req.query::<String>(name).unwrap_or_default();
    let status = Status::from_code(&query("status")).unwrap_or(Status::Pending);
    let after = query("after");
    if !after.is_empty() && after.parse::<RegistrationId>().is_err() {
        return Err(AppError::NotFound);
    }
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = store::page(&app.db, &app.vault, status, &after, most).await?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| address(status, last.id.as_str()));
    let total = store::count(&app.db, status).await?;
    Ok(Html::new(QueuePage {
        tabs: tabs(status),
        is_pending: status == Status::Pending,
        rows: rows(&app, &found).await?,
        older,
        newer: (!after.is_empty()).then(|| address(status, "")),
        total: format!("共 {total} 条"),
        review_days: app.settings.site.review_days,
    }))
}

async fn rows(app: &App, found: &[Registration]) -> Result<Vec<Row>, AppError> {
    let now = app.clock.now();
    let related = Related::find(app, found).await?;
    let days = app.settings.site.review_days;
    let prepared = found.iter().map(|one| row(one, now, days, hints(app, &related, one)));
    Ok(prepared.collect())
}

/// What the reviewer should look at first.
fn hints(app: &App, related: &Related, of: &Registration) -> Vec<String> {
    let mut hints = Vec::new();
    if of.uscc_doubtful {
        hints.push("信用代码校验位不符".into());
    }
    if of.status == Status::Pending {
        let applications = related.applications(app, of).len();
        let members = related.members(app, of).len();
        if applications > 0 {
            hints.push(format!("手机号与另外 {applications} 份申请相同"));
        }
        if members > 0 {
            hints.push(format!("手机号与 {members} 家会员相同"));
        }
    }
    hints
}

fn row(from: &Registration, now: Timestamp, review_days: u32, hints: Vec<String>) -> Row {
    let worked = working_days(from.submitted_at, now);
    let is_pending = from.status == Status::Pending;
    let waits = waited(from.submitted_at, now);
    Row {
        url: format!("/admin/registrations/{}", from.id),
        no: from.no.clone(),
        name: from.name.clone(),
        uscc: from.uscc.to_string(),
        user_type: from.user_type_label().to_owned(),
        channel: from.channel.label(),
        submitted: from.submitted_at.to_minute(),
        decided: from.decided_at.map(Timestamp::to_minute),
        waited: if is_pending {
            format!("{waits}（{worked} 个工作日）")
        } else {
            String::new()
        },
        is_late: is_pending && worked > usize::try_from(review_days).unwrap_or(usize::MAX),
        status: from.status.label(),
        chip: from.status.chip(),
        hints,
    }
}
