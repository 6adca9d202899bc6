//! The queue: what waits, oldest first; what was decided, newest first; searched and filtered.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::query::Query;
use crate::{
    kernel::{Fen, Timestamp, ids::MemberId},
    member,
    offline::{
        model::{OfflinePayment, OfflineStatus},
        search::search,
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE_SIZE: usize = 20;

/// `/admin/offline`
#[derive(Debug, Serialize)]
pub struct QueuePage {
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    state: &'static str,
    code: &'static str,
    q: String,
    year: String,
    note: &'static str,
    is_narrowed: bool,
    older: String,
    newer: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Tab {
    pub text: String,
    pub href: String,
    pub is_current: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    no: String,
    member: String,
    year: i64,
    amount: Fen,
    paid_on: String,
    method: String,
    submitted_ms: Timestamp,
    age: String,
    label: &'static str,
    chip: &'static str,
}

impl QueuePage {
    fn new(query: &Query, counts: [i64; 3], mut rows: Vec<Row>, last: Option<String>) -> Self {
        let has_more = rows.len() > PAGE_SIZE;
        rows.truncate(PAGE_SIZE);
        Self {
            tabs: query.tabs(counts),
            rows,
            state: query.view.label(),
            code: query.view.code(),
            q: query.typed.clone(),
            year: query.year.map(|year| year.to_string()).unwrap_or_default(),
            note: "",
            is_narrowed: query.is_narrowed(),
            older: last.filter(|_| has_more).map(|id| query.beyond(&id)).unwrap_or_default(),
            newer: query.beyond.as_ref().map(|_| query.first()).unwrap_or_default(),
        }
    }
}

fn row(payment: &OfflinePayment, names: &HashMap<MemberId, String>, now: Timestamp) -> Row {
    let days = now.since(payment.submitted_at).as_secs() / 86_400;
    let waits = payment.status == OfflineStatus::Submitted;
    Row {
        href: format!("/admin/offline/{}", payment.id),
        no: payment.no.clone(),
        member: names.get(&payment.member_id).cloned().unwrap_or_default(),
        year: payment.year,
        amount: payment.amount,
        paid_on: payment.paid_on.to_string(),
        method: payment.method_label().to_owned(),
        submitted_ms: payment.submitted_at,
        age: match days {
            _ if !waits => String::new(),
            0 => "今天提交".into(),
            days => format!("已等待 {days} 天"),
        },
        label: payment.status.label(),
        chip: payment.status.chip(),
    }
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "admin/offline/queue.html";
    const MENU: &'static str = "offline";

    fn title(&self) -> String {
        "线下缴费确认".into()
    }

    fn samples() -> Vec<Self> {
        let now = Timestamp::from_millis(1_764_100_000_000);
        let payments = crate::offline::pc::sample_payments();
        let rows = || payments.iter().map(|it| row(it, &HashMap::new(), now)).collect::<Vec<_>>();
        let mut all: Vec<Self> = super::query::View::ALL
            .into_iter()
            .map(|view| Self::new(&Query::of(view), [1, 2, 3], rows(), None))
            .collect();
        let mut narrowed = Query::of(super::query::View::All);
        narrowed.typed = "示例".into();
        narrowed.beyond = Some("sample".into());
        let mut empty = Self::new(&narrowed, [0; 3], Vec::new(), None);
        empty.note = "符合的单位较多";
        all.push(empty);
        let many = std::iter::repeat_with(rows).take(PAGE_SIZE).flatten().collect();
        let first = Query::of(super::query::View::Submitted);
        all.push(Self::new(&first, [80, 0, 0], many, Some("sample".into())));
        all.push(Self::new(&first, [0; 3], Vec::new(), None));
        all
    }
}

/// `GET /admin/offline`; `?state=`, `?year=` and `?q=` filter, `?beyond=` continues.
#[handler]
pub async fn queue(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<QueuePage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let query = Query::read(req);
    let found = search(&app, &query.typed).await?;
    let filter = query.filter(found.needle);
    let most = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let payments = store::page(&app.db, &app.vault, &filter, most).await?;
    let members: Vec<MemberId> = payments.iter().map(|it| it.member_id.clone()).collect();
    let names = member::names(&app.db, &members).await?;
    let now = app.clock.now();
    let rows = payments.iter().map(|it| row(it, &names, now)).collect();
    let last = payments.get(PAGE_SIZE - 1).map(|it| it.id.to_string());
    let counts = [
        store::waiting(&app.db).await?.0,
        store::corrections_waiting(&app.db).await?.0,
        store::surplus_waiting(&app.db).await?.0,
    ];
    let mut page = QueuePage::new(&query, counts, rows, last);
    page.note = found.note;
    Ok(Html::new(page))
}
