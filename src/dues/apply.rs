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
    let shares = [(bill.clone(), amount)];
    Ok(store::insert_allocations(tx, ids, now, source, &shares).await?)
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
    let got = apply_each(tx, ids, now, source, &[(bill.clone(), amount)]).await?;
    Ok(got.first().map_or(Fen::ZERO, |(_, part)| *part))
}

/// Puts the money of one source on several bills, in this order, each as much as it still owes of
/// its share; returns what went where. One statement for each bill and one for all allocations.
pub async fn apply_each(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    source: &Source,
    shares: &[(BillId, Fen)],
) -> Result<Vec<(BillId, Fen)>, db::Error> {
    let mut got = Vec::with_capacity(shares.len());
    for (bill, amount) in shares {
        let part = add_up_to(tx, bill, *amount).await?;
        if part.is_positive() {
            got.push((bill.clone(), part));
        }
    }
    if !got.is_empty() {
        store::insert_allocations(tx, ids, now, source, &got).await?;
    }
    Ok(got)
}

/// The usual bill owes the whole share: one statement. Else the rest is read, until it holds.
async fn add_up_to(tx: &impl Run, bill: &BillId, amount: Fen) -> Result<Fen, db::Error> {
    let mut part = amount;
    for _ in 0..MOST_LOOKS {
        if !part.is_positive() {
            break;
        }
        if store::add_paid(tx, bill, part).await? {
            return Ok(part);
        }
        let found = store::bill(tx, bill).await?.filter(|bill| bill.status.is_owed());
        part = found.map_or(Fen::ZERO, |bill| bill.remaining()).min(amount);
    }
    Ok(Fen::ZERO)
}
