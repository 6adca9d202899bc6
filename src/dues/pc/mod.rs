//! 线上缴费 on PC: the member's bills, to be ticked and paid, and the years that are in order.
//! Paying itself is `payment`.

mod row;

use salvo::{Writer as _, handler};
use serde::Serialize;

pub use row::BillRow;
pub(crate) use row::sample_bills;

use super::{Bill, Validity, bills_of, validity};
use crate::{
    account::SignedIn,
    kernel::{Date, Fen},
    member::{Level, Member, level},
    web::{App, AppError, Html, Page},
};

/// `/dues`
#[derive(Debug, Serialize)]
pub struct DuesPage {
    open: Vec<BillRow>,
    closed: Vec<BillRow>,
    owed: Fen,
    arrears: Fen,
    years: Vec<YearRow>,
    level: String,
}

/// The validity of a year for the screen.
#[derive(Clone, Debug, Serialize)]
pub struct YearRow {
    /// The year.
    pub year: i64,
    /// In words.
    pub text: &'static str,
    /// The kind of the state chip.
    pub chip: &'static str,
}

impl YearRow {
    /// A year for the screen.
    pub const fn new(year: i64, validity: Validity) -> Self {
        Self { year, text: validity.label(), chip: validity.chip() }
    }
}

impl DuesPage {
    fn new(bills: Vec<Bill>, levels: &[Level], today: &str, years: Vec<YearRow>) -> Self {
        let row = |bill| BillRow::new(bill, levels, today);
        let (open, closed): (Vec<_>, Vec<_>) =
            bills.into_iter().partition(|bill| bill.status.is_owed());
        let open: Vec<BillRow> = open.into_iter().rev().map(row).collect();
        let sum = |rows: &mut dyn Iterator<Item = &BillRow>| {
            Fen::checked_sum(rows.map(|row| row.remaining)).unwrap_or(Fen::ZERO)
        };
        let owed = sum(&mut open.iter());
        let arrears = sum(&mut open.iter().filter(|row| row.is_late));
        let closed = closed.into_iter().map(row).collect();
        Self { open, closed, owed, arrears, years, level: String::new() }
    }
}

/// The validity of last year, this year and, once it has a bill, the next.
pub(super) async fn years(
    app: &App,
    member: &Member,
    bills: &[Bill],
    today: Date,
) -> Result<Vec<YearRow>, AppError> {
    let this = i64::from(today.year());
    let joined = i64::from(member.joined_on.year());
    let mut rows = Vec::new();
    for year in [this - 1, this, this + 1] {
        let is_shown = year == this || bills.iter().any(|bill| bill.covers(year));
        if year < joined || (!is_shown && year > this) {
            continue;
        }
        let level = level::in_year(&app.db, member, year).await?;
        let validity = validity(bills, year, member.joined_on, level.as_ref());
        rows.push(YearRow::new(year, validity));
    }
    Ok(rows)
}

impl Page for DuesPage {
    const TEMPLATE: &'static str = "pages/dues/list.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "线上缴费".into()
    }

    fn samples() -> Vec<Self> {
        let bills = sample_bills();
        let years = |validity| vec![YearRow::new(2026, validity)];
        let page = |bills: &[Bill], today, validity| {
            Self::new(bills.to_vec(), &[], today, years(validity))
        };
        vec![
            page(&bills, "2026-06-01", Validity::Owing),
            page(&bills[..2], "2027-06-01", Validity::NoBill),
            page(&bills[2..], "2026-06-01", Validity::Paid),
            Self { level: "顾问".into(), ..page(&[], "2026-06-01", Validity::Exempt) },
            Self::new(Vec::new(), &[], "2026-06-01", Vec::new()),
        ]
    }
}

/// `GET /dues`
#[handler]
pub async fn list(app: App, who: SignedIn) -> Result<Html<DuesPage>, AppError> {
    let bills = bills_of(&app.db, &who.member.id).await?;
    let levels = level::all(&app.db).await?;
    let today = app.clock.now().date();
    let years = years(&app, &who.member, &bills, today).await?;
    let level = levels.iter().find(|level| level.id == who.member.level_id);
    let level = level.map(|level| level.name.clone()).unwrap_or_default();
    let page = DuesPage::new(bills, &levels, &today.to_string(), years);
    Ok(Html::new(DuesPage { level, ..page }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_is_the_sum_of_the_open_bills() {
        let page = |today| DuesPage::new(sample_bills(), &[], today, Vec::new());
        let early = page("2026-06-01");
        assert_eq!((early.owed, early.arrears), (Fen::yuan(3500), Fen::ZERO));
        assert_eq!(early.open[0].year, 2026, "oldest first");
        assert_eq!(early.closed.len(), 3);
        assert_eq!(page("2027-06-01").arrears, Fen::yuan(1500), "2026 is late");
    }
}
