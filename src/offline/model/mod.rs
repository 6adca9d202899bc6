//! An offline payment, its states, and the rules of what may be typed.

mod correction;
mod rule;
mod state;
#[cfg(test)]
mod tests;

pub use correction::{Correction, CorrectionKind, CorrectionStatus, SurplusState};
pub use rule::{
    RuleError, amount, bank_ref, email, method, paid_on, payer_name, payer_tail, remark,
};
pub use state::{Deed, OfflineStatus};

use crate::{
    dues::Bill,
    kernel::{
        Date, Fen, Timestamp, dictionary,
        ids::{BillId, MemberId, OfflineId},
    },
};

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
    /// 缴费年度, the bill's.
    pub year: i64,
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
    /// 票据抬头: the unit's name when it was reported.
    pub title: String,
    /// 接收邮箱 of the receipt.
    pub email: String,
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
    /// 实缴金额: above zero; more than the bill owes only if the member says that it is meant.
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
    /// 票据抬头: the unit's name, which only the secretariat changes.
    pub title: String,
    /// 接收邮箱.
    pub email: String,
}

/// What a confirmation did with the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Put on the bill, fen.
    pub applied: Fen,
    /// More than the bill owed: in suspense, fen.
    pub surplus: Fen,
    /// What became of the surplus.
    pub surplus_state: SurplusState,
}

/// One line of a report's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, in words.
    pub what: &'static str,
    /// The staff id of who did it; empty for the member.
    pub staff_id: String,
    /// The amount that the report stated then, or that was moved.
    pub amount: Fen,
    /// Why; may be empty.
    pub reason: String,
    /// Talk among finance, which the member does not see.
    pub is_internal: bool,
    /// The reason is written for the member.
    pub tells_why: bool,
}
