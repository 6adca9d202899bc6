//! What a person does about a refund that WeChat has not taken: send it again, or give it up.

use super::{
    book::{Doer, record},
    conclude::conclude,
    hold::release,
    model::{Refund, RefundStatus},
    push::push_now,
    store,
};
use crate::{
    db::{self, Tx},
    kernel::Timestamp,
    staff::SignedInStaff,
    web::{App, AppError},
};

struct Input {
    app: App,
    refund: Refund,
    to: RefundStatus,
    doer: Doer,
    words: String,
    now: Timestamp,
}

/// Sends it once more under the same number. `false` when it is not refused any more.
pub(super) async fn resubmit(
    app: &App,
    staff: &SignedInStaff,
    refund: Refund,
    (words, ip): (String, String),
) -> Result<bool, AppError> {
    let id = refund.id.clone();
    let doer = Doer { actor: staff.actor(), ip };
    let (app2, now) = (app.clone(), app.clock.now());
    let to = RefundStatus::Submitting;
    let input = Input { app: app2, refund, to, doer, words, now };
    let done = db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await?;
    if done {
        push_now(app, &id).await?;
    }
    Ok(done)
}

/// Gives it up, after WeChat was asked whether it has taken it after all. `false` when it is not
/// refused any more.
pub(super) async fn give_up(
    app: &App,
    staff: &SignedInStaff,
    refund: Refund,
    (words, ip): (String, String),
) -> Result<bool, AppError> {
    let known = app.pay.query_refund(&refund.no).await;
    let known = known.map_err(|error| AppError::Unavailable(error.to_string()))?;
    if let Some(said) = known {
        conclude(app, said, None).await?;
        return Ok(false);
    }
    let doer = Doer { actor: staff.actor(), ip };
    let (app2, now) = (app.clone(), app.clock.now());
    let to = RefundStatus::Rejected;
    let input = Input { app: app2, refund, to, doer, words, now };
    db::transaction(&app.db, input, |tx, input| Box::pin(work(tx, input))).await
}

async fn work(tx: &Tx, input: &Input) -> Result<bool, AppError> {
    let Input { app, refund, to, doer, words, now } = input;
    if refund.status != RefundStatus::Refused {
        return Ok(false);
    }
    let (done, action) = if *to == RefundStatus::Submitting {
        (store::resubmit(tx, &refund.id, *now).await?, "refund.resubmit")
    } else {
        let word = (refund.wechat_id.as_str(), refund.problem.as_str());
        (store::end(tx, refund, *to, word, *now).await?, "refund.give-up")
    };
    if !done {
        return Ok(false);
    }
    if *to == RefundStatus::Rejected {
        release(tx, refund).await?;
    }
    record(tx, app, (action, refund, to.code()), (doer, words), *now).await?;
    Ok(true)
}
