//! A bill for the screen.

use serde::Serialize;

use crate::{
    dues::{Bill, BillStatus},
    kernel::{Fen, ids::BillId},
    member::Level,
};

/// One bill as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct BillRow {
    /// Row id.
    pub id: BillId,
    /// 账单号.
    pub no: String,
    /// 缴费年度.
    pub year: i64,
    /// 会费 or 等级调整差额.
    pub item: &'static str,
    /// `含 2026 年度`, when the bill covers the year before as well.
    pub covers: String,
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
    /// 已退款, fen.
    pub refunded: Fen,
    /// Still owed, fen.
    pub remaining: Fen,
    /// 截止日期.
    pub due_on: String,
    /// 汇款附言码.
    pub memo: String,
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
        let is_late = bill.status.is_owed() && bill.due_on.as_str() < today;
        Self {
            level: level.map_or_else(String::new, |level| level.name.clone()),
            remaining: bill.remaining(),
            is_late,
            state: if is_late { "已逾期" } else { bill.status.label() },
            chip: if is_late { "no" } else { bill.status.chip() },
            item: bill.item_label(),
            covers: bill.also_covers.map(|year| format!("含 {year} 年度")).unwrap_or_default(),
            id: bill.id,
            no: bill.no,
            year: bill.year,
            gross: bill.gross,
            reduction: bill.reduction,
            due: bill.due,
            paid: bill.paid,
            refunded: bill.refunded,
            due_on: bill.due_on,
            memo: bill.memo_code,
        }
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
        let reduction = if status == BillStatus::Waived { Fen::yuan(2000) } else { Fen::ZERO };
        Some(Bill {
            id: format!("bill-{year}").parse().ok()?,
            no: format!("B{year}00000001"),
            member_id: "sample".parse().ok()?,
            year,
            item: crate::dues::model::ITEM_DUES.to_owned(),
            also_covers: None,
            standard_id: "sample".parse().ok()?,
            level_id: "member".parse().ok()?,
            gross: Fen::yuan(2000),
            reduction,
            due: Fen::yuan(2000).checked_sub(reduction)?,
            paid: Fen::yuan(paid),
            refunded: Fen::ZERO,
            status,
            due_on: format!("{year}-12-31"),
            memo_code: "HF7K2M9PQR".into(),
        })
    };
    states.into_iter().filter_map(bill).collect()
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
}
