//! What may be typed into the form.

use crate::{
    kernel::{
        Date, Fen, dictionary,
        text::{self, TextError},
    },
    member,
};

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
    /// More than the bill owes, and the member did not say that this is meant.
    #[error("实缴金额超过本账单未缴的 {0} 元，请核对；如果确实多汇了，请勾选“确实多汇”后再提交")]
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
    /// No address for the receipt.
    #[error("{0}")]
    Email(&'static str),
}

/// 实缴金额: above zero and, unless the member says that more was sent (`meant`), at most
/// `remaining`; without a bill, only the first.
pub fn amount(typed: &str, remaining: Option<Fen>, meant: bool) -> Result<Fen, RuleError> {
    let amount = Fen::parse_yuan(&text::half_width(typed))?;
    if !amount.is_positive() {
        return Err(RuleError::NothingPaid);
    }
    match remaining {
        Some(most) if amount > most && !meant => Err(RuleError::TooMuch(most.grouped())),
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

/// 接收邮箱: where the receipt goes.
pub fn email(typed: &str) -> Result<String, RuleError> {
    member::email::parse(typed).map_err(RuleError::Email)
}
