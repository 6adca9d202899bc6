//! A bill run and its lines. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    dues::plan::Why,
    kernel::{
        Fen, Timestamp,
        ids::{BillId, BillRunId, LevelId, MemberId, StandardId, TierId},
    },
};

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Issues bills to members who have none.
    Issue,
    /// Gives open bills the numbers that today's levels and standards ask for.
    Recalculate,
    /// Takes the bills of another run back, as far as nothing has happened to them.
    Void,
}

impl Kind {
    /// Reads the code of a form; voiding begins on the page of the run.
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "issue" => Some(Self::Issue),
            "recalculate" => Some(Self::Recalculate),
            _ => None,
        }
    }

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Issue => "生成账单",
            Self::Recalculate => "重算未缴账单",
            Self::Void => "作废批次账单",
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// The job works out who owes how much.
    Preparing,
    /// The preview is complete and waits for approval.
    Prepared,
    /// Approved; the job carries it out.
    Running,
    /// Carried out.
    Done,
    /// Given up before approval.
    Cancelled,
}

impl RunStatus {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Preparing => "正在试算",
            Self::Prepared => "待批准",
            Self::Running => "正在执行",
            Self::Done => "已完成",
            Self::Cancelled => "已取消",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Preparing | Self::Prepared | Self::Running => "wait",
            Self::Done => "ok",
            Self::Cancelled => "off",
        }
    }

    /// True while the job has something to do.
    pub const fn has_work(self) -> bool {
        matches!(self, Self::Preparing | Self::Running)
    }
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Run {
    /// Row id.
    pub id: BillRunId,
    /// 批次号.
    pub no: String,
    /// What it does.
    pub kind: Kind,
    /// 缴费年度.
    pub year: i64,
    /// The run whose bills it takes back.
    pub of_run_id: Option<BillRunId>,
    /// Where it stands.
    pub status: RunStatus,
    /// The key up to which the preparation has come.
    pub scanned: String,
    /// Lines that will make or change a bill.
    pub planned: i64,
    /// Of them, those carried out.
    pub done: i64,
    /// Of them, those that somebody else made superfluous meanwhile.
    pub passed: i64,
    /// Lines that make no bill, with their reason.
    pub excluded: i64,
    /// What the planned bills ask for, fen.
    pub total: Fen,
    /// What the same members were asked for before (last year, or by the old bills), fen.
    pub before_total: Fen,
    /// Who started it.
    pub created_by: String,
    /// When it was started.
    pub created_ms: Timestamp,
    /// Who approved or cancelled it.
    pub decided_by: Option<String>,
    /// When that was.
    pub decided_ms: Option<Timestamp>,
    /// Why.
    pub reason: String,
    /// When everything was done.
    pub ended_ms: Option<Timestamp>,
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Will make or change a bill.
    Planned,
    /// Has made or changed it.
    Done,
    /// Somebody else made it superfluous meanwhile.
    Passed,
    /// Makes no bill.
    Excluded,
}

impl Outcome {
    /// The code in addresses and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Passed => "passed",
            Self::Excluded => "excluded",
        }
    }
}

/// One member in a run, with everything that was frozen for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Row id.
    pub id: String,
    /// The run.
    pub run_id: BillRunId,
    /// The member.
    pub member_id: MemberId,
    /// The bill that it changes, or has made.
    pub bill_id: Option<BillId>,
    /// The level that counts.
    pub level_id: LevelId,
    /// Its tier.
    pub tier_id: Option<TierId>,
    /// The standard that counts.
    pub standard_id: Option<StandardId>,
    /// Why it owes that much, or nothing.
    pub why: Why,
    /// What happened to it.
    pub outcome: Outcome,
    /// 标准, fen.
    pub gross: Fen,
    /// 应缴 by then, fen.
    pub amount: Fen,
    /// 应缴 of last year's bill, or of the bill before it is recalculated; fen.
    pub before_amount: Option<Fen>,
    /// The year before, when the bill covers it as well.
    pub also_covers: Option<i64>,
}
