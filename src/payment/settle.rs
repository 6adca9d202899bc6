//! Settling: the one function that believes that money came. Notices, queries and the daily bill
//! all end here.
//!
//! Everything happens in one transaction. The usual payment of one bill takes ten statements
//! (facts, order, attempt, bills freed, bill, allocations, ledger, audit, outbox, notice), with
//! begin and commit twelve round trips, and one more for each further bill; a repeat takes two
//! statements. One row is written to each of nine tables, so fewer would mean one statement for
//! several tables, which SQLite does not have, or giving up a guarantee. Locks are taken in a fixed order: order, attempt,
//! then bills by id. Whatever a copy of the same message meets, the state of the business decides:
//! an inbox row alone proves nothing.

use super::{
    book::{apply, post, tell},
    contradict,
    model::AttemptStatus,
    park,
    store::{self, Facts},
    verdict::{Oddity, Verdict, judge},
};
use crate::{
    db::{self, Tx},
    kernel::Timestamp,
    web::{App, AppError},
    wechat::pay::Transaction,
};

/// The state that we read may be gone when we write; then it is read again. More often than this
/// would be a bug: an attempt has only so many states.
const MOST_LOOKS: u32 = 5;

/// A verified notice, to be kept with what came of it.
#[derive(Clone, Debug)]
pub struct Received {
    /// WeChat's id of the notice.
    pub notify_id: String,
    /// For example `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The raw body, still sealed by WeChat.
    pub body: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money is on the bills.
    Settled,
    /// It was there already.
    Repeat,
    /// A person must look at it; the money, if it is ours, is in suspense.
    Parked(Oddity),
    /// No money has moved.
    NotPaid,
}

impl Outcome {
    /// The code in the inbox.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Repeat => "repeat",
            Self::Parked(oddity) => oddity.code(),
            Self::NotPaid => "not-paid",
        }
    }
}

/// What the transaction works with.
pub(super) struct Input {
    pub app: App,
    pub said: Transaction,
    /// WeChat's number, or a substitute where a contradictory notice has none.
    pub transaction: String,
    pub received: Option<Received>,
    pub now: Timestamp,
}

/// Books what WeChat says about an order, exactly once, whoever asks how often. `received` is the
/// notice that brought it, if one did.
pub async fn settle(
    app: &App,
    said: Transaction,
    received: Option<Received>,
) -> Result<Outcome, AppError> {
    let substitute = || {
        let key = received.as_ref().map_or(said.out_trade_no.as_str(), |r| &r.notify_id);
        format!("n:{key}")
    };
    let transaction = said.transaction_id.clone().unwrap_or_else(substitute);
    let input = Input { app: app.clone(), said, transaction, received, now: app.clock.now() };
    db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await
}

async fn work(tx: &Tx, input: &Input) -> Result<Outcome, AppError> {
    let mut outcome = None;
    for _ in 0..MOST_LOOKS {
        outcome = once(tx, input).await?;
        if outcome.is_some() {
            break;
        }
    }
    let outcome =
        outcome.ok_or_else(|| AppError::Unavailable("a payment changes all the time".into()))?;
    if let Some(received) = &input.received {
        let notice = store::NewNotice {
            notify_id: &received.notify_id,
            event_type: &received.event_type,
            out_trade_no: &input.said.out_trade_no,
            transaction: &input.transaction,
            amount: input.said.amount_total,
            body: &received.body,
            outcome: outcome.code(),
        };
        store::insert_notice(tx, &notice, input.now).await?;
    }
    Ok(outcome)
}

