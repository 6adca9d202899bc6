//! Applying money to a bill, once per source and bill.

use super::store;
use crate::{
    db::{self, Run},
    kernel::{Fen, Ids, Timestamp, ids::BillId},
    ledger::Source,
};

/// Why money could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The bill owes less than that, or nothing: settled, waived or void.
    #[error("the bill does not owe that much")]
    NotOwed,
    /// The database refused.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// How often the rest of a bill is read again when it changes meanwhile.
const MOST_LOOKS: u32 = 5;

/// Adds `amount` to what is paid on a bill and records where it came from, inside the caller's
/// transaction.
pub async fn apply(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    source: &Source,
    (bill, amount): (&BillId, Fen),
) -> Result<(), ApplyError> {
    if !store::add_paid(tx, bill, amount).await? {
        return Err(ApplyError::NotOwed);
    }
    Ok(store::insert_allocation(tx, &ids.next(now), source, bill, amount, now).await?)
}

/// As [`apply`], but only as much of `amount` as the bill still owes; returns how much that was,
/// nothing when it owes nothing.
pub async fn apply_up_to(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    source: &Source,
    (bill, amount): (&BillId, Fen),
) -> Result<Fen, db::Error> {
    for _ in 0..MOST_LOOKS {
        let found = store::bill(tx, bill).await?.filter(|bill| bill.status.is_owed());
        let part = found.map_or(Fen::ZERO, |bill| bill.remaining()).min(amount);
        if !part.is_positive() {
            break;
        }
        match apply(tx, ids, now, source, (bill, part)).await {
            Ok(()) => return Ok(part),
            Err(ApplyError::NotOwed) => {}
            Err(ApplyError::Db(error)) => return Err(error),
        }
    }
    Ok(Fen::ZERO)
}
