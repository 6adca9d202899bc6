//! Taking money off a bill again: 冲正 of money that never came, and refunds. Nothing is deleted;
//! a negative allocation stands against the original one. Who may do so, and the ledger, are the
//! caller's.

use super::{
    model::{Amounts, Bill, Then},
    store,
};
use crate::{
    db::{self, Run},
    kernel::{Fen, Ids, Timestamp, ids::BillId},
    ledger::Source,
};

/// Why money could not be taken back. The caller's transaction must be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum TakeBackError {
    /// That source gave the bill less than that, or it was taken back before.
    #[error("less than that lies on the bill from this source")]
    NotThere,
    /// The bill was reopened or changed by somebody else every time.
    #[error("the bill is changed by somebody else")]
    Busy,
    /// The database refused; a duplicate means that `by` was booked before.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// How often a bill is read again when it changes meanwhile.
const MOST_LOOKS: u32 = 5;

/// Takes `amount` of what `of` gave to `bill` off it, inside the caller's transaction. `by` is the
/// refund or the reversal; it takes from a bill once.
pub async fn take_back(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    by: &Source,
    of: &Source,
    (bill, amount, then): (&BillId, Fen, Then),
) -> Result<(), TakeBackError> {
    // The bill comes first, as everywhere, so that two of us never wait for each other in a ring.
    let change = |amounts: Amounts| amounts.take_back(amount, then);
    match changed(tx, bill, change).await? {
        Changed::Done(_) => {}
        Changed::Impossible => return Err(TakeBackError::NotThere),
        Changed::Busy => return Err(TakeBackError::Busy),
    }
    if !store::note_taken_back(tx, of, bill, amount, now).await? {
        return Err(TakeBackError::NotThere);
    }
    let negative = amount.negated();
    Ok(store::insert_taken_back(tx, &ids.next(now), (by, of), bill, negative, now).await?)
}

/// The explicit choice that makes a refunded bill owed again, inside the caller's transaction.
/// `false` when nothing was refunded on it, or it is void.
pub async fn reopen(tx: &impl Run, bill: &BillId) -> Result<bool, db::Error> {
    Ok(matches!(changed(tx, bill, Amounts::reopen).await?, Changed::Done(_)))
}

/// How a change of numbers went.
#[derive(Debug)]
pub(super) enum Changed {
    /// The bill as it was before.
    Done(Box<Bill>),
    /// Its numbers do not allow it, or there is no such live bill.
    Impossible,
    /// Somebody else changed them every time.
    Busy,
}

/// Gives a live bill the numbers that `change` makes of its own, whoever else is at it.
pub(super) async fn changed(
    tx: &impl Run,
    bill: &BillId,
    change: impl Fn(Amounts) -> Option<Amounts> + Send,
) -> Result<Changed, db::Error> {
    for _ in 0..MOST_LOOKS {
        let Some(found) = store::bill(tx, bill).await? else { return Ok(Changed::Impossible) };
        let to = change(found.amounts());
        let Some(to) = to.filter(|_| found.status.is_live()) else {
            return Ok(Changed::Impossible);
        };
        if store::set_amounts(tx, &found, &to).await? {
            return Ok(Changed::Done(Box::new(found)));
        }
    }
    Ok(Changed::Busy)
}
