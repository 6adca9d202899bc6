//! What WeChat says about a refund, from a notice or from an answer: one function believes it, in
//! one transaction, exactly once, however often and in whichever order it is said.

use super::{
    book::{BookError, Doer, book, book_foreign, leaves, note, record},
    foreign,
    hold::{hold_foreign, release},
    model::{Means, Refund, RefundStatus, next_try},
    store,
};
use crate::{
    db::{self, Tx},
    kernel::{Fen, Timestamp},
    payment::{self, NewNotice},
    web::{App, AppError},
    wechat::pay::{RefundFacts, RefundState},
};

/// A state that we read may be gone when we write; then it is read again.
const MOST_LOOKS: u32 = 5;

/// A verified notice, to be kept with what came of it.
#[derive(Clone, Debug)]
pub struct Received {
    /// WeChat's id of the notice.
    pub notify_id: String,
    /// For example `REFUND.SUCCESS`.
    pub event_type: String,
    /// The raw body, still sealed by WeChat.
    pub body: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concluded {
    /// The refund stands there now.
    Moved(RefundStatus),
    /// It stood there already, or nothing has changed.
    Repeat,
    /// It contradicts what was asked for; a person must look.
    Mismatch,
    /// A refund of somebody else, about which nothing needs to be booked.
    Stranger,
}

impl Concluded {
    /// The code in the inbox.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Moved(status) => status.code(),
            Self::Repeat => "repeat",
            Self::Mismatch => "refund-mismatch",
            Self::Stranger => "refund-stranger",
        }
    }
}

/// What the transaction works with.
pub(super) struct Input {
    pub app: App,
    pub said: RefundFacts,
    pub received: Option<Received>,
    pub now: Timestamp,
    /// The money does not lie where the request takes it from: a person must say what it was for.
    is_lost: bool,
}

/// Believes what WeChat says.
pub async fn conclude(
    app: &App,
    said: RefundFacts,
    received: Option<Received>,
) -> Result<Concluded, AppError> {
    let input = |is_lost| Input {
        app: app.clone(),
        said: said.clone(),
        received: received.clone(),
        now: app.clock.now(),
        is_lost,
    };
    let first = db::transaction(&app.db, input(false), |tx, input| Box::pin(work(tx, input))).await;
    let done = match first {
        Err(BookError::NotThere) => {
            tracing::error!(refund.no = said.out_refund_no, "a refund found no money to take");
            db::transaction(&app.db, input(true), |tx, input| Box::pin(work(tx, input))).await
        }
        other => other,
    };
    done.map_err(|error| match error {
        BookError::Fault(fault) => fault,
        BookError::NotThere => AppError::Fault(error.to_string()),
    })
}

async fn work(tx: &Tx, input: &Input) -> Result<Concluded, BookError> {
    let mut concluded = None;
    for _ in 0..MOST_LOOKS {
        concluded = once(tx, input).await?;
        if concluded.is_some() {
            break;
        }
    }
    let concluded =
        concluded.ok_or_else(|| AppError::Unavailable("a refund changes all the time".into()))?;
    if let Some(received) = &input.received {
        let notice = NewNotice {
            notify_id: &received.notify_id,
            event_type: &received.event_type,
            out_trade_no: &input.said.out_trade_no,
            transaction: &input.said.transaction_id,
            amount: input.said.amount_refund,
            body: &received.body,
            outcome: concluded.code(),
        };
        payment::insert_notice(tx, &notice, input.now).await?;
    }
    Ok(concluded)
}

/// One look and what follows; nothing when the refund changed meanwhile.
async fn once(tx: &Tx, input: &Input) -> Result<Option<Concluded>, BookError> {
    let said = &input.said;
    let Some(refund) = store::by_no(tx, &said.out_refund_no).await? else {
        return foreign::arrive(tx, input).await.map(Some);
    };
    let fits = said.mch_id == input.app.pay.mch_id()
        && refund.means == Means::Wechat
        && said.amount_refund == refund.amount
        && said.transaction_id == refund.of_id;
    if !fits {
        tracing::error!(refund.no = refund.no, "WeChat's refund is not the one we asked for");
        return Ok(Some(Concluded::Mismatch));
    }
    match (&said.state, is_at_wechat(refund.status)) {
        (RefundState::Success, true) if !input.is_lost => succeed(tx, input, &refund).await,
        (RefundState::Success, _) if is_gone(refund.status) => Ok(Some(Concluded::Repeat)),
        (RefundState::Success, _) => against_us(tx, input, &refund).await,
        (RefundState::Closed, true) => close(tx, input, &refund).await,
        (RefundState::Abnormal, true) => abnormal(tx, input, &refund).await,
        (RefundState::Processing, true) if refund.status != RefundStatus::Processing => {
            let next = next_try(refund.tries, input.now);
            let word = (said.refund_id.as_str(), "");
            let moved = store::accept(tx, &refund.id, RefundStatus::Processing, word, next).await?;
            Ok(moved.then_some(Concluded::Moved(RefundStatus::Processing)))
        }
        (RefundState::Processing | RefundState::Other(_), _)
        | (RefundState::Closed | RefundState::Abnormal, false) => Ok(Some(Concluded::Repeat)),
    }
}

