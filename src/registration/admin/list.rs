//! `/admin/registrations`: what waits, the oldest first.

use salvo::{Request, Writer, handler};
use serde::Serialize;

use super::{
    batch,
    search::{CHANNELS, Choice, FLAGS, Search},
};
use crate::{
    kernel::{
        Timestamp,
        dictionary::{Entry, USER_TYPES},
    },
    member,
    registration::{
        model::{AMENDABLE, Amendable, REASONS, Registration, Status, working_days},
        related::Related,
        sample,
        sign_in::waited,
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

const PAGE: usize = 20;

/// `/admin/registrations`
#[derive(Debug, Serialize)]
pub struct QueuePage {
    tabs: Vec<Tab>,
    status: &'static str,
    waits: bool,
    form: FormState,
    is_narrowed: bool,
    all: String,
    user_types: &'static [Entry],
    channels: [Choice; 2],
    flags: [Choice; 3],
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
    review_days: u32,
    may_decide: bool,
    batch: FormState,
    levels: Vec<super::sheet::Choice>,
    amendable: &'static [Amendable],
    phrases: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    url: String,
    is_here: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    pick: String,
    is_picked: bool,
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
        let all = || Status::ALL.into_iter().filter_map(sample::registration).map(row).collect();
        let page = |status: Status, rows, older: Option<&str>, may_decide| {
            let search =
                Search::read(|name| if name == "status" { status.code() } else { "" }.into());
            Self {
                older: older.map(Into::into),
                newer: older.map(Into::into),
                may_decide,
                levels: vec![super::sheet::Choice::sample()],
                ..Self::of(&search, rows, &[(Status::Pending, 3)], batch::blank())
            }
        };
        vec![
            page(Status::Pending, all(), Some("/admin/registrations?after=x"), true),
            page(Status::Endorsed, all(), None, true),
            page(Status::Approved, all(), None, false),
            page(Status::Pending, Vec::new(), None, true),
            page(Status::Rejected, Vec::new(), None, true),
        ]
    }
}

impl QueuePage {
    fn of(search: &Search, rows: Vec<Row>, counts: &[(Status, i64)], batch: FormState) -> Self {
        Self {
            tabs: tabs(search, counts),
            status: search.status.code(),
            waits: search.status.waits(),
            form: search.form(),
            is_narrowed: search.is_narrowed(),
            all: format!("{}?status={}", super::search::HERE, search.status.code()),
            user_types: USER_TYPES,
            channels: CHANNELS,
            flags: FLAGS,
            rows,
            older: None,
            newer: None,
            review_days: 3,
            may_decide: false,
            batch,
            levels: Vec::new(),
            amendable: AMENDABLE,
            phrases: REASONS,
        }
    }
}

fn tabs(search: &Search, counts: &[(Status, i64)]) -> Vec<Tab> {
    let tab = |status: Status| {
        let count = counts.iter().find(|(known, _)| *known == status);
        Tab {
            text: count.map_or_else(
                || status.label().to_owned(),
                |(_, n)| format!("{}（{n}）", status.label()),
            ),
            url: search.address(status, ""),
            is_here: status == search.status,
        }
    };
    Status::ALL.map(tab).into()
}

/// `GET /admin/registrations`
#[handler]
pub async fn queue(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<QueuePage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let search = Search::of(req)?;
    Ok(Html::new(page(&app, &who, &search, batch::blank(), &[]).await?))
}

/// The list that a search asks for, with the batch form as it was sent.
pub(super) async fn page(
    app: &App,
    who: &SignedInStaff,
    search: &Search,
    batch: FormState,
    picked: &[String],
) -> Result<QueuePage, AppError> {
    let now = app.clock.now();
    let review_days = app.settings.site.review_days;
    let filter = search.filter(now, review_days);
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let part = (search.after.as_str(), most);
    let mut found = store::queue::page(&app.db, &app.vault, search.status, &filter, part).await?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| search.address(search.status, last.id.as_str()));
    let counts = store::queue::open_counts(&app.db).await?;
    let mut rows = rows(app, &found).await?;
    for row in &mut rows {
        row.is_picked = picked.contains(&row.pick);
    }
    let levels = member::level::all(&app.db).await?;
    Ok(QueuePage {
        older,
        newer: (!search.after.is_empty()).then(|| search.address(search.status, "")),
        review_days,
        may_decide: who.0.role.may(Permission::DecideMembers),
        levels: levels.into_iter().map(super::sheet::Choice::of).collect(),
        ..QueuePage::of(search, rows, &counts, batch)
    })
}

async fn rows(app: &App, found: &[Registration]) -> Result<Vec<Row>, AppError> {
    let now = app.clock.now();
    let related = Related::find(app, found).await?;
    let days = app.settings.site.review_days;
    let prepared = found.iter().map(|one| row(one, now, days, related.hints(app, one)));
    Ok(prepared.collect())
}

fn row(from: &Registration, now: Timestamp, review_days: u32, hints: Vec<String>) -> Row {
    let worked = working_days(from.queued_at, now);
    let waits = waited(from.queued_at, now);
    Row {
        pick: format!("{}:{}", from.id, from.version),
        is_picked: false,
        url: format!("/admin/registrations/{}", from.id),
        no: from.no.clone(),
        name: from.name.clone(),
        uscc: from.uscc.to_string(),
        user_type: from.user_type_label().to_owned(),
        channel: from.channel.label(),
        submitted: from.submitted_at.to_minute(),
        decided: from.decided_at.map(Timestamp::to_minute),
        waited: if from.status.waits() {
            format!("{waits}（{worked} 个工作日）")
        } else {
            String::new()
        },
        is_late: from.status.waits() && worked > usize::try_from(review_days).unwrap_or(usize::MAX),
        status: from.status.label(),
        chip: from.status.chip(),
        hints,
    }
}
