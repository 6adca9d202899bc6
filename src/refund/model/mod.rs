//! Refunds: where one stands, what it takes from where, and when WeChat is to be asked again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    db::Flag,
    kernel::{
        Fen, Timestamp,
        ids::{BillId, RefundId, UnexplainedId},
    },
    ledger::Source,
};

/// WeChat takes a refund for a year after the payment.
pub const WECHAT_LIFE: Duration = Duration::from_hours(365 * 24);

/// WeChat takes so many refunds of one payment.
pub const MOST_PARTS: i64 = 50;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefundStatus {
    /// 待审批: a second person must agree.
    Requested,
    /// 提交中: approved; WeChat was or will be asked, what came of that is not known.
    Submitting,
    /// 处理中: WeChat has accepted it.
    Processing,
    /// 转人工: WeChat has definitely not accepted it.
    Refused,
    /// 转人工: the payer's account cannot take the money.
    Abnormal,
    /// 退款成功: the money is back, and booked.
    Success,
    /// 已关闭: WeChat gave up; another try is another refund.
    Closed,
    /// 未通过: the second person said no, or the first one withdrew it.
    Rejected,
    /// 待登记: somebody gave the money back at WeChat, past this product.
    Foreign,
}

impl RefundStatus {
    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Submitting => "submitting",
            Self::Processing => "processing",
            Self::Refused => "refused",
            Self::Abnormal => "abnormal",
            Self::Success => "success",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Foreign => "foreign",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Requested => "待审批",
            Self::Submitting => "提交中",
            Self::Processing => "处理中",
            Self::Refused => "微信未受理，转人工",
            Self::Abnormal => "退款异常，转人工",
            Self::Success => "退款成功",
            Self::Closed => "已关闭",
            Self::Rejected => "未通过",
            Self::Foreign => "微信侧退款，待登记",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Requested | Self::Submitting | Self::Processing => "wait",
            Self::Refused | Self::Abnormal | Self::Foreign => "no",
            Self::Success => "ok",
            Self::Closed | Self::Rejected => "off",
        }
    }

    /// True while the sum is set aside: it may go, goes, or is gone.
    pub const fn holds(self) -> bool {
        !matches!(self, Self::Closed | Self::Rejected)
    }
}

/// The lists of the admin page.
pub const GROUPS: [(&str, &str, &[RefundStatus]); 5] = [
    ("requested", "待审批", &[RefundStatus::Requested]),
    ("running", "进行中", &[RefundStatus::Submitting, RefundStatus::Processing]),
    ("manual", "转人工", &[RefundStatus::Refused, RefundStatus::Abnormal, RefundStatus::Foreign]),
    ("success", "退款成功", &[RefundStatus::Success]),
    ("ended", "未退款", &[RefundStatus::Closed, RefundStatus::Rejected]),
];

/// The way that the money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// 微信原路退回.
    Wechat,
    /// 银行转账退回, made by hand before the second person confirms it.
    Bank,
}

impl Means {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Wechat => "微信原路退回",
            Self::Bank => "银行转账退回",
        }
    }
}

/// What is refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Money on bills.
    Bills,
    /// A parked item, always the whole of it.
    Parked,
    /// Not known yet: it was begun outside this product.
    Console,
}

/// One refund.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// Row id; the source in the books.
    pub id: RefundId,
    /// 退款单号, also at WeChat; fixed when the refund is asked for.
    pub no: String,
    /// The way back.
    pub means: Means,
    /// What is refunded.
    pub origin: Origin,
    /// `payment` or `offline`: the money that had come.
    pub of_kind: String,
    /// WeChat's transaction, or the id of the offline payment.
    pub of_id: String,
    /// The order's number at WeChat; empty for an offline payment.
    pub out_trade_no: String,
    /// The parked item.
    pub parked_id: Option<UnexplainedId>,
    /// The member's id; empty when the payer is unknown.
    pub member_id: String,
    /// What goes back, fen.
    pub amount: Fen,
    /// The whole payment, fen.
    pub total: Fen,
    /// Why.
    pub reason: String,
    /// The bills are owed again afterwards: the requester's explicit choice.
    pub reopens: Flag,
    /// The bank's reference of the transfer back; empty for WeChat.
    pub evidence: String,
    /// Who made the transfer; empty for WeChat.
    pub paid_by: String,
    /// On which day, `2026-11-24`; empty for WeChat.
    pub paid_on: String,
    /// Where it stands.
    pub status: RefundStatus,
    /// Who asked; empty for one begun outside.
    pub requested_by: String,
    /// When.
    pub requested_ms: Timestamp,
    /// Who agreed, refused or withdrew.
    pub decided_by: String,
    /// When.
    pub decided_ms: Option<Timestamp>,
    /// In which words.
    pub decision: String,
    /// WeChat's number of the refund.
    pub wechat_id: String,
    /// What stands in the way, for people.
    pub problem: String,
    /// How often WeChat was asked.
    pub tries: i64,
    /// When the money was back, or it ended otherwise.
    pub ended_ms: Option<Timestamp>,
}

impl Refund {
    /// The refund in the books.
    pub fn source(&self) -> Source {
        Source { kind: "refund", id: self.id.to_string() }
    }
}

/// What a refund takes off one bill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Part {
    /// `payment`, `offline` or `parked`: the source that had put it there.
    pub of_kind: String,
    /// The source within its kind.
    pub of_id: String,
    /// The bill.
    pub bill_id: BillId,
    /// Fen.
    pub amount: Fen,
}

impl Part {
    /// The source that had put the money on the bill.
    pub fn of(&self) -> Option<Source> {
        let kinds = ["payment", "offline", "parked"];
        let kind = kinds.into_iter().find(|kind| *kind == self.of_kind)?;
        Some(Source { kind, id: self.of_id.clone() })
    }

    /// The name of its limit: what one source has put on one bill is given back once.
    pub fn slot(&self) -> String {
        format!("{}:{}:{}", self.of_kind, self.of_id, self.bill_id)
    }
}

/// When to ask WeChat again after `tries` times: 1 minute at first, 30 at last (wechat.md 6).
pub fn next_try(tries: i64, now: Timestamp) -> Timestamp {
    const LADDER: [u64; 6] = [1, 1, 2, 5, 10, 30];
    let step = usize::try_from(tries).unwrap_or_default().min(LADDER.len() - 1);
    now + Duration::from_mins(LADDER[step])
}

#[cfg(test)]
mod tests;