/// True while WeChat decides about it.
const fn is_at_wechat(status: RefundStatus) -> bool {
    matches!(
        status,
        RefundStatus::Submitting
            | RefundStatus::Processing
            | RefundStatus::Refused
            | RefundStatus::Abnormal
    )
}

/// True when the money is gone, and the books say so.
const fn is_gone(status: RefundStatus) -> bool {
    matches!(status, RefundStatus::Success | RefundStatus::Foreign)
}

async fn succeed(tx: &Tx, input: &Input, refund: &Refund) -> Result<Option<Concluded>, BookError> {
    let (app, said, now) = (&input.app, &input.said, input.now);
    let at = said.success_time.unwrap_or(now);
    let word = (said.refund_id.as_str(), "");
    if !store::end(tx, refund, RefundStatus::Success, word, at).await? {
        return Ok(None);
    }
    let parts = store::parts(tx, &refund.id).await?;
    book(tx, app, (refund, &parts), ("refunded", leaves(refund)), now).await?;
    note(tx, refund, (refund.amount.negated(), refund.amount)).await?;
    let what = ("refund.success", refund, RefundStatus::Success.code());
    record(tx, app, what, (&Doer::system(), &said.received_by), now).await?;
    Ok(Some(Concluded::Moved(RefundStatus::Success)))
}

async fn close(tx: &Tx, input: &Input, refund: &Refund) -> Result<Option<Concluded>, BookError> {
    let (app, said, now) = (&input.app, &input.said, input.now);
    let why = "微信已关闭这笔退款（例如商户余额不足），款项没有退出；如需退款请重新申请";
    let word = (said.refund_id.as_str(), why);
    if !store::end(tx, refund, RefundStatus::Closed, word, now).await? {
        return Ok(None);
    }
    release(tx, refund).await?;
    let what = ("refund.closed", refund, RefundStatus::Closed.code());
    record(tx, app, what, (&Doer::system(), ""), now).await?;
    Ok(Some(Concluded::Moved(RefundStatus::Closed)))
}

async fn abnormal(tx: &Tx, input: &Input, refund: &Refund) -> Result<Option<Concluded>, BookError> {
    if refund.status == RefundStatus::Abnormal {
        return Ok(Some(Concluded::Repeat));
    }
    let why = "付款人的账户无法收款（例如银行卡已注销）。请在微信支付商户平台处理这笔异常退款；\
               处理成功后本系统会自动更新";
    let word = (input.said.refund_id.as_str(), why);
    let next = next_try(refund.tries, input.now);
    if !store::accept(tx, &refund.id, RefundStatus::Abnormal, word, next).await? {
        return Ok(None);
    }
    let what = ("refund.abnormal", refund, RefundStatus::Abnormal.code());
    record(tx, &input.app, what, (&Doer::system(), ""), input.now).await?;
    Ok(Some(Concluded::Moved(RefundStatus::Abnormal)))
}

/// WeChat has paid a refund that we hold for not approved, ended, or impossible. Money beats our
/// opinion: it is booked as gone, and a person says what it was for.
async fn against_us(
    tx: &Tx,
    input: &Input,
    refund: &Refund,
) -> Result<Option<Concluded>, BookError> {
    let (app, said, now) = (&input.app, &input.said, input.now);
    let why = "微信已完成这笔退款，但它与账单不符，需要登记款项去向";
    let at = said.success_time.unwrap_or(now);
    let word = (said.refund_id.as_str(), why);
    if !store::end(tx, refund, RefundStatus::Foreign, word, at).await? {
        return Ok(None);
    }
    if refund.status.holds() {
        release(tx, refund).await?;
    }
    hold_foreign(tx, refund).await?;
    note(tx, refund, (Fen::ZERO, refund.amount)).await?;
    book_foreign(tx, app, refund, now).await?;
    let what = ("refund.against-us", refund, RefundStatus::Foreign.code());
    record(tx, app, what, (&Doer::system(), why), now).await?;
    Ok(Some(Concluded::Moved(RefundStatus::Foreign)))
}
