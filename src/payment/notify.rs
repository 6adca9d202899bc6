//! Where WeChat reports payments: raw bytes in, verified, kept, answered in time.
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
    store::{NewNotice, insert_notice},
};
use crate::{
    kernel::Fen,
    web::{App, AppError},
    wechat::pay::{
        NoticeError, NoticeHeaders, PaymentNotice,
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
    receive(&app, req, res, keep).await;
}

/// Takes a notice in: verified, handed to `keep`, and acknowledged only when that is done.
pub async fn receive<K, F>(app: &App, req: &mut Request, res: &mut Response, keep: K)
where
    K: FnOnce(App, PaymentNotice, String) -> F + Send,
    F: Future<Output = Result<(), AppError>> + Send,
{
    let taken = timeout(DEADLINE, take(app, req, keep)).await.unwrap_or(Err(Refusal::Late));
    match taken {
        Ok(()) => {
            res.status_code(StatusCode::NO_CONTENT);
        }
        Err(refusal) => refuse(app, refusal, res),
    }
}

async fn take<K, F>(app: &App, req: &mut Request, keep: K) -> Result<(), Refusal>
where
    K: FnOnce(App, PaymentNotice, String) -> F + Send,
    F: Future<Output = Result<(), AppError>> + Send,
{
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
    keep(app.clone(), notice, body).await.map_err(Refusal::Ours)
}

/// Keeps a notice of a payment. Anything else has an address of its own; what comes here all the
/// same is kept and acknowledged, and `refund` asks WeChat about its own refunds anyway.
pub async fn keep(app: App, notice: PaymentNotice, body: String) -> Result<(), AppError> {
    let PaymentNotice { notify_id, event_type, facts, .. } = notice;
    let Facts::Transaction(said) = facts else {
        let notice = NewNotice {
            notify_id: &notify_id,
            event_type: &event_type,
            out_trade_no: "",
            transaction: "",
            amount: Fen::ZERO,
            body: &body,
            outcome: "other",
        };
        return Ok(insert_notice(&app.db, &notice, app.clock.now()).await?);
    };
    let (no, received) = (said.out_trade_no.clone(), Received { notify_id, event_type, body });
    let outcome = settle(&app, said, Some(received)).await?;
    tracing::info!(
        payment.out_trade_no = no,
        payment.outcome = outcome.code(),
        "WeChat reported a payment of {no}: {}",
        outcome.code()
    );
    Ok(())
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
