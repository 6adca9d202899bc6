//! Ending an attempt at WeChat: asked first, closed then, settled if money came meanwhile.

use std::time::Duration;

use super::{
    model::{Attempt, AttemptStatus, Order, OrderStatus},
    settle::{Outcome, settle},
    store,
};
use crate::{
    db,
    kernel::ids::{BillId, OrderId},
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

/// What has become of the online payments of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// None is open any more: WeChat takes no money for this bill until somebody begins anew.
    Free,
    /// WeChat says that it was paid, and the money is on the bill now: look at the bill again.
    Settled,
    /// WeChat says that money came that does not fit the order; it waits in 待处理款项.
    Parked,
    /// WeChat gave no answer: the bill may be paid online at any moment.
    Unclear,
}

/// Ends whatever may still be paid online for a bill, before it is decided by other means (a
/// confirmed transfer, a waiver): every live attempt is queried, settled if WeChat says that it
/// was paid, and closed there otherwise (wechat.md 9, 29).
///
/// WeChat is asked, so call it outside of any transaction. Nothing keeps a payer from beginning
/// anew afterwards: decide by `dues`' conditional updates as always, and call this once more after
/// the commit, so that what began in between is closed too. Money that is faster than all of this
/// is applied as far as the bill still owes, and parked beyond.
pub async fn retire_for_bill(app: &App, bill: &BillId) -> Result<Retired, AppError> {
    let bills = std::slice::from_ref(bill);
    let mut result = Retired::Free;
    for order in store::live_orders_of_bills(&app.db, bills).await? {
        match retire_order(app, &order.id).await? {
            Ending::Closed => {}
            Ending::Unclear => return Ok(Retired::Unclear),
            Ending::Paid => {
                let now = store::order(&app.db, &order.id).await?;
                if now.is_some_and(|order| order.status == OrderStatus::Paid) {
                    result = Retired::Settled;
                } else if retire_order(app, &order.id).await? == Ending::Unclear {
                    return Ok(Retired::Unclear);
                } else if result == Retired::Free {
                    result = Retired::Parked;
                }
            }
        }
    }
    Ok(result)
}
