//! Asking WeChat to create an attempt, and understanding why it does not.

use super::{
    model::{Attempt, AttemptStatus, Order},
    retire::{Ending, book, is_over, retire},
    start::{Started, Way},
    store::{self, Code},
};
use crate::{
    web::{App, AppError},
    wechat::{WechatError, pay::NewPrepay},
};

/// Asks WeChat to create an attempt, or for a fresh code of it. Repeating it with the same values
/// is safe (wechat.md 4.3). Nothing when the attempt changed and must be looked at again.
pub(super) async fn create(
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
    let asked = app.clock.now();
    let (code_url, prepay_id) = match ask(app, &prepay, way).await {
        Ok(given) => given,
        Err(error) => return not_created(app, attempt, error).await,
    };
    let until = asked + way.trade_type().code_life();
    let code = Code { url: &code_url, prepay_id: &prepay_id, until };
    // Money, or somebody who closed it, was faster than the answer.
    if !store::set_code(&app.db, no, &code).await? {
        return Ok(None);
    }
    Ok(store::attempt(&app.db, no).await?.map(Started::Ready))
}

/// What WeChat gives out: a code or page, and a prepayment; one of them is empty.
async fn ask(app: &App, prepay: &NewPrepay, way: &Way) -> Result<(String, String), WechatError> {
    Ok(match way {
        Way::Native => (app.pay.prepay_native(prepay).await?.as_str().to_owned(), String::new()),
        Way::H5(scene) => {
            (app.pay.prepay_h5(prepay, scene).await?.as_str().to_owned(), String::new())
        }
        Way::Jsapi(payer) => {
            (String::new(), app.pay.prepay_jsapi(prepay, payer).await?.as_str().to_owned())
        }
    })
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
    // It never began: another way may begin at once.
    if error.has_code("NO_AUTH") && attempt.status == AttemptStatus::Unknown {
        store::close_attempt(&app.db, &attempt.out_trade_no).await?;
        return Ok(Some(Started::NotOffered));
    }
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
