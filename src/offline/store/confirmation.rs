//! SQL of what a confirmation did. Rows are added; only the state of a surplus changes.

use serde::Deserialize;

use super::Seen;
use crate::{
    db::{self, Run, args},
    kernel::{Fen, Timestamp, ids::OfflineId},
    offline::model::{Confirmation, OfflinePayment, SurplusState},
};

#[derive(Deserialize)]
struct Row {
    applied: Fen,
    surplus: Fen,
    surplus_state: SurplusState,
}

/// What the confirmation of a report did; `None` when it was never confirmed.
pub(in crate::offline) async fn confirmation(
    db: &impl Run,
    id: &OfflineId,
) -> Result<Option<Confirmation>, db::Error> {
    let sql = "select applied, surplus, surplus_state from offline_confirmation \
               where offline_id = ?";
    let row: Option<Row> = db.fetch_one(sql, args![id]).await?;
    Ok(row.map(|row| Confirmation {
        applied: row.applied,
        surplus: row.surplus,
        surplus_state: row.surplus_state,
    }))
}

/// Nails the report down: `seen` is the version that it has now that it is confirmed.
pub(in crate::offline) async fn insert_confirmation(
    tx: &impl Run,
    payment: &OfflinePayment,
    seen: &Seen,
    (applied, surplus): (Fen, Fen),
    (by, now): (&str, Timestamp),
) -> Result<(), db::Error> {
    let sql = "insert into offline_confirmation (offline_id, bill_id, amount, paid_on, method, \
               version, applied, surplus, surplus_state, confirmed_by, confirmed_ms) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let state = if surplus.is_positive() { SurplusState::Open } else { SurplusState::None };
    let mut values = args![payment.id, payment.bill_id, payment.amount, payment.paid_on];
    values.extend(args![payment.method, seen.version, applied, surplus, state.code(), by, now]);
    tx.exec(sql, values).await?;
    Ok(())
}

/// Moves an open surplus on; `false` when it is not open (any more).
pub(in crate::offline) async fn move_surplus(
    tx: &impl Run,
    id: &OfflineId,
    to: SurplusState,
) -> Result<bool, db::Error> {
    let sql = "update offline_confirmation set surplus_state = ? \
               where offline_id = ? and surplus_state = 'open'";
    tx.changed(sql, args![to.code(), id]).await
}
