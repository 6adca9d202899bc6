//! What the comparison of a day with WeChat's bill says.

use serde::Deserialize;

use crate::kernel::{Fen, Timestamp, ids::UnexplainedId};

/// What the comparison of a day found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Compared {
    /// SHA-1 of the bill; empty when WeChat had none.
    pub sha1: String,
    /// Payments on the bill.
    pub payments: i64,
    /// Their sum, fen.
    pub payments_fen: Fen,
    /// Refunds on the bill.
    pub refunds: i64,
    /// Their sum, fen.
    pub refunds_fen: Fen,
    /// Payments that the books have of that day.
    pub our_payments: i64,
    /// Their sum, fen.
    pub our_payments_fen: Fen,
    /// Refunds that the books have of that day.
    pub our_refunds: i64,
    /// Their sum, fen.
    pub our_refunds_fen: Fen,
    /// Payments and refunds that the books lacked and have now.
    pub booked: i64,
    /// Refunds of WeChat's console that WeChat has not ended: the day is compared again.
    pub waiting: i64,
    /// What does not agree, on either side.
    pub differing: i64,
}

/// A day as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Day {
    /// `2026-11-24`, in Shanghai.
    pub day: String,
    /// `done` or `failed`.
    pub status: String,
    /// Why it failed.
    pub problem: String,
    /// Who asked for the comparison; empty for the job.
    pub compared_by: String,
    /// When it was made.
    pub compared_ms: Timestamp,
    /// Its numbers.
    #[serde(flatten)]
    pub result: Compared,
}

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A parked item, where finance deals with it.
    Parked(UnexplainedId),
    /// A refund of ours, by its id.
    Refund(String),
    /// Nothing of ours.
    Nothing,
}

impl About {
    pub(super) fn columns(&self) -> (&'static str, &str) {
        match self {
            Self::Parked(id) => ("parked", id.as_str()),
            Self::Refund(id) => ("refund", id),
            Self::Nothing => ("", ""),
        }
    }
}

/// Something that does not agree.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// `payment` or `refund`.
    pub kind: &'static str,
    /// The merchant's number.
    pub number: String,
    /// WeChat's sum; nothing when the bill lacks it.
    pub theirs: Option<Fen>,
    /// The books' sum; nothing when they lack it.
    pub ours: Option<Fen>,
    /// Where it is dealt with.
    pub about: About,
    /// What is wrong, for finance.
    pub words: &'static str,
}

/// The same as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct KeptDifference {
    /// Row id.
    pub id: String,
    /// The day of the bill.
    pub day: String,
    /// `payment` or `refund`.
    pub kind: String,
    /// The merchant's number.
    pub number: String,
    /// WeChat's sum.
    pub theirs: Option<Fen>,
    /// The books' sum.
    pub ours: Option<Fen>,
    /// `parked`, `refund` or empty.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// What is wrong.
    pub words: String,
}

/// A day's comparison while it is made.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub result: Compared,
    pub differences: Vec<Difference>,
}

impl Tally {
    pub(super) fn differ(&mut self, difference: Difference) {
        self.result.differing += 1;
        self.differences.push(difference);
    }

    /// WeChat has not decided yet: kept for the eye, but no difference.
    pub(super) fn wait(&mut self, difference: Difference) {
        self.result.waiting += 1;
        self.differences.push(difference);
    }
}

/// Adds to a sum that no bill can make overflow.
pub(super) fn add(sum: &mut Fen, amount: Fen) {
    *sum = sum.checked_add(amount).unwrap_or(*sum);
}
