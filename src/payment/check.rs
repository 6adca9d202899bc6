//! Asking WeChat about an order at once, because its payer says that it is paid.

use std::time::Duration;

use super::{store, sweep};
use crate::{
    kernel::ids::OrderId,
    web::{App, AppError, throttle},
};

/// Questions about one order within [`WINDOW`]: everybody may press the button, WeChat counts.
const MOST: u64 = 12;
const WINDOW: Duration = Duration::from_mins(2);

/// Whether the order has come to an end, as far as WeChat says; money is booked.
pub(super) async fn check(app: &App, order: &OrderId) -> Result<bool, AppError> {
    let Some(attempt) = store::live_attempt(&app.db, order).await? else { return Ok(true) };
    throttle::pass(app, "pay-check", order.as_str(), MOST, WINDOW).await?;
    sweep::ask(app, &attempt).await
}
