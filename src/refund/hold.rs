//! Setting aside what a refund will take, so that no two refunds ever take the same fen, and
//! freeing it when nothing came of it. Inside the caller's transaction; the limits come before the
//! bills, always in the order of their names.

use super::{
    book::note,
    model::{Origin, Part, Refund},
    store::{self, Limit},
};
use crate::{
    db::{self, Run, Tx},
    kernel::{Fen, Timestamp, ids::StaffId},
    payment,
};

/// A part together with all that its source had put on the bill.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub part: Part,
    pub total: Fen,
}

/// `false` when a limit is reached; the transaction must be rolled back then.
pub(super) async fn hold(
    tx: &Tx,
    refund: &Refund,
    parts: &[Held],
    (by, now): (&StaffId, Timestamp),
) -> Result<bool, db::Error> {
    let of = (refund.of_kind.as_str(), refund.of_id.as_str());
    let whole = Limit { of, slot: "" };
    store::check_in(tx, &whole, refund.total).await?;
    if !store::take(tx, &whole, refund.amount).await? {
        return Ok(false);
    }
    if !hold_parts(tx, refund, parts).await? {
        return Ok(false);
    }
    if let (Origin::Parked, Some(item)) = (refund.origin, &refund.parked_id)
        && !payment::hold_parked(tx, item, by, &refund.reason, now).await?
    {
        return Ok(false);
    }
    note(tx, refund, (refund.amount, Fen::ZERO)).await?;
    Ok(true)
}

/// The same for the parts alone: of a refund whose sum is set aside already.
pub(super) async fn hold_parts(
    tx: &Tx,
    refund: &Refund,
    parts: &[Held],
) -> Result<bool, db::Error> {
    let of = (refund.of_kind.as_str(), refund.of_id.as_str());
    for Held { part, total } in parts {
        let slot = part.slot();
        let limit = Limit { of, slot: &slot };
        store::check_in(tx, &limit, *total).await?;
        if !store::take(tx, &limit, part.amount).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Frees everything.
pub(super) async fn release(tx: &Tx, refund: &Refund) -> Result<(), db::Error> {
    let of = (refund.of_kind.as_str(), refund.of_id.as_str());
    store::give_back(tx, &Limit { of, slot: "" }, refund.amount).await?;
    for part in store::parts(tx, &refund.id).await? {
        store::give_back(tx, &Limit { of, slot: &part.slot() }, part.amount).await?;
    }
    if let Some(item) = &refund.parked_id {
        payment::release_parked(tx, item).await?;
    }
    note(tx, refund, (refund.amount.negated(), Fen::ZERO)).await
}

/// Sets the sum of a refund aside that happened without us; if the limit says that it cannot be,
/// it happened all the same.
pub(super) async fn hold_foreign(tx: &Tx, refund: &Refund) -> Result<(), db::Error> {
    let whole = Limit { of: (&refund.of_kind, &refund.of_id), slot: "" };
    store::check_in(tx, &whole, refund.total).await?;
    store::take(tx, &whole, refund.amount).await?;
    Ok(())
}

/// What is set aside of a part.
pub(super) async fn held(db: &impl Run, of: (&str, &str), part: &Part) -> Result<Fen, db::Error> {
    store::reserved(db, &Limit { of, slot: &part.slot() }).await
}
