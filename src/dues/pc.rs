//! 线上缴费 on PC: the member's bills, to be ticked and paid. Paying itself is `payment`.

use salvo::{Writer as _, handler};
use serde::Serialize;

use super::{Bill, BillStatus, bills_of};
use crate::{
    account::SignedIn,
    kernel::{Fen, ids::BillId},
    member::{Level, level},
    web::{App, AppError, Html, Page},
};

/// `/dues`
#[derive(Debug, Serialize)]
pub struct DuesPage {
    open: Vec<BillRow>,
    closed: Vec<BillRow>,
    owed: Fen,
}

/// One bill as the member sees it.
#[derive(Clone, Debug, Serialize)]
pub struct BillRow {
    /// Row id.
    pub id: BillId,
    /// 账单号.
    pub no: String,
    /// 缴费年度.
    pub year: i64,
    /// The level at issue.
    pub level: String,
    /// 标准, fen.
    pub gross: Fen,
    /// 减免, fen.
    pub reduction: Fen,
    /// 应缴, fen.
    pub due: Fen,
    /// 已缴, fen.
    pub paid: Fen,
    /// Still owed, fen.
    pub remaining: Fen,
    /// 截止日期.
    pub due_on: String,
    /// True after that day.
    pub is_late: bool,
    /// The state in words.
    pub state: &'static str,
    /// The kind of the state chip.
    pub chip: &'static str,
}

impl BillRow {
    /// A bill for the screen; `today` decides whether it is late.
    pub fn new(bill: Bill, levels: &[Level], today: &str) -> Self {
        let level = levels.iter().find(|level| level.id == bill.level_id);
        let remaining = bill.remaining();
        let is_late = bill.status.is_owed() && bill.due_on.as_str() < today;
        Self {
            level: level.map_or_else(String::new, |level| level.name.clone()),
            remaining,
            is_late,
            state: if is_late { "已逾期" } else { bill.status.label() },
            chip: if is_late { "no" } else { bill.status.chip() },
            id: bill.id,
            no: bill.no,
            year: bill.year,
            gross: bill.gross,
            reduction: bill.reduction,
            due: bill.due,
            paid: bill.paid,
            due_on: bill.due_on,
        }
    }
}

impl DuesPage {
    fn new(bills: Vec<Bill>, levels: &[Level], today: &str) -> Self {
        let row = |bill| BillRow::new(bill, levels, today);
        let (open, closed): (Vec<_>, Vec<_>) =
            bills.into_iter().partition(|bill| bill.status.is_owed());
        let open: Vec<BillRow> = open.into_iter().rev().map(row).collect();
        let owed = Fen::checked_sum(open.iter().map(|row| row.remaining)).unwrap_or(Fen::ZERO);
        Self { open, closed: closed.into_iter().map(row).collect(), owed }
    }
}

impl Page for DuesPage {
    const TEMPLATE: &'static str = "pages/dues/list.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "线上缴费".into()
    }

    fn samples() -> Vec<Self> {
        let bills = sample_bills();
        let page = |bills: &[Bill]| Self::new(bills.to_vec(), &[], "2026-06-01");
        vec![page(&bills), page(&bills[..2]), page(&bills[2..]), page(&[])]
    }
}

/// Bills in every state, newest year first.
pub(crate) fn sample_bills() -> Vec<Bill> {
    let states = [
        (2027, BillStatus::Open, 0),
        (2026, BillStatus::Part, 500),
        (2025, BillStatus::Paid, 2000),
        (2024, BillStatus::Waived, 0),
        (2023, BillStatus::Void, 0),
    ];
    let bill = |(year, status, paid): (i64, BillStatus, i64)| {
        Some(Bill {
            id: format!("bill-{year}").parse().ok()?,
            no: format!("B{year}00000001"),
            member_id: "sample".parse().ok()?,
            year,
            item: "dues".into(),
            also_covers: None,
            standard_id: "sample".parse().ok()?,
            level_id: "member".parse().ok()?,
            gross: Fen::yuan(2000),
            reduction: Fen::ZERO,
            due: Fen::yuan(2000),
            paid: Fen::yuan(paid),
            refunded: Fen::ZERO,
            status,
            due_on: format!("{year}-12-31"),
            memo_code: "HF7K2M9P".into(),
        })
    };
    states.into_iter().filter_map(bill).collect()
}

/// `GET /dues`
#[handler]
pub async fn list(app: App, who: SignedIn) -> Result<Html<DuesPage>, AppError> {
    let bills = bills_of(&app.db, &who.member.id).await?;
    let levels = level::all(&app.db).await?;
    let today = app.clock.now().date().to_string();
    Ok(Html::new(DuesPage::new(bills, &levels, &today)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_late_the_day_after_its_last_day() {
        let bill = || sample_bills().remove(1);
        let on = |today: &str| BillRow::new(bill(), &[], today);
        assert_eq!((on("2026-12-31").state, on("2026-12-31").is_late), ("部分缴纳", false));
        assert_eq!((on("2027-01-01").state, on("2027-01-01").chip), ("已逾期", "no"));
        let paid = BillRow::new(sample_bills().remove(2), &[], "2030-01-01");
        assert!(!paid.is_late);
    }

    #[test]
    fn what_is_owed_is_the_sum_of_the_open_bills() {
        let page = DuesPage::new(sample_bills(), &[], "2026-06-01");
        assert_eq!(page.owed, Fen::yuan(3500));
        assert_eq!(page.open[0].year, 2026, "oldest first");
        assert_eq!(page.closed.len(), 3);
    }
}
