//! Starting to pay an order: an attempt is stored first, then WeChat is asked to create it.

use super::{
    model::{Attempt, AttemptStatus, Order, TradeType, next_query},
    retire::{Ending, book, is_over, retire, retire_order},
    store::{self, NewAttempt},
};
use crate::{
    dues,
    kernel::{
        OpenId,
        ids::{OrderId, OutTradeNo},
    },
    web::{App, AppError},
    wechat::{WechatError, pay::NewPrepay},
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
}

impl Way {
    const fn trade_type(&self) -> TradeType {
        match self {
            Self::Native => TradeType::Native,
            Self::Jsapi(_) => TradeType::Jsapi,
        }
    }

    fn payer_index(&self, app: &App) -> String {
        match self {
            Self::Native => String::new(),
            Self::Jsapi(open_id) => app.vault.index(open_id.as_str()),
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
        if fits && attempt.status == AttemptStatus::Prepaid {
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

/// Asks WeChat to create an attempt whose outcome is not known. Repeating it with the same values
/// is safe (wechat.md 4.3). Nothing when the attempt changed and must be looked at again.
async fn create(
    app: &App,
    order: &Order,
    attempt: &Attempt,
    way: &Way,
) -> Result<Option<Started>, AppError> {
    let no = &attempt.out_trade_no;
    let prepay = NewPrepay {
        out_trade_no: no.clone(),
        description: format!("{}{}", app.settings.site.short_name, order.description),
        total: attempt.amount,
        time_expire: attempt.expires_ms,
    };
    let stored = match way {
        Way::Native => match app.pay.prepay_native(&prepay).await {
            Ok(code) => store::set_code_url(&app.db, no, code.as_str()).await?,
            Err(error) => return not_created(app, attempt, error).await,
        },
        Way::Jsapi(payer) => match app.pay.prepay_jsapi(&prepay, payer).await {
            Ok(prepay) => store::set_prepay_id(&app.db, no, prepay.as_str()).await?,
            Err(error) => return not_created(app, attempt, error).await,
        },
    };
    // A fresh code of another window, or money that was faster than the answer.
    if !stored {
        return Ok(None);
    }
    Ok(store::attempt(&app.db, no).await?.map(Started::Ready))
}

/// Why an order of a known number was not created: it exists in a state of its own, or WeChat is
/// not to be understood right now.
async fn not_created(
    app: &App,
    attempt: &Attempt,
    error: WechatError,
) -> Result<Option<Started>, AppError> {
    let no = attempt.out_trade_no.as_str();
    tracing::warn!(payment.out_trade_no = no, %error, "WeChat created no order for {no}");
    let exists = ["OUT_TRADE_NO_USED", "ORDER_PAID", "ORDER_CLOSED"];
    if !exists.iter().any(|code| error.has_code(code)) {
        return Ok(Some(Started::NoAnswer));
    }
    match app.pay.query(&attempt.out_trade_no).await {
        Ok(Some(said)) if said.trade_state.is_paid() => {
            book(app, said).await?;
            Ok(Some(Started::Over))
        }
        Ok(Some(said)) if is_over(&said.trade_state) => {
            store::close_attempt(&app.db, &attempt.out_trade_no).await?;
            Ok(None)
        }
        // Alive with other values than ours (a changed configuration): only a new number helps.
        Ok(Some(_)) => match retire(app, attempt).await? {
            Ending::Closed => Ok(None),
            Ending::Paid => Ok(Some(Started::Over)),
            Ending::Unclear => Ok(Some(Started::NoAnswer)),
        },
        Ok(None) | Err(_) => Ok(Some(Started::NoAnswer)),
    }
}
