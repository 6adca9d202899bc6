//! The second person: approves or refuses; the first one may withdraw. A bank transfer was made by
//! hand already, so its approval books it; WeChat is asked after the commit, by `push`.

use super::{
    book::{BookError, Doer, book, leaves, note, record},
    hold::release,
    model::{Means, Refund, RefundStatus},
    store,
};
use crate::{
    db::{self, Tx},
    kernel::Timestamp,
    staff::{self, SignedInStaff},
    web::{App, AppError},
};

/// Why nothing was decided. The texts are for staff.
#[derive(Debug, thiserror::Error)]
pub(super) enum DecideError {
    /// Somebody decided before.
    #[error("{0}")]
    Decided(String),
    /// Nobody approves what they asked for themselves.
    #[error("申请人不能审批自己的退款，请由另一位有权限的同事处理")]
    Own,
    /// Only who asked may withdraw.
    #[error("只有申请人可以撤回")]
    Others,
    /// The money is not there any more.
    #[error(transparent)]
    NotThere(BookError),
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for DecideError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<BookError> for DecideError {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Fault(fault) => Self::Fault(fault),
            not_there @ BookError::NotThere => Self::NotThere(not_there),
        }
    }
}

/// What may be decided about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// 同意.
    Approve,
    /// 不同意.
    Reject,
    /// 撤回, by who asked.
    Withdraw,
}

struct Input {
    app: App,
    staff: SignedInStaff,
    refund: Refund,
    decision: Decision,
    words: String,
    doer: Doer,
    now: Timestamp,
}

/// Decides about a request.
pub(super) async fn decide(
    app: &App,
    staff: &SignedInStaff,
    (refund, decision): (Refund, Decision),
    (words, ip): (String, String),
) -> Result<(), DecideError> {
    let is_own = refund.requested_by == staff.0.id.as_str();
    match decision {
        Decision::Withdraw if !is_own => return Err(DecideError::Others),
        Decision::Approve | Decision::Reject if is_own => return Err(DecideError::Own),
        _ => {}
    }
    let id = refund.id.clone();
    let input = Input {
        app: app.clone(),
        staff: staff.clone(),
        refund,
        decision,
        words,
        doer: Doer { actor: staff.actor(), ip },
        now: app.clock.now(),
    };
    if db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await? {
        return Ok(());
    }
    let now = store::refund(&app.db, &id).await?.ok_or(AppError::NotFound)?;
    let who = staff::store::by_id(&app.db, &now.decided_by).await?;
    let who = who.map_or_else(String::new, |row| row.name);
    let at = now.decided_ms.map(Timestamp::to_minute).unwrap_or_default();
    Err(DecideError::Decided(format!("这笔退款已由{who}于 {at} 处理，本次操作没有生效")))
}

async fn work(tx: &Tx, input: &Input) -> Result<bool, DecideError> {
    let Input { app, staff, refund, decision, words, doer, now } = input;
    let (to, action) = match (decision, refund.means) {
        (Decision::Approve, Means::Wechat) => (RefundStatus::Submitting, "refund.approve"),
        (Decision::Approve, Means::Bank) => (RefundStatus::Success, "refund.approve"),
        (Decision::Reject, _) => (RefundStatus::Rejected, "refund.reject"),
        (Decision::Withdraw, _) => (RefundStatus::Rejected, "refund.withdraw"),
    };
    let is_own = *decision == Decision::Withdraw;
    if !store::decide(tx, &refund.id, to, (&staff.0.id, words), (is_own, *now)).await? {
        return Ok(false);
    }
    if to == RefundStatus::Rejected {
        release(tx, refund).await?;
    }
    if to == RefundStatus::Success {
        let parts = store::parts(tx, &refund.id).await?;
        book(tx, app, (refund, &parts), ("refunded", leaves(refund)), *now).await?;
        note(tx, refund, (refund.amount.negated(), refund.amount)).await?;
    }
    record(tx, app, (action, refund, to.code()), (doer, words), *now).await?;
    Ok(true)
}
