//! `[dues]`: the association's own rules of dues, as configured. What follows from them is `dues`.

use serde::Deserialize;

use crate::kernel::{Date, Fen};

/// `[dues]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuesRules {
    /// What newcomers owe for the year in which they join.
    pub join: JoinRule,
    /// For `late-covers-next`: the first month (1 to 12) that counts as late.
    pub late_from_month: u8,
    /// The last day to pay, as `12-31`.
    pub due_day: String,
    /// A bill that is issued late may be paid for so many days in any case.
    pub grace_days: u16,
    /// What a change of level costs in the running year.
    pub level_change: LevelChangeRule,
    /// Up to this sum in yuan, staff may approve a waiver that they asked for themselves.
    pub waiver_alone_yuan: i64,
    /// How many members a bill run handles in one transaction.
    pub run_batch: u16,
}

/// What newcomers owe for the year in which they join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JoinRule {
    /// The whole year, whenever they join.
    FullYear,
    /// A quarter of the standard for each quarter that has not ended.
    ByQuarter,
    /// The whole year; but who joins late pays for the next year, and the rest of this one is
    /// covered by it.
    LateCoversNext,
}

/// What a change of level costs in the running year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LevelChangeRule {
    /// Nothing; the new standard is valid from the next year's bill on.
    NextYear,
    /// A bill for the difference, if the new standard is higher.
    Difference,
}

impl DuesRules {
    /// As a sum.
    pub const fn waiver_alone(&self) -> Fen {
        Fen::yuan(self.waiver_alone_yuan)
    }

    /// What is wrong with them, a line each.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        // 2001 is no leap year: a last day must exist in every year.
        if format!("2001-{}", self.due_day).parse::<Date>().is_err() {
            problems.push("dues.due_day must be a day of every year, for example 12-31".into());
        }
        if !(1..=12).contains(&self.late_from_month) {
            problems.push("dues.late_from_month must be 1 to 12".into());
        }
        if self.run_batch == 0 || self.run_batch > 500 {
            problems.push("dues.run_batch must be 1 to 500".into());
        }
        if self.waiver_alone_yuan < 0 {
            problems.push("dues.waiver_alone_yuan must not be negative".into());
        }
        problems
    }
}
