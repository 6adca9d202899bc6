//! Counting wrong passwords, and the lock at their end.
//!
//! A browser that the account knows has tries of its own; all others share the account's. Known
//! accounts are counted in the database, unknown ones in the shared store, and both are told a
//! number that counts what was typed: a common count would tell which mobile belongs to which unit.

use std::time::Duration;

use super::{Credentials, SignInError, failure};
use crate::{
    account::{
        Account,
        device::{self, Device},
        puzzle, store,
    },
    kernel::Timestamp,
    web::{App, AppError},
};

/// How long the tries of a login name are remembered.
const MEMORY: Duration = Duration::from_hours(24);

/// Where tries are counted.
#[derive(Clone, Debug)]
pub(super) enum Channel {
    /// Together with all strangers'.
    Shared,
    /// In a browser that the account knows.
    Own(Device),
}

impl Channel {
    pub(super) async fn of(
        app: &App,
        account: &Account,
        device: Option<&str>,
    ) -> Result<Self, AppError> {
        Ok(device::known(app, account, device).await?.map_or(Self::Shared, Self::Own))
    }

    fn failed_count(&self, account: &Account) -> i64 {
        match self {
            Self::Shared => account.failed_count,
            Self::Own(device) => device.failed_count,
        }
    }

    fn tries_key(&self, app: &App, login: &str) -> String {
        match self {
            Self::Shared => tries_key(app, login),
            Self::Own(device) => format!("login-tries:{}", app.vault.index(&device.id)),
        }
    }
}

/// True while wrong passwords lock the account for this browser.
pub(in crate::account) async fn is_locked(
    app: &App,
    account: &Account,
    device: &str,
) -> Result<bool, AppError> {
    let until = match Channel::of(app, account, Some(device)).await? {
        Channel::Shared => account.locked_until,
        Channel::Own(device) => device.locked_until,
    };
    Ok(until > app.clock.now())
}

/// Counted before the password is looked at, so that parallel requests get no extra tries.
pub(super) async fn take(
    app: &App,
    account: &Account,
    channel: &Channel,
) -> Result<(), SignInError> {
    let security = &app.settings.security;
    let now = app.clock.now();
    let span = (now, now + security.lockout());
    let most = security.lockout_tries;
    let taken = match channel {
        Channel::Shared => store::take_try(&app.db, &account.id, most, span).await?,
        Channel::Own(device) => store::device::take_try(&app.db, &device.id, most, span).await?,
    };
    if taken {
        return Ok(());
    }
    let until = match channel {
        Channel::Shared => {
            let locked = store::by_id(&app.db, account.id.as_str()).await?;
            locked.map_or(span.1, |account| account.locked_until)
        }
        Channel::Own(device) => device.locked_until.max(now),
    };
    Err(SignInError::Locked(minutes(until, now)))
}

/// The password could not be looked at after all.
pub(super) async fn give_back(
    app: &App,
    account: &Account,
    channel: &Channel,
) -> Result<(), AppError> {
    match channel {
        Channel::Shared => store::give_back_try(&app.db, &account.id).await?,
        Channel::Own(device) => store::device::give_back_try(&app.db, &device.id).await?,
    }
    Ok(())
}

/// Forgets the tries after a right password, in its own channel only: a stranger's lock stays.
pub(super) async fn clear(
    app: &App,
    from: &Credentials,
    account: &Account,
    channel: &Channel,
) -> Result<(), AppError> {
    match channel {
        Channel::Shared => store::clear_failures(&app.db, &account.id).await?,
        Channel::Own(device) => store::device::clear_failures(&app.db, &device.id).await?,
    }
    app.store.remove(&channel.tries_key(app, &from.login)).await?;
    if matches!(channel, Channel::Shared) {
        puzzle::forgive(app, &from.login).await?;
    }
    Ok(())
}

/// What is told after a wrong password.
pub(super) async fn wrong_password(
    app: &App,
    from: &Credentials,
    account: &Account,
    channel: &Channel,
) -> Result<SignInError, AppError> {
    puzzle::remember_failure(app, &from.login, &from.client.ip).await?;
    let most = app.settings.security.lockout_tries;
    let key = channel.tries_key(app, &from.login);
    let is_last = channel.failed_count(account) + 1 >= most;
    let subject = failure::Subject::Account(&account.id);
    let is_own = matches!(channel, Channel::Own(_));
    failure::record(app, subject, &from.client, is_last, is_own).await?;
    if is_last {
        app.store.remove(&key).await?;
        return Ok(refusal(app, most, SignInError::Wrong));
    }
    let typed = app.store.count(&key, MEMORY).await?;
    let typed = i64::try_from(typed).unwrap_or(most).min(most - 1);
    Ok(refusal(app, typed, SignInError::Wrong))
}

/// The lock of a login name that has no account.
pub(super) async fn stranger_lock(
    app: &App,
    from: &Credentials,
) -> Result<Option<SignInError>, AppError> {
    let now = app.clock.now();
    let until = app.store.get(&lock_key(app, from)).await?;
    let until = until.and_then(|until| until.parse().ok()).map(Timestamp::from_millis);
    Ok(until.filter(|until| *until > now).map(|until| SignInError::Locked(minutes(until, now))))
}

/// Counts a try of such a name, before its password is looked at.
pub(super) async fn take_stranger(app: &App, from: &Credentials) -> Result<i64, AppError> {
    let count = app.store.count(&tries_key(app, &from.login), MEMORY).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What it is told after so many wrong passwords.
pub(super) async fn wrong_stranger(
    app: &App,
    from: &Credentials,
    count: i64,
) -> Result<SignInError, AppError> {
    puzzle::remember_failure(app, &from.login, &from.client.ip).await?;
    failure::record(app, failure::Subject::Nobody, &from.client, false, false).await?;
    let refused = refusal(app, count, SignInError::Wrong);
    if matches!(refused, SignInError::Locked(_)) {
        let span = app.settings.security.lockout();
        let until = (app.clock.now() + span).millis().to_string();
        app.store.put(&lock_key(app, from), &until, span).await?;
        app.store.remove(&tries_key(app, &from.login)).await?;
    }
    Ok(refused)
}

/// Forgets the tries of such a name: its password was right elsewhere.
pub(super) async fn forgive_stranger(app: &App, from: &Credentials) -> Result<(), AppError> {
    puzzle::forgive(app, &from.login).await?;
    Ok(app.store.remove(&tries_key(app, &from.login)).await?)
}

fn lock_key(app: &App, from: &Credentials) -> String {
    format!("login-lock:{}", app.vault.index(&from.login))
}

fn tries_key(app: &App, login: &str) -> String {
    format!("login-tries:{}", app.vault.index(login))
}

fn refusal(app: &App, tries: i64, wrong: fn(i64) -> SignInError) -> SignInError {
    let security = &app.settings.security;
    match security.lockout_tries - tries {
        left if left > 0 => wrong(left),
        _ => SignInError::Locked(security.lockout_seconds.div_ceil(60)),
    }
}

fn minutes(until: Timestamp, now: Timestamp) -> u64 {
    until.since(now).as_secs().div_ceil(60).max(1)
}
