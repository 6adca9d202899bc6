//! Booking a refund that has happened: bills, books, parked money, the record, and the message to
//! the member, all inside the caller's transaction.

use serde_json::json;

use super::model::{Origin, Part, Refund};
use crate::{
    db::{self, Tx},
    dues::{self, TakeBackError, Then},
    kernel::{Fen, Timestamp, ids::MemberId},
    ledger::{self, Account, PostError, Posting},
    notice::{self, Notice, Topic},
    payment,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The money does not lie where the refund takes it from. The transaction must be rolled back.
    #[error("账单或待处理款项上的金额已变化，没有入账；请刷新后核对")]
    NotThere,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for BookError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Who did it and from where.
#[derive(Clone, Debug)]
pub struct Doer {
    /// Who.
    pub actor: Actor,
    /// The address; empty for jobs and WeChat.
    pub ip: String,
}

impl Doer {
    /// A job, or WeChat.
    pub const fn system() -> Self {
        Self { actor: Actor::System, ip: String::new() }
    }
}

/// Books `refund` under `kind`, against the account that the money has left.
pub(super) async fn book(
    tx: &Tx,
    app: &App,
    (refund, parts): (&Refund, &[Part]),
    (kind, from): (&'static str, Account),
    now: Timestamp,
) -> Result<(), BookError> {
    let mut lines = Vec::with_capacity(parts.len() + 2);
    for part in parts {
        take_back(tx, app, refund, part, now).await?;
        lines.push((Account::DuesIncome, part.amount));
    }
    if refund.origin == Origin::Parked {
        let item = refund.parked_id.as_ref().ok_or(BookError::NotThere)?;
        if !payment::finish_parked(tx, item, now).await? {
            return Err(BookError::NotThere);
        }
        lines.push((Account::Suspense, refund.amount));
    }
    lines.push((from, refund.amount.negated()));
    post(tx, app, &Posting { source: refund.source(), kind, lines }, now).await?;
    tell(tx, app, refund, now).await
}

async fn take_back(
    tx: &Tx,
    app: &App,
    refund: &Refund,
    part: &Part,
    now: Timestamp,
) -> Result<(), BookError> {
    let of = part.of().ok_or(BookError::NotThere)?;
    let what = (&part.bill_id, part.amount, Then::Refunded);
    match dues::take_back(tx, &app.ids, now, &refund.source(), &of, what).await {
        Ok(()) => {}
        Err(TakeBackError::NotThere) => return Err(BookError::NotThere),
        Err(TakeBackError::Busy) => {
            return Err(AppError::Unavailable("a bill changes all the time".into()).into());
        }
        Err(TakeBackError::Db(error)) => return Err(error.into()),
    }
    if refund.reopens.0 {
        dues::reopen(tx, &part.bill_id).await?;
    }
    Ok(())
}

/// Money that went back past this product: it has left WeChat, and what it was for is not known.
pub(super) async fn book_foreign(
    tx: &Tx,
    app: &App,
    refund: &Refund,
    now: Timestamp,
) -> Result<(), BookError> {
    let lines = vec![
        (Account::RefundsPayable, refund.amount),
        (Account::WechatClearing, refund.amount.negated()),
    ];
    post(tx, app, &Posting { source: refund.source(), kind: "returned", lines }, now).await
}

async fn post(tx: &Tx, app: &App, posting: &Posting, now: Timestamp) -> Result<(), BookError> {
    match ledger::post(tx, &app.ids, now, posting).await {
        Ok(()) => Ok(()),
        Err(PostError::Db(error)) => Err(error.into()),
        Err(error @ PostError::Unbalanced(_)) => {
            Err(BookError::Fault(AppError::Fault(error.to_string())))
        }
    }
}

async fn tell(tx: &Tx, app: &App, refund: &Refund, now: Timestamp) -> Result<(), BookError> {
    let Ok(member) = refund.member_id.parse::<MemberId>() else { return Ok(()) };
    let notice = Notice {
        topic: Topic::RefundPaid,
        member: Some(&member),
        object: refund.id.as_str(),
        facts: json!({ "no": refund.no, "amount": refund.amount, "means": refund.means }),
    };
    Ok(notice::queue(tx, &app.ids, now, notice).await?)
}

/// One row of the record.
pub(super) async fn record(
    tx: &Tx,
    app: &App,
    (action, refund, to): (&'static str, &Refund, &'static str),
    (doer, reason): (&Doer, &str),
    now: Timestamp,
) -> Result<(), db::Error> {
    let entry = Entry {
        actor: doer.actor.clone(),
        action,
        object_kind: "refund",
        object_id: refund.id.to_string(),
        reason: reason.to_owned(),
        detail: json!({
            "no": refund.no, "of_kind": refund.of_kind, "of": refund.of_id,
            "fen": refund.amount, "means": refund.means, "before": refund.status.code(),
            "after": to,
        }),
        ip: doer.ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await
}

/// The account that a refund leaves from.
pub(super) const fn leaves(refund: &Refund) -> Account {
    match refund.means {
        super::model::Means::Wechat => Account::WechatClearing,
        super::model::Means::Bank => Account::Bank,
    }
}

/// Notes on the payment what a refund does with it.
pub(super) async fn note(tx: &Tx, refund: &Refund, change: (Fen, Fen)) -> Result<(), db::Error> {
    if refund.of_kind == "payment" {
        payment::note_refund(tx, &refund.of_id, change).await?;
    }
    Ok(())
}
