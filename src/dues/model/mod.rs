//! Bills and standards.

mod amounts;
#[cfg(test)]
mod tests;
mod title;

pub use amounts::{Amounts, Then};
pub use title::{title, titles};

use serde::{Deserialize, Serialize};

use crate::kernel::{
    Fen,
    ids::{BillId, FileId, LevelId, MemberId, StandardId, TierId},
};

/// The item of annual bills (会费).
pub const ITEM_DUES: &str = "dues";

/// What the items of 差额账单 begin with; a number follows.
pub const ITEM_DIFFERENCE: &str = "difference-";

/// Where a bill stands: a function of its numbers ([`Amounts::status`]), except 已作废.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BillStatus {
    /// 待缴.
    Open,
    /// 部分缴纳.
    Part,
    /// 已缴.
    Paid,
    /// 部分退款: a part was given back, nothing is owed.
    PartRefunded,
    /// 已退款: everything was given back, nothing is owed.
    Refunded,
    /// 已减免: nothing was asked for in the end.
    Waived,
    /// 已作废.
    Void,
}

impl BillStatus {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "待缴",
            Self::Part => "部分缴纳",
            Self::Paid => "已缴",
            Self::PartRefunded => "部分退款",
            Self::Refunded => "已退款",
            Self::Waived => "已减免",
            Self::Void => "已作废",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Open | Self::Part => "wait",
            Self::Paid | Self::Waived => "ok",
            Self::PartRefunded | Self::Refunded | Self::Void => "off",
        }
    }

    /// True unless it was voided.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Void)
    }

    /// True while money is owed.
    pub const fn is_owed(self) -> bool {
        matches!(self, Self::Open | Self::Part)
    }
}

/// What one member owes for one year. Level, tier and standard are frozen at issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Row id.
    pub id: BillId,
    /// 账单号.
    pub no: String,
    /// Who owes.
    pub member_id: MemberId,
    /// 缴费年度.
    pub year: i64,
    /// [`ITEM_DUES`], or a difference after a change of level.
    pub item: String,
    /// The year before, when a newcomer joined so late in it that this bill covers it as well.
    pub also_covers: Option<i64>,
    /// The standard by which it was issued.
    pub standard_id: StandardId,
    /// The level at issue.
    pub level_id: LevelId,
    /// 标准, fen.
    pub gross: Fen,
    /// 减免, fen.
    pub reduction: Fen,
    /// 应缴, fen.
    pub due: Fen,
    /// 已缴, fen.
    pub paid: Fen,
    /// 已退款 and not owed again, fen.
    pub refunded: Fen,
    /// Where it stands.
    pub status: BillStatus,
    /// 截止日期, `2026-12-31`.
    pub due_on: String,
    /// 汇款附言码.
    pub memo_code: String,
}

impl Bill {
    /// What is still owed, fen; nothing on a void bill.
    pub fn remaining(&self) -> Fen {
        if self.status.is_owed() { self.amounts().remaining() } else { Fen::ZERO }
    }

    /// True for annual dues, false for a difference.
    pub fn is_annual(&self) -> bool {
        self.item == ITEM_DUES
    }

    /// True when this is the annual bill of that year, or covers it as well.
    pub fn covers(&self, year: i64) -> bool {
        let bears_it = self.year == year || self.also_covers == Some(year);
        self.is_annual() && self.status.is_live() && bears_it
    }

    /// The numbers.
    pub const fn amounts(&self) -> Amounts {
        let Self { gross, reduction, due, paid, refunded, .. } = *self;
        Amounts { gross, reduction, due, paid, refunded }
    }
}

/// An amount for a tier from a year on. Never changed: a correction is another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Row id.
    pub id: StandardId,
    /// The tier.
    pub tier_id: TierId,
    /// First year that it is valid for.
    pub from_year: i64,
    /// Last year that it is valid for; none means until another begins.
    pub to_year: Option<i64>,
    /// 1 for the first of its tier and year; the highest is the one in force.
    pub version: i64,
    /// Per year, fen.
    pub amount: Fen,
    /// The resolution of the general assembly that adopted it.
    pub resolution: String,
    /// The resolution as a file of the association.
    pub file_id: Option<FileId>,
}
