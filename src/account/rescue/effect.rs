//! What becomes of an approved 换绑申请: it takes effect after its pause, or is withdrawn because
//! the old WeChat signed in.

use super::{Rescue, Status, record, store};
use crate::{
    account::Account,
    db,
    kernel::ids::AccountId,
    staff::audit::Actor,
    web::{App, AppError},
};

/// Requests that one turn of the job takes.
const BATCH: i64 = 50;

/// Lets every request take effect whose pause is over; returns how many did.
pub async fn take_due(app: &App) -> Result<usize, AppError> {
    let mut done = 0;
    for rescue in store::rescue::due(&app.db, app.clock.now(), BATCH).await? {
        done += usize::from(take_effect(app, rescue).await?);
    }
    Ok(done)
}

/// The same for one account, asked when it is used: nobody waits for the job.
pub async fn settle(app: &App, account: &Account) -> Result<bool, AppError> {
    let now = app.clock.now();
    let open = store::rescue::open(&app.db, &account.id).await?;
    let is_due = |rescue: &Rescue| {
        rescue.status == Status::Cooling && rescue.effective_at.is_some_and(|at| at <= now)
    };
    match open.filter(is_due) {
        Some(rescue) => take_effect(app, rescue).await,
        None => Ok(false),
    }
}

async fn take_effect(app: &App, rescue: Rescue) -> Result<bool, AppError> {
    let input = (app.clone(), rescue);
    db::transaction(&app.db, input, |tx, (app, rescue)| Box::pin(replace(tx, app, rescue))).await
}

async fn replace(tx: &db::Tx, app: &App, rescue: &Rescue) -> Result<bool, AppError> {
    if !store::rescue::end(tx, &rescue.id, Status::Cooling, Status::Done).await? {
        return Ok(false);
    }
    store::end_binding(tx, &rescue.account, "rescue", app.clock.now()).await?;
    store::end_sessions(tx, &rescue.account).await?;
    store::device::forget_all(tx, &rescue.account).await?;
    record(tx, app, rescue, Actor::System, "wechat.rescue-effect").await?;
    Ok(true)
}

/// Ends an open request whose binding the secretariat has ended anyway.
pub(in crate::account) async fn obsolete(tx: &db::Tx, account: &AccountId) -> Result<(), AppError> {
    if let Some(rescue) = store::rescue::open(tx, account).await? {
        store::rescue::end(tx, &rescue.id, rescue.status, Status::Done).await?;
    }
    Ok(())
}

/// Withdraws an open request: the old WeChat has just signed in, so it is not lost.
pub(in crate::account) async fn withdraw(
    tx: &db::Tx,
    app: &App,
    account: &Account,
    ip: &str,
) -> Result<(), AppError> {
    let Some(rescue) = store::rescue::open(tx, &account.id).await? else { return Ok(()) };
    if store::rescue::end(tx, &rescue.id, rescue.status, Status::Withdrawn).await? {
        let rescue = Rescue { ip: ip.to_owned(), ..rescue };
        let actor = Actor::Member(account.id.clone());
        record(tx, app, &rescue, actor, "wechat.rescue-withdraw").await?;
    }
    Ok(())
}
