//! 减免 and 缓缴: a request with its basis, and the decision. Pure.

use serde::{Deserialize, Serialize};

use crate::kernel::{
    Fen, Timestamp,
    ids::{BillId, MemberId, WaiverId},
};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaiverKind {
    /// 减免: less is owed.
    Reduction,
    /// 缓缴: there is more time to pay.
    Deferral,
}

impl WaiverKind {
    /// Reads the code of a form.
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "reduction" => Some(Self::Reduction),
            "deferral" => Some(Self::Deferral),
            _ => None,
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reduction => "减免",
            Self::Deferral => "缓缴",
        }
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WaiverStatus {
    /// 待审批.
    Waiting,
    /// 已批准: the bill was changed in the same transaction.
    Approved,
    /// 未批准.
    Refused,
}

impl WaiverStatus {
    /// The states with a list of their own.
    pub const LISTED: [Self; 3] = [Self::Waiting, Self::Approved, Self::Refused];

    /// The code in addresses and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待审批",
            Self::Approved => "已批准",
            Self::Refused => "未批准",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Waiting => "wait",
            Self::Approved => "ok",
            Self::Refused => "no",
        }
    }
}

/// A request. Once decided, nothing of it changes any more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Waiver {
    /// Row id.
    pub id: WaiverId,
    /// The bill.
    pub bill_id: BillId,
    /// Whose bill.
    pub member_id: MemberId,
    /// What is asked for.
    pub kind: WaiverKind,
    /// 减免 in fen; for 缓缴 what is put off.
    pub amount: Fen,
    /// The new last day; empty for 减免.
    pub due_on: String,
    /// On what grounds.
    pub basis: String,
    /// Where it stands.
    pub status: WaiverStatus,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_ms: Timestamp,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_ms: Option<Timestamp>,
    /// Why it was decided so.
    pub decision: String,
}

impl Waiver {
    /// Whether this person may decide it: somebody else, or up to a limit the same one.
    pub fn may_be_decided_by(&self, staff: &str, alone: Fen) -> bool {
        self.requested_by != staff || self.amount <= alone
    }
}
