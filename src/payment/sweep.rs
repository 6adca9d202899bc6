//! The sweep: WeChat is asked about every attempt that is not final, because a notice may never
//! arrive; what is out of time is closed.

use tokio::task::JoinSet;

use super::{
    model::{Attempt, OrderStatus, next_query},
    retire::{Ending, book, is_over, retire, retire_order},
    store,
};
use crate::web::{App, AppError};

/// Questions of one turn. They run side by side: WeChat answers thousands a minute, and a turn
/// must not last when it does not answer at all.
const BATCH: i64 = 32;

/// Asks about what is due and closes what is overdue; returns how many attempts and orders got a
/// final state. Several servers may sweep at once: each question is claimed by one of them.
pub async fn sweep_due(app: &App) -> Result<usize, AppError> {
    let now = app.clock.now();
    let mut running = JoinSet::new();
    for attempt in store::due(&app.db, now, BATCH).await? {
        let next = next_query(attempt.query_count + 1, now, attempt.expires_ms);
        if store::claim(&app.db, &attempt, next).await? {
            let app = app.clone();
            running.spawn(async move { ask(&app, &attempt).await });
        }
    }
    let mut done = 0;
    while let Some(asked) = running.join_next().await {
        match asked {
            Ok(Ok(true)) => done += 1,
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "an attempt could not be looked after"),
            Err(error) => tracing::error!(%error, "a sweep task ended badly"),
        }
    }
    for order in store::overdue_orders(&app.db, now, BATCH).await? {
        if retire_order(app, &order).await? != Ending::Unclear {
            done += 1;
        }
    }
    Ok(done)
}

/// Asks about one attempt; `true` when it is final now.
pub(super) async fn ask(app: &App, attempt: &Attempt) -> Result<bool, AppError> {
    let no = &attempt.out_trade_no;
    let order = store::order(&app.db, &attempt.order_id).await?;
    let is_wanted = order.is_some_and(|order| order.status == OrderStatus::Pending);
    if !is_wanted || attempt.expires_ms <= app.clock.now() {
        return Ok(retire(app, attempt).await? != Ending::Unclear);
    }
    match app.pay.query(no).await {
        Ok(Some(said)) if said.trade_state.is_paid() => {
            Ok(book(app, said).await? != Ending::Unclear)
        }
        Ok(Some(said)) if is_over(&said.trade_state) => {
            Ok(store::close_attempt(&app.db, no).await?)
        }
        // Not paid yet, or not yet known to WeChat.
        Ok(_) => Ok(false),
        Err(error) => {
            let no = no.as_str();
            tracing::warn!(payment.out_trade_no = no, %error, "WeChat was asked about {no} in vain");
            Ok(false)
        }
    }
}
