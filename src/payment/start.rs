//! Starting to pay an order: an attempt is stored first, then WeChat is asked to create it.

use super::{
    create::create,
    model::{Attempt, Order, TradeType, next_query},
    retire::{Ending, retire, retire_order},
    store::{self, NewAttempt},
};
use crate::{
    dues,
    kernel::{
        OpenId,
        ids::{OrderId, OutTradeNo},
    },
    web::{App, AppError},
    wechat::pay::H5Scene,
};

/// Attempts of two windows can be in each other's way; more often than this is no chance.
const MOST_TRIES: u32 = 4;

/// How the order is to be paid.
#[derive(Clone, Debug)]
pub enum Way {
    /// By a QR code.
    Native,
    /// Inside WeChat, by this user of our account.
    Jsapi(OpenId),
    /// In a phone's browser outside WeChat.
    H5(H5Scene),
}

/// What there is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The attempt can be paid now.
    Ready(Attempt),
    /// WeChat has not answered; a retry goes on with the same number.
    NoAnswer,
    /// The order is paid, closed or out of time: look at it again.
    Over,
    /// The association has not opened this way at WeChat.
    NotOffered,
}

impl Way {
    pub(super) const fn trade_type(&self) -> TradeType {
        match self {
            Self::Native => TradeType::Native,
            Self::Jsapi(_) => TradeType::Jsapi,
            Self::H5(_) => TradeType::H5,
        }
    }

    fn payer_index(&self, app: &App) -> String {
        match self {
            Self::Native => String::new(),
            Self::Jsapi(open_id) => app.vault.index(open_id.as_str()),
            Self::H5(scene) => app.vault.index(&scene.client_ip.to_string()),
        }
    }
}

/// Makes the order payable in this way. An attempt that is alive in another way, or for another
/// payer, is ended at WeChat first, so that never two of them can be paid.
pub async fn start(app: &App, id: &OrderId, way: &Way) -> Result<Started, AppError> {
    for _ in 0..MOST_TRIES {
        let order = store::order(&app.db, id).await?.ok_or(AppError::NotFound)?;
        if !order.is_payable(app.clock.now()) {
            return Ok(Started::Over);
        }
        let Some(attempt) = store::live_attempt(&app.db, id).await? else {
            if !is_still_owed(app, &order).await? {
                retire_order(app, id).await?;
                return Ok(Started::Over);
            }
            insert(app, &order, way).await?;
            continue;
        };
        let fits =
            attempt.trade_type == way.trade_type() && attempt.payer_index == way.payer_index(app);
        if fits && attempt.is_fresh(app.clock.now()) {
            return Ok(Started::Ready(attempt));
        }
        if fits {
            match create(app, &order, &attempt, way).await? {
                Some(started) => return Ok(started),
                None => continue,
            }
        }
        match retire(app, &attempt).await? {
            Ending::Closed => {}
            Ending::Paid => return Ok(Started::Over),
            Ending::Unclear => return Ok(Started::NoAnswer),
        }
    }
    Ok(Started::NoAnswer)
}

/// A bill may have been paid by transfer since the order was made.
async fn is_still_owed(app: &App, order: &Order) -> Result<bool, AppError> {
    let bills = dues::open_bills_of(&app.db, &order.member_id).await?;
    let shares = store::shares(&app.db, &order.id).await?;
    Ok(shares.iter().all(|share| {
        bills.iter().any(|bill| bill.id == share.bill_id && bill.remaining() >= share.amount)
    }))
}

/// Stores the attempt before WeChat hears of it: a notice may arrive before the answer does.
async fn insert(app: &App, order: &Order, way: &Way) -> Result<(), AppError> {
    let now = app.clock.now();
    let no = format!("P{}{}", now.compact(), app.ids.digits(9));
    let no: OutTradeNo = no.parse().map_err(|_| AppError::Fault("an unusable number".into()))?;
    let new = NewAttempt {
        no: &no,
        order,
        trade_type: way.trade_type(),
        app_id: app.pay.app_id(),
        mch_id: app.pay.mch_id(),
        payer_index: &way.payer_index(app),
        next_query: next_query(0, now, order.expires_ms),
    };
    match store::insert_attempt(&app.db, &new, now).await {
        // Not stored: another window has one already, or the order just ended.
        Ok(_) => Ok(()),
        Err(error) if error.is_duplicate() => Ok(()),
        Err(error) => Err(error.into()),
    }
}