/// One look at the books and what follows; nothing when they changed meanwhile.
async fn once(tx: &Tx, input: &Input) -> Result<Option<Outcome>, AppError> {
    let facts = store::facts(tx, &input.said.out_trade_no, &input.transaction).await?;
    let payer = payer(input);
    let standing = facts.as_ref().map(|facts| facts.standing(payer.as_deref()));
    match (judge(standing.as_ref(), &input.said), &facts) {
        (Verdict::Repeat, _) => Ok(Some(Outcome::Repeat)),
        (Verdict::Contradiction, _) => contradict::keep(tx, input).await.map(Some),
        // A person has refunded or assigned this very money: WeChat's words change nothing.
        (_, Some(facts)) if facts.is_resolved => Ok(Some(Outcome::Repeat)),
        (Verdict::Accept { late }, Some(facts)) => accept(tx, input, facts, late).await,
        (Verdict::Second, Some(facts)) => second(tx, input, facts).await,
        (Verdict::NotPaid, _) if input.received.is_some() => {
            park::park(tx, input, Oddity::State).await.map(Some)
        }
        (Verdict::NotPaid, _) => Ok(Some(Outcome::NotPaid)),
        // A number that we do not know, but a transaction that is on record for one of ours.
        (Verdict::Park(Oddity::Unknown), _)
            if store::settled_as(tx, &input.transaction).await?.is_some() =>
        {
            contradict::keep(tx, input).await.map(Some)
        }
        (Verdict::Park(oddity), _) => park::park(tx, input, oddity).await.map(Some),
        (Verdict::Accept { .. } | Verdict::Second, None) => {
            park::park(tx, input, Oddity::Unknown).await.map(Some)
        }
    }
}

/// The order is paid: its bills get the money, and what they no longer owe is parked.
async fn accept(
    tx: &Tx,
    input: &Input,
    facts: &Facts,
    late: bool,
) -> Result<Option<Outcome>, AppError> {
    if !store::pay_order(tx, facts, input.now).await? {
        return Ok(None);
    }
    let status = if late { AttemptStatus::Late } else { AttemptStatus::Success };
    if !settle_attempt(tx, input, status).await? {
        return Err(AppError::Fault(format!(
            "order {} was not paid, but its attempt was",
            facts.order_no
        )));
    }
    store::free_bills(tx, &facts.order_id).await?;
    let (applied, left) = apply(tx, input, &facts.shares).await?;
    let kind = park::redeem(tx, input, facts).await?;
    post(tx, input, kind, &applied, left).await?;
    if left.is_positive() {
        park::keep(tx, input, Oddity::Duplicate, left, true).await?;
        park::record(tx, input, Oddity::Duplicate).await?;
    }
    if applied.is_empty() {
        store::reclose_order(tx, &facts.order_id).await?;
        store::mark_duplicate(tx, &input.said.out_trade_no).await?;
        return Ok(Some(Outcome::Parked(Oddity::Duplicate)));
    }
    tell(tx, input, facts, &applied).await?;
    Ok(Some(Outcome::Settled))
}

/// Other money has paid the order: this is kept for refund.
async fn second(tx: &Tx, input: &Input, facts: &Facts) -> Result<Option<Outcome>, AppError> {
    // An attempt that has a transaction keeps it; WeChat never pays one number twice, but if it
    // says so, the money is still not lost.
    if facts.transaction_id.is_none()
        && !settle_attempt(tx, input, AttemptStatus::Duplicate).await?
    {
        return Ok(None);
    }
    let kind = park::redeem(tx, input, facts).await?;
    if park::keep(tx, input, Oddity::Duplicate, input.said.amount_total, true).await? {
        post(tx, input, kind, &[], input.said.amount_total).await?;
        park::record(tx, input, Oddity::Duplicate).await?;
        Ok(Some(Outcome::Parked(Oddity::Duplicate)))
    } else {
        Ok(Some(Outcome::Repeat))
    }
}

async fn settle_attempt(tx: &Tx, input: &Input, status: AttemptStatus) -> Result<bool, db::Error> {
    let at = input.said.success_time.unwrap_or(input.now);
    let no = &input.said.out_trade_no;
    let payer = payer(input).unwrap_or_default();
    store::settle_attempt(tx, no, status, (&input.transaction, &payer, at)).await
}

/// The blind index of who has paid, if WeChat says who.
fn payer(input: &Input) -> Option<String> {
    input.said.payer_open_id.as_ref().map(|open_id| input.app.vault.index(open_id.as_str()))
}
