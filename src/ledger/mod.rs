//! The books: append-only double entry, every fen exactly once.
//!
//! A posting belongs to one source (a payment, an offline payment, a refund) and sums to zero.
//! Nothing here is ever updated or deleted; a correction is another posting. What a source is, and
//! whether the entries agree with it, is not known here: `reconcile` compares them.

pub mod admin;
mod model;
mod store;

pub use model::{Account, Entry, EntryFilter, Posting, Source, SourceSum};
pub use store::{
    Balance, balance, balances, close, entries_after, kinds, page, sums_after, sums_of, total,
};

use crate::{
    db::{self, Run},
    kernel::{Fen, Ids, Timestamp},
    web::{Sample, page as pages},
};

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

/// Books a posting inside the caller's transaction: one statement.
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

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    pages::samples::<admin::LedgerPage>()
}
