//! The pages of finance about the books as a whole: 账簿核对 and 微信对账.

mod check;
mod day;
mod days;

pub use check::{CheckPage, StateFragment, begin, history, state};
pub use day::{DayPage, again, one};
pub use days::{DaysPage, list};

use crate::reconcile::bill::Day;

/// Where a day of WeChat's bill stands: the word and the kind of its chip.
fn standing(day: Option<&Day>, is_ready: bool) -> (&'static str, &'static str) {
    match day {
        None if is_ready => ("未对账", "no"),
        None => ("账单未出", "off"),
        Some(day) if day.status != "done" => ("对账失败", "no"),
        Some(day) if day.result.differing > 0 => ("有差异", "no"),
        Some(day) if day.result.waiting > 0 => ("待微信处理", "wait"),
        Some(_) => ("一致", "ok"),
    }
}
