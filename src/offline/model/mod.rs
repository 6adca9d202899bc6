//! An offline payment and the rules of what may be typed.

use serde::{Deserialize, Serialize};

use crate::{
    dues::Bill,
    kernel::{
        Date, Fen, Timestamp, dictionary,
        ids::{BillId, MemberId, OfflineId},
        text::{self, TextError},
    },
};

/// Where an offline payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OfflineStatus {
    /// 待确认.
    Submitted,
    /// 已确认; final.
    Confirmed,
    /// 已驳回; the member may amend it.
    Rejected,
    /// 已删除 by the member; final.
    Deleted,
}

impl OfflineStatus {
    /// Those that staff filter by.
    pub const LISTED: [Self; 3] = [Self::Submitted, Self::Confirmed, Self::Rejected];

    /// The code in the database and in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Deleted => "deleted",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Submitted => "待确认",
            Self::Confirmed => "已确认",
            Self::Rejected => "已驳回",
            Self::Deleted => "已删除",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Submitted => "wait",
            Self::Confirmed => "ok",
            Self::Rejected => "no",
            Self::Deleted => "off",
        }
    }

    /// True while the member may still change or delete it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Rejected)
    }
}

/// What the member reported and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfflinePayment {
    /// Row id.
    pub id: OfflineId,
    /// 缴费编号.
    pub no: String,
    /// Who paid.
    pub member_id: MemberId,
    /// For which bill.
    pub bill_id: BillId,
    /// 实缴金额, fen.
    pub amount: Fen,
    /// 汇款日期.
    pub paid_on: Date,
    /// A code of `dictionary::OFFLINE_METHODS`.
    pub method: String,
    /// 付款户名.
    pub payer_name: String,
    /// 付款账号后四位; may be empty.
    pub payer_tail: String,
    /// 流水号; may be empty.
    pub bank_ref: String,
    /// 备注; may be empty.
    pub remark: String,
    /// Where it stands.
    pub status: OfflineStatus,
    /// Why it was decided so.
    pub reason: String,
    /// The staff id of who decided; empty before.
    pub decided_by: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was (last) submitted.
    pub submitted_at: Timestamp,
    /// Grows with every change, so that nobody decides on what they have not seen.
    pub version: i64,
}

impl OfflinePayment {
    /// The method in words.
    pub fn method_label(&self) -> &str {
        dictionary::label(dictionary::OFFLINE_METHODS, &self.method)
    }
}

/// A report that passed every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// An open bill of the member.
    pub bill: Bill,
    /// 实缴金额: above zero, at most what the bill owes.
    pub amount: Fen,
    /// 汇款日期: not in the future.
    pub paid_on: Date,
    /// A code of `dictionary::OFFLINE_METHODS`.
    pub method: String,
    /// 付款户名.
    pub payer_name: String,
    /// Four digits or nothing.
    pub payer_tail: String,
    /// 流水号 or nothing.
    pub bank_ref: String,
    /// 备注 or nothing.
    pub remark: String,
}

/// Why a typed value was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No open bill was chosen.
    #[error("请选择要缴费的年度账单")]
    NoBill,
    /// Unreadable amount.
    #[error(transparent)]
    Amount(#[from] crate::kernel::money::MoneyError),
    /// Nothing.
    #[error("实缴金额要大于 0")]
    NothingPaid,
    /// More than the bill owes.
    #[error("实缴金额超过本账单未缴的 {0} 元，请核对；多缴部分请联系秘书处")]
    TooMuch(String),
    /// Unreadable day.
    #[error(transparent)]
    Day(#[from] crate::kernel::clock::NotADate),
    /// A day that has not come.
    #[error("汇款日期不能晚于今天")]
    Future,
    /// Long before the association.
    #[error("请核对汇款日期的年份")]
    LongAgo,
    /// Not on the list.
    #[error("请选择缴费方式")]
    NoMethod,
    /// Not four digits.
    #[error("请填写付款账号的最后四位数字，或者留空")]
    Tail,
    /// A text is missing, too long or unreadable.
    #[error("{0}{1}")]
    Text(&'static str, TextError),
}

/// 实缴金额: above zero and at most `remaining`; without a bill, only the first.
pub fn amount(typed: &str, remaining: Option<Fen>) -> Result<Fen, RuleError> {
    let amount = Fen::parse_yuan(&text::half_width(typed))?;
    if !amount.is_positive() {
        return Err(RuleError::NothingPaid);
    }
    match remaining {
        Some(most) if amount > most => Err(RuleError::TooMuch(most.grouped())),
        _ => Ok(amount),
    }
}

/// 汇款日期: a real day, at most today.
pub fn paid_on(typed: &str, today: Date) -> Result<Date, RuleError> {
    let day: Date = text::half_width(typed).parse()?;
    if day > today {
        Err(RuleError::Future)
    } else if day.year() < 2000 {
        Err(RuleError::LongAgo)
    } else {
        Ok(day)
    }
}

/// 方式: a code of the dictionary.
pub fn method(typed: &str) -> Result<String, RuleError> {
    let is_known = dictionary::contains(dictionary::OFFLINE_METHODS, typed);
    if is_known { Ok(typed.to_owned()) } else { Err(RuleError::NoMethod) }
}

/// 付款账号后四位: four digits or nothing.
pub fn payer_tail(typed: &str) -> Result<String, RuleError> {
    let tail = text::half_width(typed).trim().to_owned();
    let is_tail = tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_digit());
    if tail.is_empty() || is_tail { Ok(tail) } else { Err(RuleError::Tail) }
}

/// 付款户名.
pub fn payer_name(typed: &str) -> Result<String, RuleError> {
    text::required(typed, 100).map_err(|error| RuleError::Text("付款户名", error))
}

/// 流水号 or nothing.
pub fn bank_ref(typed: &str) -> Result<String, RuleError> {
    let typed = text::half_width(typed);
    text::optional(&typed, 60).map_err(|error| RuleError::Text("流水号", error))
}

/// 备注 or nothing.
pub fn remark(typed: &str) -> Result<String, RuleError> {
    text::optional(typed, 300).map_err(|error| RuleError::Text("备注", error))
}

#[cfg(test)]
mod tests;
