//! Where parked money stands, and which way it may go.

use serde::{Deserialize, Serialize};

/// Where parked money, or an odd message, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParkedStatus {
    /// 待处理.
    Open,
    /// 退款中: a refund of it was asked for.
    Refunding,
    /// 已退款.
    Refunded,
    /// 已入账: a person put it on bills.
    Assigned,
    /// 已说明: no money had come, and a person wrote down what it was.
    Noted,
    /// Understood by itself: the same transaction was booked afterwards.
    Explained,
}

impl ParkedStatus {
    /// The code in the database and in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
            Self::Assigned => "assigned",
            Self::Noted => "noted",
            Self::Explained => "explained",
        }
    }

    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "待处理",
            Self::Refunding => "退款中",
            Self::Refunded => "已退款",
            Self::Assigned => "已入账",
            Self::Noted => "已说明",
            Self::Explained => "已自动更正",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Open | Self::Refunding => "wait",
            Self::Assigned | Self::Refunded => "ok",
            Self::Noted | Self::Explained => "off",
        }
    }
}
