//! Corrections of what was confirmed: one person asks, another one approves. Nothing confirmed is
//! edited; each correction is a posting of its own.

use serde::{Deserialize, Serialize};

use crate::kernel::{Timestamp, ids::BillId};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionKind {
    /// 冲正: the confirmation was wrong.
    Reverse,
    /// 退还多缴: the surplus was paid back by the association's bank.
    Return,
    /// 多缴转抵: the surplus goes on another bill of the same member.
    Assign,
}

impl CorrectionKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Reverse, Self::Return, Self::Assign];

    /// The code in the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reverse => "reverse",
            Self::Return => "return",
            Self::Assign => "assign",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reverse => "冲正",
            Self::Return => "退还多缴款",
            Self::Assign => "多缴款抵缴其他年度",
        }
    }

    /// The kind of the posting.
    pub const fn posting(self) -> &'static str {
        match self {
            Self::Reverse => "reversed",
            Self::Return => "given-back",
            Self::Assign => "assigned",
        }
    }
}

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CorrectionStatus {
    /// 待复核.
    Asked,
    /// 已执行 by a second person.
    Approved,
    /// 未同意, or taken back by who asked.
    Refused,
}

impl CorrectionStatus {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Asked => "待复核",
            Self::Approved => "已执行",
            Self::Refused => "未同意",
        }
    }
}

/// What becomes of money beyond what the bill owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SurplusState {
    /// There is none.
    None,
    /// It waits in suspense.
    Open,
    /// It was paid back.
    Returned,
    /// It lies on another bill.
    Assigned,
    /// The whole confirmation was taken back.
    Reversed,
}

impl SurplusState {
    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Open => "open",
            Self::Returned => "returned",
            Self::Assigned => "assigned",
            Self::Reversed => "reversed",
        }
    }

    /// The words on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Open => "在待处理款项中，等待退还或抵缴",
            Self::Returned => "已退还",
            Self::Assigned => "已抵缴其他年度",
            Self::Reversed => "已随冲正撤销",
        }
    }
}

/// A correction that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Row id.
    pub id: String,
    /// What.
    pub kind: CorrectionKind,
    /// The other bill, for [`CorrectionKind::Assign`].
    pub bill_id: Option<BillId>,
    /// Where it stands.
    pub status: CorrectionStatus,
    /// Why.
    pub reason: String,
    /// The staff id of who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What the second person said.
    pub answer: String,
    /// The staff id of the second person; empty before.
    pub answered_by: String,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}
