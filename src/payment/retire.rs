//! Ending an attempt at WeChat: asked first, closed then, settled if money came meanwhile.

use std::time::Duration;

use super::{
    model::{Attempt, AttemptStatus, Order, OrderStatus},
    settle::{Outcome, settle},
    store,
};
use crate::{
    db,
    kernel::ids::OrderId,
    web::{App, AppError},
    wechat::{
        WechatError,
        pay::{CloseOutcome, TradeState, Transaction},
    },
};

/// A request to create an order may still be under way for so long after it was sent, although
/// WeChat says that it has never heard of the order.
const UNDER_WAY: Duration = Duration::from_secs(30);

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Nobody can pay it any more.
    Closed,
    /// It was paid, and the money is booked.
    Paid,
    /// WeChat gave no answer that settles it: it may still be paid.
    Unclear,
}

/// Ends an attempt at WeChat. Afterwards, unless it is unclear, another one may begin.
pub(super) async fn retire(app: &App, attempt: &Attempt) -> Result<Ending, AppError> {
    let no = &attempt.out_trade_no;
    let found = match app.pay.query(no).await {
        Ok(found) => found,
        Err(error) => return Ok(unclear(attempt, &error)),
    };
    match found {
        Some(said) if said.trade_state.is_paid() => book(app, said).await,
        Some(said) if is_over(&said.trade_state) => close_here(app, attempt).await,
        Some(_) => close_there(app, attempt).await,
        None if attempt.status == AttemptStatus::Unknown
            && app.clock.now().since(attempt.created_ms) < UNDER_WAY =>
        {
            Ok(Ending::Unclear)
        }
        None => close_here(app, attempt).await,
    }
}

async fn close_there(app: &App, attempt: &Attempt) -> Result<Ending, AppError> {
    match app.pay.close(&attempt.out_trade_no).await {
        Ok(CloseOutcome::Closed) => close_here(app, attempt).await,
        // Paid between the question and the close.
        Ok(CloseOutcome::AlreadyPaid) => match app.pay.query(&attempt.out_trade_no).await {
            Ok(Some(said)) if said.trade_state.is_paid() => book(app, said).await,
            Ok(_) => Ok(Ending::Unclear),
            Err(error) => Ok(unclear(attempt, &error)),
        },
        Err(error) => Ok(unclear(attempt, &error)),
    }
}

/// True for states at WeChat that no payer can leave any more.
pub(super) const fn is_over(state: &TradeState) -> bool {
    matches!(state, TradeState::Closed | TradeState::Revoked | TradeState::PayError)
}

async fn close_here(app: &App, attempt: &Attempt) -> Result<Ending, AppError> {
    if store::close_attempt(&app.db, &attempt.out_trade_no).await? {
        return Ok(Ending::Closed);
    }
    // Somebody else ended it; how, the books say.
    let now = store::attempt(&app.db, &attempt.out_trade_no).await?;
    Ok(match now.map(|attempt| attempt.status) {
        Some(AttemptStatus::Closed) => Ending::Closed,
        Some(AttemptStatus::Unknown | AttemptStatus::Prepaid) | None => Ending::Unclear,
        Some(_) => Ending::Paid,
    })
}

/// Books what a query has shown to be paid.
pub(super) async fn book(app: &App, said: Transaction) -> Result<Ending, AppError> {
    let no = said.out_trade_no.parse();
    match settle(app, said, None).await? {
        Outcome::Settled => {}
        Outcome::Repeat | Outcome::Parked(_) => {
            // WeChat has said its last word, and it is on record.
            if let Ok(no) = no {
                store::stop_asking(&app.db, &no).await?;
            }
        }
        Outcome::NotPaid => return Ok(Ending::Unclear),
    }
    Ok(Ending::Paid)
}

fn unclear(attempt: &Attempt, error: &WechatError) -> Ending {
    let no = attempt.out_trade_no.as_str();
    tracing::warn!(payment.out_trade_no = no, %error, "WeChat could not be asked about {no}");
    Ending::Unclear
}

/// What an order is after an effort to end it.
pub(super) async fn retire_order(app: &App, order: &OrderId) -> Result<Ending, AppError> {
    if let Some(attempt) = store::live_attempt(&app.db, order).await? {
        let ending = retire(app, &attempt).await?;
        if ending != Ending::Closed {
            return Ok(ending);
        }
    }
    let closed: Result<bool, db::Error> = db::transaction(&app.db, order.clone(), |tx, order| {
        Box::pin(store::close_order(tx, order))
    })
    .await;
    if closed? {
        return Ok(Ending::Closed);
    }
    Ok(match store::order(&app.db, order).await? {
        Some(Order { status: OrderStatus::Paid, .. }) => Ending::Paid,
        Some(Order { status: OrderStatus::Closed, .. }) => Ending::Closed,
        Some(Order { status: OrderStatus::Pending, .. }) | None => Ending::Unclear,
    })
}
