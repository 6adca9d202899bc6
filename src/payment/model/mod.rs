//! Orders and attempts, and which of their states may follow which.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{
    Fen, Timestamp,
    ids::{BillId, LinkId, MemberId, OrderId, OutTradeNo},
};

/// How long an order can be paid. WeChat's own codes live two hours, so a code never dies first.
pub const ORDER_LIFE: Duration = Duration::from_mins(30);

/// An order is offered again only while this much of its life is left.
pub const WORTH_REUSING: Duration = Duration::from_mins(5);

/// A code this close to its end is replaced: the payer still has to type a password.
const CODE_MARGIN: Duration = Duration::from_mins(1);

/// WeChat's ladder of questions about an attempt that is not final (wechat.md 4.5).
const LADDER: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(3),
    Duration::from_mins(5),
    Duration::from_mins(10),
    Duration::from_mins(30),
];

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    /// 待支付.
    Pending,
    /// 已支付: at least one of its bills got the money.
    Paid,
    /// 已关闭. Money that arrives all the same is accepted or parked.
    Closed,
}

/// Where an attempt stands. `Unknown` and `Prepaid` are alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttemptStatus {
    /// WeChat was or will be asked to create it; what came of that is not known.
    Unknown,
    /// WeChat has created it; it can be paid.
    Prepaid,
    /// Nobody can pay it any more, as far as WeChat says.
    Closed,
    /// Paid, and the money is on the bills.
    Success,
    /// Paid after we thought it was closed; the money is on the bills.
    Late,
    /// Paid, but the bills were settled already: the money is parked for refund.
    Duplicate,
}

/// How an attempt is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TradeType {
    /// A QR code on the PC.
    Native,
    /// Inside WeChat on the phone.
    Jsapi,
    /// In a phone's browser outside WeChat.
    H5,
}

impl TradeType {
    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Jsapi => "jsapi",
            Self::H5 => "h5",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Native => "微信扫码",
            Self::Jsapi => "微信内支付",
            Self::H5 => "手机浏览器",
        }
    }

    /// How long what WeChat gives out for it can be used (wechat.md 4.3).
    pub const fn code_life(self) -> Duration {
        match self {
            Self::Native | Self::Jsapi => Duration::from_hours(2),
            Self::H5 => Duration::from_mins(5),
        }
    }
}

impl OrderStatus {
    /// The code in the database and in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }
}

impl AttemptStatus {
    /// True while WeChat may still take money for it.
    pub const fn is_alive(self) -> bool {
        matches!(self, Self::Unknown | Self::Prepaid)
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown | Self::Prepaid => "待支付",
            Self::Closed => "已关闭",
            Self::Success | Self::Late => "支付成功",
            Self::Duplicate => "重复支付，待退款",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Unknown | Self::Prepaid => "wait",
            Self::Closed => "off",
            Self::Success | Self::Late => "ok",
            Self::Duplicate => "no",
        }
    }

    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Prepaid => "prepaid",
            Self::Closed => "closed",
            Self::Success => "success",
            Self::Late => "late",
            Self::Duplicate => "duplicate",
        }
    }
}

/// One or several bills that a member pays together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// Row id; unguessable, part of the pay page's address.
    pub id: OrderId,
    /// 订单号.
    pub no: String,
    /// Whose bills.
    pub member_id: MemberId,
    /// The payment link through which it was made, if one was.
    pub link_id: Option<LinkId>,
    /// The sum of its shares, fen.
    pub amount: Fen,
    /// What the payer reads.
    pub description: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// When it was made.
    pub created_ms: Timestamp,
    /// Until when it can be paid.
    pub expires_ms: Timestamp,
    /// When it was paid.
    pub paid_ms: Option<Timestamp>,
}

impl Order {
    /// True while it may be paid.
    pub fn is_payable(&self, now: Timestamp) -> bool {
        // WeChat wants a minute at least between creation and expiry.
        self.status == OrderStatus::Pending && self.expires_ms > now + Duration::from_mins(1)
    }
}

/// A bill's part of an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Share {
    /// The bill.
    pub bill_id: BillId,
    /// What the order pays on it, fen.
    pub amount: Fen,
}

/// One try to pay an order at WeChat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attempt {
    /// Our number at WeChat.
    pub out_trade_no: OutTradeNo,
    /// The order.
    pub order_id: OrderId,
    /// How it is paid.
    pub trade_type: TradeType,
    /// Fen.
    pub amount: Fen,
    /// For whom it is: blind index of the payer's openid (JSAPI) or address (H5), else empty.
    /// Once it is paid, the index of the openid that paid.
    pub payer_index: String,
    /// What the QR code shows (Native) or the page to go to (H5), once WeChat has said so.
    pub code_url: String,
    /// What opens the payment sheet (JSAPI), once WeChat has said so.
    pub prepay_id: String,
    /// Until when code or prepayment can be used; a fresh one can be had for the same number.
    pub code_until_ms: Timestamp,
    /// Where it stands.
    pub status: AttemptStatus,
    /// WeChat's number, once paid.
    pub transaction_id: Option<String>,
    /// When it was made.
    pub created_ms: Timestamp,
    /// Until when WeChat takes money for it.
    pub expires_ms: Timestamp,
    /// How often the sweep has asked about it.
    pub query_count: i64,
}

impl Attempt {
    /// True while the code, or the prepayment, is good for long enough to be used.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.status == AttemptStatus::Prepaid && self.code_until_ms > now + CODE_MARGIN
    }
}

/// When to ask WeChat again after `asked` questions: by the ladder, but not past the end of the
/// attempt, because then it is to be closed.
pub fn next_query(asked: i64, now: Timestamp, expires: Timestamp) -> Timestamp {
    let step = usize::try_from(asked).unwrap_or_default().min(LADDER.len() - 1);
    let next = now + LADDER[step];
    let end = expires + Duration::from_secs(1);
    if now < end && end < next { end } else { next }
}

#[cfg(test)]
mod tests;
