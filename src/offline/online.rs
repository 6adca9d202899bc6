//! Before a confirmation: an open attempt to pay the same bill online is ended at WeChat, so that
//! one bill is not paid twice (the order is: ask, close, confirm; wechat.md 9, 29).

use super::decide::DecideError;
use crate::{
    kernel::ids::BillId,
    payment::{self, Retired},
    web::{App, AppError},
};

/// The live online orders of a bill in words; empty when there are none.
pub(super) async fn live_orders(app: &App, bill: &BillId) -> Result<String, AppError> {
    let orders = payment::live_orders_of_bills(&app.db, std::slice::from_ref(bill)).await?;
    let lines = orders.iter().map(|order| format!("{}（{} 元）", order.no, order.amount.grouped()));
    Ok(lines.collect::<Vec<_>>().join("、"))
}

/// Ends what is open; an error says why finance must look again.
pub(super) async fn end_orders(app: &App, bill: &BillId) -> Result<(), DecideError> {
    match payment::retire_for_bill(app, bill).await? {
        Retired::Free => Ok(()),
        Retired::Settled => Err(DecideError::PaidOnline),
        Retired::Parked => Err(DecideError::ParkedOnline),
        Retired::Unclear => Err(DecideError::OnlineUnclear),
    }
}

/// Ends what somebody began while the confirmation was being committed. Money that is faster
/// still is parked by `payment`, so a failure here loses nothing.
pub(super) async fn end_latecomers(app: &App, bill: &BillId) {
    match payment::retire_for_bill(app, bill).await {
        Ok(Retired::Free) => {}
        Ok(other) => {
            tracing::warn!(bill.id = %bill, "an online order beside a transfer: {other:?}");
        }
        Err(error) => tracing::warn!(bill.id = %bill, %error, "an online order could not be ended"),
    }
}
