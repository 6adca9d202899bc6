//! Moving refunds on at WeChat, outside any transaction: approved ones are submitted, accepted ones
//! asked about until they end. The number is the same at every try, so that a repeat after an
//! unknown outcome can never refund twice.

use tokio::task::JoinSet;

use super::{
    conclude::{Concluded, conclude},
    model::{Refund, RefundStatus, next_try},
    store,
};
use crate::{
    kernel::ids::RefundId,
    web::{App, AppError},
    wechat::{
        WechatError,
        pay::{NewRefund, RefundFacts},
    },
};

/// Refunds of one turn; they go side by side, because WeChat may not answer at all.
const BATCH: i64 = 16;

/// Moves on what is due; returns how many refunds changed. Several servers may do so at once: each
/// question is claimed by one of them.
pub async fn push_due(app: &App) -> Result<usize, AppError> {
    let now = app.clock.now();
    let mut running = JoinSet::new();
    for refund in store::due(&app.db, now, BATCH).await? {
        if store::claim(&app.db, &refund, next_try(refund.tries, now)).await? {
            let app = app.clone();
            running.spawn(async move { push(&app, &refund).await });
        }
    }
    let mut moved = 0;
    while let Some(pushed) = running.join_next().await {
        match pushed {
            Ok(Ok(true)) => moved += 1,
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a refund could not be looked after"),
            Err(error) => tracing::error!(%error, "a refund task ended badly"),
        }
    }
    Ok(moved)
}

/// Moves one refund on at once, for who has just approved it. What WeChat does not answer now, the
/// job asks again.
pub(super) async fn push_now(app: &App, id: &RefundId) -> Result<(), AppError> {
    let Some(refund) = store::refund(&app.db, id).await? else { return Ok(()) };
    let next = next_try(refund.tries, app.clock.now());
    if store::claim(&app.db, &refund, next).await? {
        push(app, &refund).await?;
    }
    Ok(())
}

async fn push(app: &App, refund: &Refund) -> Result<bool, AppError> {
    match ask(app, refund).await {
        Ok(Some(said)) => {
            let concluded = conclude(app, said, None).await?;
            Ok(matches!(concluded, Concluded::Moved(_)))
        }
        Ok(None) => {
            tracing::error!(refund.no = refund.no, "WeChat has forgotten a refund it accepted");
            Ok(false)
        }
        Err(error) => {
            tracing::warn!(refund.no = refund.no, %error, "a refund does not go on");
            trouble(app, refund, &error).await
        }
    }
}

async fn ask(app: &App, refund: &Refund) -> Result<Option<RefundFacts>, WechatError> {
    if refund.status != RefundStatus::Submitting {
        return app.pay.query_refund(&refund.no).await;
    }
    let new = NewRefund {
        out_refund_no: refund.no.clone(),
        transaction_id: refund.of_id.clone(),
        reason: refund.reason.clone(),
        refund: refund.amount,
        total: refund.total,
    };
    app.pay.refund(&new).await.map(Some)
}

/// Says on the refund why it does not go on. Only a definite refusal of the request itself stops
/// it: after anything else the same request is sent again.
async fn trouble(app: &App, refund: &Refund, error: &WechatError) -> Result<bool, AppError> {
    if refund.status != RefundStatus::Submitting {
        return Ok(false);
    }
    let next = Some(next_try(refund.tries, app.clock.now()));
    let (to, words, next) = if error.has_code("NOT_ENOUGH") {
        (RefundStatus::Submitting, "商户平台余额不足，充值后会自动重试".to_owned(), next)
    } else if is_definite(error) {
        (RefundStatus::Refused, format!("微信没有受理：{}", words(error)), None)
    } else {
        (RefundStatus::Submitting, "微信暂时没有答复，会自动用同一单号重试".to_owned(), next)
    };
    Ok(store::note_problem(&app.db, refund, to, (&words, next)).await? && next.is_none())
}

/// True when WeChat has refused this refund itself, and would refuse it again.
fn is_definite(error: &WechatError) -> bool {
    match error {
        // Not found is also what WeChat says shortly after a payment; 401 and 429 are about us.
        WechatError::Refused { status: 400 | 403, .. } => true,
        WechatError::Refused { .. }
        | WechatError::Unreachable { .. }
        | WechatError::Untrusted(_)
        | WechatError::Malformed(_)
        | WechatError::Config(_) => false,
    }
}

fn words(error: &WechatError) -> String {
    match error {
        WechatError::Refused { code, message, .. } if !message.is_empty() => {
            format!("{message}（{code}）")
        }
        other => other.to_string(),
    }
}
