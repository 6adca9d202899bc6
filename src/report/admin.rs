//! 工作台: what waits for whom and how long, and this year's dues.

use salvo::{Writer as _, handler};
use serde::Serialize;

use crate::{
    dues::{self, YearTotals},
    kernel::{Fen, Timestamp},
    offline, payment, reconcile, refund, registration,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

/// `/admin`
#[derive(Debug, Serialize)]
pub struct DashboardPage {
    waiting: Vec<Counter>,
    dues: Option<Dues>,
    books: Option<Books>,
}

/// The last check of the books.
#[derive(Debug, Serialize)]
struct Books {
    is_sound: bool,
    found: i64,
    at: Timestamp,
}

impl Books {
    fn new(check: &reconcile::Check) -> Self {
        let is_sound = check.status == reconcile::CheckStatus::Passed;
        Self { is_sound, found: check.found, at: check.started_ms }
    }
}

#[derive(Debug, Serialize)]
struct Counter {
    label: &'static str,
    count: i64,
    age: String,
    is_old: bool,
    href: &'static str,
}

#[derive(Debug, Serialize)]
struct Dues {
    year: i32,
    bills: i64,
    settled: i64,
    due: Fen,
    paid: Fen,
    open: Fen,
    percent: i64,
}

/// Waiting longer than this many days is worth a colour.
const OLD_DAYS: u64 = 3;

impl Counter {
    fn new(
        label: &'static str,
        href: &'static str,
        (count, oldest): (i64, Option<Timestamp>),
        now: Timestamp,
    ) -> Self {
        let days = oldest.map(|oldest| now.since(oldest).as_secs() / 86_400);
        let age = match days {
            None => "没有待办".into(),
            Some(0) => "最早一件今天提交".into(),
            Some(days) => format!("最早一件已等待 {days} 天"),
        };
        Self { label, count, age, is_old: days.is_some_and(|days| days >= OLD_DAYS), href }
    }
}

impl Dues {
    fn new(year: i32, totals: YearTotals) -> Self {
        let YearTotals { bills, settled, due, paid } = totals;
        let percent = if due.is_positive() { paid.get() * 100 / due.get() } else { 0 };
        let open = due.checked_sub(paid).unwrap_or(Fen::ZERO);
        Self { year, bills, settled, due, paid, open, percent }
    }
}

impl Page for DashboardPage {
    const TEMPLATE: &'static str = "admin/report/dashboard.html";
    const MENU: &'static str = "dashboard";

    fn title(&self) -> String {
        "工作台".into()
    }

    fn samples() -> Vec<Self> {
        let now = Timestamp::from_millis(1_764_500_000_000);
        let since = Some(Timestamp::from_millis(1_764_000_000_000));
        let (review, offline) = ("/admin/registrations", "/admin/offline");
        let waiting = || {
            vec![
                Counter::new("待审核的注册申请", review, (3, since), now),
                Counter::new("待确认的线下缴费", offline, (0, None), now),
            ]
        };
        let (due, paid) = (Fen::yuan(20_000), Fen::yuan(8000));
        let dues = Dues::new(2026, YearTotals { bills: 10, settled: 4, due, paid });
        let empty = Dues::new(2026, YearTotals::default());
        let books = |is_sound| Some(Books { is_sound, found: i64::from(!is_sound), at: now });
        vec![
            Self { waiting: waiting(), dues: Some(dues), books: books(false) },
            Self { waiting: waiting(), dues: Some(empty), books: books(true) },
            Self { waiting: waiting(), dues: None, books: None },
            Self { waiting: Vec::new(), dues: None, books: None },
        ]
    }
}

/// `GET /admin`: each role sees what it may read.
#[handler]
pub async fn dashboard(app: App, staff: SignedInStaff) -> Result<Html<DashboardPage>, AppError> {
    let now = app.clock.now();
    let may = |permission| staff.0.role.may(permission);
    let mut waiting = Vec::new();
    if may(Permission::ReadMembers) {
        let counts = registration::waiting(&app.db).await?;
        waiting.push(Counter::new("待审核的注册申请", "/admin/registrations", counts, now));
    }
    let (mut dues, mut books) = (None, None);
    if may(Permission::ReadMoney) {
        let counts = offline::waiting(&app.db).await?;
        waiting.push(Counter::new("待确认的线下缴费", "/admin/offline", counts, now));
        let rare = [
            ("待复核的线下缴费更正", "/admin/offline?state=approval", {
                offline::corrections_waiting(&app.db).await?
            }),
            ("待处理的多缴款", "/admin/offline?state=surplus", {
                offline::surplus_waiting(&app.db).await?
            }),
            ("待审批的减免与缓缴", "/admin/dues/waivers", {
                dues::waivers_waiting(&app.db).await?
            }),
        ];
        // Rare: shown only when there is something.
        let rare = rare.into_iter().filter(|(.., counts)| counts.0 > 0);
        waiting.extend(rare.map(|(label, href, counts)| Counter::new(label, href, counts, now)));
        let counts = payment::waiting(&app.db).await?;
        waiting.push(Counter::new("待处理款项", "/admin/payments/unexplained", counts, now));
        let counts = refund::waiting(&app.db).await?;
        if counts.0 > 0 {
            waiting.push(Counter::new("待处理的退款", "/admin/refunds", counts, now));
        }
        let month = (now - std::time::Duration::from_hours(31 * 24)).date();
        let counts = reconcile::days_unsettled(&app.db, month).await?;
        if counts.0 > 0 {
            waiting.push(Counter::new("有差异的微信对账日", "/admin/reconciliation", counts, now));
        }
        books = reconcile::verdict(&app.db).await?.map(|check| Books::new(&check));
        let totals = dues::year_totals(&app.db, i64::from(now.year())).await?;
        dues = Some(Dues::new(now.year(), totals));
    }
    Ok(Html::new(DashboardPage { waiting, dues, books }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_whole_days() {
        let day = 86_400_000;
        let counter = |millis| {
            let oldest = Some(Timestamp::from_millis(0));
            Counter::new("x", "/", (1, oldest), Timestamp::from_millis(millis))
        };
        assert_eq!(counter(day - 1).age, "最早一件今天提交");
        assert_eq!(counter(2 * day).age, "最早一件已等待 2 天");
        assert!(!counter(2 * day).is_old && counter(3 * day).is_old);
    }

    #[test]
    fn shares_never_divide_by_zero() {
        assert_eq!(Dues::new(2026, YearTotals::default()).percent, 0);
    }
}
