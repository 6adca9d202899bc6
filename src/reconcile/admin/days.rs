//! `/admin/reconciliation`: 微信对账, day by day, newest first.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::standing;
use crate::{
    kernel::{Date, Fen, Timestamp},
    reconcile::bill::{self, Day},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const HERE: &str = "/admin/reconciliation";
/// Days of one page.
const PAGE: usize = 31;

/// `/admin/reconciliation`
#[derive(Clone, Debug, Serialize)]
pub struct DaysPage {
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    day: String,
    href: String,
    state: &'static str,
    chip: &'static str,
    at: Option<Timestamp>,
    numbers: Option<Numbers>,
}

#[derive(Clone, Debug, Serialize)]
struct Numbers {
    payments: i64,
    payments_fen: Fen,
    refunds: i64,
    refunds_fen: Fen,
    booked: i64,
    differing: i64,
    waiting: i64,
}

impl Line {
    fn new(date: &str, day: Option<&Day>, is_ready: bool) -> Self {
        let (state, chip) = standing(day, is_ready);
        let numbers = |day: &Day| {
            let r = &day.result;
            Numbers {
                payments: r.payments,
                payments_fen: r.payments_fen,
                refunds: r.refunds,
                refunds_fen: r.refunds_fen,
                booked: r.booked,
                differing: r.differing,
                waiting: r.waiting,
            }
        };
        Self {
            day: date.to_owned(),
            href: format!("{HERE}/{date}"),
            state,
            chip,
            at: day.map(|day| day.compared_ms),
            numbers: day.filter(|day| day.status == "done").map(numbers),
        }
    }
}

impl Page for DaysPage {
    const TEMPLATE: &'static str = "admin/reconcile/days.html";
    const MENU: &'static str = "reconciliation";

    fn title(&self) -> String {
        "微信对账".into()
    }

    fn samples() -> Vec<Self> {
        let mut lines: Vec<Line> =
            super::day::samples().iter().map(|day| Line::new(&day.day, Some(day), true)).collect();
        lines.push(Line::new("2026-11-23", None, true));
        lines.push(Line::new("2026-11-24", None, false));
        let older = Some(format!("{HERE}?before=2026-10-01"));
        vec![
            Self { lines, older, newer: Some(HERE.into()) },
            Self { lines: Vec::new(), older: None, newer: None },
        ]
    }
}

/// `GET /admin/reconciliation?before=`
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<DaysPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let typed = req.query::<String>("before").unwrap_or_default();
    let today = app.clock.now().date();
    let asked = typed.parse::<Date>().ok().filter(|day| *day < today);
    // Days that nobody has compared are shown, too: back to the first one, or a week.
    let first = bill::first_day(&app.db).await?;
    let mut dates = Vec::with_capacity(PAGE + 1);
    let mut date = bill::before(asked.unwrap_or(today))?;
    let least = if first.is_some() { 0 } else { 7 };
    while dates.len() <= PAGE && (first.is_some_and(|first| date >= first) || dates.len() < least) {
        dates.push(date);
        date = bill::before(date)?;
    }
    let has_more = dates.len() > PAGE;
    dates.truncate(PAGE);
    let lines = match (dates.first(), dates.last()) {
        (Some(newest), Some(oldest)) => lines(&app, &dates, (*oldest, *newest)).await?,
        _ => Vec::new(),
    };
    let older = dates.last().filter(|_| has_more).map(|last| format!("{HERE}?before={last}"));
    Ok(Html::new(DaysPage { lines, older, newer: asked.map(|_| HERE.to_owned()) }))
}

async fn lines(app: &App, dates: &[Date], span: (Date, Date)) -> Result<Vec<Line>, AppError> {
    let now = app.clock.now();
    let known = bill::days(&app.db, span).await?;
    let mut lines = Vec::with_capacity(dates.len());
    for date in dates {
        let is_ready = bill::is_ready(*date, now)?.unwrap_or(true);
        let date = date.to_string();
        let day = known.iter().find(|day| day.day == date);
        lines.push(Line::new(&date, day, is_ready));
    }
    Ok(lines)
}
