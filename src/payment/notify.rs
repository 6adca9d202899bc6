//! Where WeChat reports payments and refunds: raw bytes in, verified, kept, answered in time.
//!
//! No login, no cookie, no form token: the signature is the proof. 204 is answered only when the
//! message is durably kept; after anything else WeChat asks again.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use salvo::{
    Request, Response, Writer as _, handler,
    http::{ParseError, StatusCode},
    writing::Json,
};
use serde_json::json;
use tokio::time::timeout;

use super::{
    settle::{Received, settle},
    store::{self, NewNotice},
};
use crate::{
    kernel::Fen,
    web::{App, AppError},
    wechat::pay::{
        NoticeError, NoticeHeaders, PaymentNotice, RefundFacts,
        notice::{self, Facts, MAX_BODY},
    },
};

/// WeChat gives up after five seconds; a late answer is none. What is being committed then goes
/// on, and the repeat finds it done.
const DEADLINE: Duration = Duration::from_millis(3800);

/// Refused notices are logged at most this often.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Why a notice was not taken.
enum Refusal {
    /// It is not WeChat's, or not for us.
    Notice(NoticeError),
    /// The body did not arrive whole, or is too large.
    Body(StatusCode),
    /// We failed; WeChat will try again.
    Ours(AppError),
    /// We took too long.
    Late,
}

/// `POST /wechat/pay/notify`
#[handler]
pub async fn payment(app: App, req: &mut Request, res: &mut Response) {
    receive(&app, req, res).await;
}

/// `POST /wechat/refund/notify`
#[handler]
pub async fn refund(app: App, req: &mut Request, res: &mut Response) {
    receive(&app, req, res).await;
}

async fn receive(app: &App, req: &mut Request, res: &mut Response) {
    let taken = timeout(DEADLINE, take(app, req)).await.unwrap_or(Err(Refusal::Late));
    match taken {
        Ok(()) => {
            res.status_code(StatusCode::NO_CONTENT);
        }
        Err(refusal) => refuse(app, refusal, res),
    }
}

async fn take(app: &App, req: &mut Request) -> Result<(), Refusal> {
    // The very bytes that were signed: nothing has parsed them before.
    let body = req.payload_with_max_size(MAX_BODY).await.map_err(|error| match error {
        ParseError::PayloadTooLarge => Refusal::Body(StatusCode::PAYLOAD_TOO_LARGE),
        _ => Refusal::Body(StatusCode::BAD_REQUEST),
    })?;
    let body = body.clone();
    let headers = NoticeHeaders::pick(
        req.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())),
    )
    .map_err(|bad| Refusal::Notice(bad.into()))?;
    let notice =
        notice::open(&app.pay, &headers, &body, app.clock.now()).map_err(Refusal::Notice)?;
    // It is JSON, so it is text.
    let body = String::from_utf8_lossy(&body).into_owned();
    keep(app, notice, body).await.map_err(Refusal::Ours)
}

async fn keep(app: &App, notice: PaymentNotice, body: String) -> Result<(), AppError> {
    let PaymentNotice { notify_id, event_type, facts, .. } = notice;
    match facts {
        Facts::Transaction(said) => {
            let (no, received) =
                (said.out_trade_no.clone(), Received { notify_id, event_type, body });
            let outcome = settle(app, said, Some(received)).await?;
            tracing::info!(
                payment.out_trade_no = no,
                payment.outcome = outcome.code(),
                "WeChat reported a payment of {no}: {}",
                outcome.code()
            );
        }
        Facts::Refund(facts) => {
            keep_refund(app, (&notify_id, &event_type, &body), Some(&facts)).await?;
            tracing::warn!(
                payment.out_refund_no = facts.out_refund_no,
                "WeChat reported a refund, kept for a person"
            );
        }
        Facts::Other => keep_refund(app, (&notify_id, &event_type, &body), None).await?,
    }
    Ok(())
}

/// Refunds are not made here yet: what WeChat says about one made in its console is kept for a
/// person. The same for messages about things that we do not use.
async fn keep_refund(
    app: &App,
    (notify_id, event_type, body): (&str, &str, &str),
    facts: Option<&RefundFacts>,
) -> Result<(), AppError> {
    let notice = NewNotice {
        notify_id,
        event_type,
        out_trade_no: facts.map_or("", |facts| &facts.out_trade_no),
        transaction: facts.map_or("", |facts| &facts.transaction_id),
        amount: facts.map_or(Fen::ZERO, |facts| facts.amount_refund),
        body,
        outcome: if facts.is_some() { "refund" } else { "other" },
    };
    Ok(store::insert_notice(&app.db, &notice, app.clock.now()).await?)
}

fn refuse(app: &App, refusal: Refusal, res: &mut Response) {
    let (status, message) = match refusal {
        Refusal::Notice(error) => {
            log_sampled(app, &error);
            let status = StatusCode::from_u16(error.status());
            (status.unwrap_or(StatusCode::BAD_REQUEST), error.to_string())
        }
        Refusal::Body(status) => (status, "the body cannot be read".to_owned()),
        Refusal::Ours(error) => {
            tracing::warn!(%error, "a verified notice could not be kept, WeChat will repeat it");
            // Whatever stopped us, WeChat shall come again.
            (StatusCode::SERVICE_UNAVAILABLE, "try again".to_owned())
        }
        Refusal::Late => {
            tracing::warn!("a notice took too long, WeChat will repeat it");
            (StatusCode::SERVICE_UNAVAILABLE, "try again".to_owned())
        }
    };
    res.status_code(status);
    res.render(Json(json!({ "code": "FAIL", "message": message })));
}

/// Anybody can send rubbish here, as fast as the line allows; the log must not fill the disk.
fn log_sampled(app: &App, error: &NoticeError) {
    static LAST: AtomicI64 = AtomicI64::new(0);
    static HELD_BACK: AtomicU64 = AtomicU64::new(0);
    let now = app.clock.now().millis();
    let last = LAST.load(Relaxed);
    let every = i64::try_from(LOG_EVERY.as_millis()).unwrap_or(i64::MAX);
    let is_due = now.abs_diff(last) >= every.unsigned_abs();
    if is_due && LAST.compare_exchange(last, now, Relaxed, Relaxed).is_ok() {
        let held_back = HELD_BACK.swap(0, Relaxed);
        tracing::info!(%error, held_back, "refused a notice");
    } else {
        HELD_BACK.fetch_add(1, Relaxed);
    }
}
