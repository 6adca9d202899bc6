//! What a member owes for a year, and why. Pure: the same rule for newcomers, bill runs and
//! recalculation.

use serde::{Deserialize, Serialize};

use super::{
    join::{Share, share},
    model::Standard,
};
use crate::{
    kernel::{Date, Fen},
    member::Level,
    web::rules::DuesRules,
};

/// Why a member owes what it owes, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The whole standard.
    FullYear,
    /// Joined in the second quarter.
    ThreeQuarters,
    /// Joined in the third quarter.
    TwoQuarters,
    /// Joined in the fourth quarter.
    OneQuarter,
    /// The standard has changed since the bill was issued.
    NewStandard,
    /// The member's level has changed since the bill was issued.
    NewLevel,
    /// There is a bill already.
    HasBill,
    /// The level belongs to no tier.
    Exempt,
    /// The tier has no standard for that year.
    NoStandard,
    /// The next year's bill covers it.
    ByNext,
    /// Not a member yet in that year.
    NotYet,
    /// Nothing has happened to the bill: a run that voids may take it back.
    Untouched,
    /// Money lies, or lay, on the bill.
    HasMoney,
    /// A waiver of the bill was asked for or granted.
    HasWaiver,
    /// The bill is void already.
    IsVoid,
}

impl Why {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::FullYear => "全年标准",
            Self::ThreeQuarters => "第二季度入会，按三个季度计",
            Self::TwoQuarters => "第三季度入会，按两个季度计",
            Self::OneQuarter => "第四季度入会，按一个季度计",
            Self::NewStandard => "会费标准已调整",
            Self::NewLevel => "会员等级已变更",
            Self::HasBill => "已有该年度账单",
            Self::Exempt => "所属等级不收会费",
            Self::NoStandard => "所属档次没有该年度的标准",
            Self::ByNext => "年末入会，由次年账单一并涵盖",
            Self::NotYet => "该年度尚未入会",
            Self::Untouched => "未缴，没有款项和减免",
            Self::HasMoney => "账单上有款项，须先退款或冲正",
            Self::HasWaiver => "有减免或缓缴，须逐张处理",
            Self::IsVoid => "账单已经作废",
        }
    }
}

/// What a member owes for `year`: the reason, and the amount if it owes any.
pub fn plan(
    rules: &DuesRules,
    (year, joined_on): (i64, Date),
    level: &Level,
    standard: Option<&Standard>,
) -> (Why, Option<Fen>) {
    let share = share(rules, joined_on, year);
    let why = match share {
        Share::NotYet => return (Why::NotYet, None),
        Share::ByNext => return (Why::ByNext, None),
        Share::Full => Why::FullYear,
        Share::Quarters(3..) => Why::ThreeQuarters,
        Share::Quarters(2) => Why::TwoQuarters,
        Share::Quarters(_) => Why::OneQuarter,
    };
    if level.tier_id.is_none() {
        return (Why::Exempt, None);
    }
    let Some(standard) = standard else { return (Why::NoStandard, None) };
    let amount = share.of(standard.amount);
    if amount.is_positive() { (why, Some(amount)) } else { (Why::Exempt, None) }
}
