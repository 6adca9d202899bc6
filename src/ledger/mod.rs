//! The books: append-only double entry, every fen exactly once.
//!
//! A posting belongs to one source (a payment, an offline payment, a refund) and sums to zero.
//! Nothing here is ever updated or deleted; a correction is another posting.

mod store;

use crate::{
    db::{self, Run},
    kernel::{Fen, Ids, Timestamp},
};

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
}

impl Account {
    /// The code in the books.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WechatClearing => "wechat-clearing",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::DuesIncome => "dues-income",
            Self::Suspense => "suspense",
        }
    }
}

/// Where money came from. Its id with the posting's kind is unique in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `payment` (id: WeChat's transaction) or `offline` (id: the offline payment).
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

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Debits and credits differ, or a line is zero: a bug in the caller.
    #[error("the posting for {0} does not balance")]
    Unbalanced(String),
    /// The database refused; a duplicate means that this source was booked before.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Books a posting inside the caller's transaction.
pub async fn post(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    posting: &Posting,
) -> Result<(), PostError> {
    let sum = Fen::checked_sum(posting.lines.iter().map(|(_, amount)| *amount));
    let has_zero = posting.lines.iter().any(|(_, amount)| *amount == Fen::ZERO);
    if sum != Some(Fen::ZERO) || has_zero || posting.lines.is_empty() {
        return Err(PostError::Unbalanced(posting.source.id.clone()));
    }
    Ok(store::insert(tx, ids, now, posting).await?)
}

/// The sum of an account's entries.
pub async fn balance(db: &impl Run, account: Account) -> Result<Fen, db::Error> {
    store::balance(db, account).await
}

/// The sum of all entries; anything but zero is a broken book.
pub async fn total(db: &impl Run) -> Result<Fen, db::Error> {
    store::total(db).await
}
