//! Accounts, postings, entries.

use serde::Deserialize;

use crate::kernel::{Fen, Timestamp};

/// The accounts. A debit is positive, a credit negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// 微信支付待结算: with WeChat Pay, not yet in the bank.
    WechatClearing,
    /// 银行存款.
    Bank,
    /// 库存现金.
    Cash,
    /// 会费收入.
    DuesIncome,
    /// 待处理款项: received, but not yet explained.
    Suspense,
    /// 应退款: given back at WeChat by other hands than ours, not yet charged to a bill.
    RefundsPayable,
}

impl Account {
    /// Every account, in the order of the balance list.
    pub const ALL: [Self; 6] = [
        Self::WechatClearing,
        Self::Bank,
        Self::Cash,
        Self::Suspense,
        Self::RefundsPayable,
        Self::DuesIncome,
    ];

    /// The code in the books.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WechatClearing => "wechat-clearing",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::DuesIncome => "dues-income",
            Self::Suspense => "suspense",
            Self::RefundsPayable => "refunds-payable",
        }
    }

    /// The name on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::WechatClearing => "微信支付待结算",
            Self::Bank => "银行存款",
            Self::Cash => "库存现金",
            Self::DuesIncome => "会费收入",
            Self::Suspense => "待处理款项",
            Self::RefundsPayable => "应退款",
        }
    }

    /// True where money lies: a debit balance is the usual one.
    pub const fn is_asset(self) -> bool {
        matches!(self, Self::WechatClearing | Self::Bank | Self::Cash)
    }

    /// The account with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.code() == code)
    }
}

/// Where money came from. Its id with the posting's kind is unique in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `payment` (id: WeChat's transaction), `offline` (id: the offline payment), `parked` (id: the
    /// parked item) or `refund` (id: the refund); a slice may bring another kind.
    pub kind: &'static str,
    /// The id within its kind.
    pub id: String,
}

/// One balanced set of entries.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Where the money came from.
    pub source: Source,
    /// What happened to it: `received`, `reversed`, …
    pub kind: &'static str,
    /// Debits and credits; their sum is zero.
    pub lines: Vec<(Account, Fen)>,
}

/// One line of the books.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Row id; its order is the order of time.
    pub id: String,
    /// When it was booked.
    pub at_ms: Timestamp,
    /// [`Account::code`].
    pub account: String,
    /// Fen; a debit is positive.
    pub amount: Fen,
    /// [`Source::kind`].
    pub source_kind: String,
    /// [`Source::id`].
    pub source_id: String,
    /// [`Posting::kind`].
    pub kind: String,
    /// Its place in the posting, from 1.
    pub line: i64,
}

/// What the list of entries is narrowed to; empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// One account.
    pub account: Option<Account>,
    /// Ids of sources; more than one when a typed number may mean several.
    pub source: String,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only rows older than this key.
    pub before: String,
}

/// The entries of one source, summed by what they mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SourceSum {
    /// [`Source::id`].
    pub source_id: String,
    /// All entries; anything but zero is a broken book.
    pub total: Fen,
    /// With WeChat.
    pub clearing: Fen,
    /// In the bank and in cash.
    pub bank: Fen,
    /// Dues; a credit is negative.
    pub income: Fen,
    /// 待处理款项; a credit is negative.
    pub suspense: Fen,
    /// 应退款; a debit is positive.
    pub payable: Fen,
}

impl SourceSum {
    /// A source of which nothing is booked.
    pub fn none(source_id: &str) -> Self {
        Self {
            source_id: source_id.to_owned(),
            total: Fen::ZERO,
            clearing: Fen::ZERO,
            bank: Fen::ZERO,
            income: Fen::ZERO,
            suspense: Fen::ZERO,
            payable: Fen::ZERO,
        }
    }
}
