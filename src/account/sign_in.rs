//! Account and password. A right password alone opens nothing but the profile (once) and the scan.
//!
//! An unknown account is told exactly what a known one is told: the same text, the same count of
//! tries, the same lock, at the cost of the same hash.

use std::time::Duration;

use super::{Account, store};
use crate::{
    kernel::{Mobile, Secret, Timestamp, Uscc, text},
    member::{self, Member, model::Standing},
    web::{App, AppError},
};

/// How long the tries of an unknown account are remembered.
const MEMORY: Duration = Duration::from_hours(24);

/// Whose password was right.
#[derive(Clone, Debug)]
pub struct SignedInAccount {
    /// The account.
    pub account: Account,
    /// The unit.
    pub member: Member,
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Nothing to look at; no try is counted.
    #[error("请输入账号和密码")]
    Empty,
    /// There is no such account, or a mobile that belongs to several: the caller may know of a
    /// registration that explains it. The text is that of [`SignInError::Wrong`].
    #[error("{}", wrong(*.0))]
    Unknown(i64),
    /// The password is wrong; so many tries are left.
    #[error("{}", wrong(*.0))]
    Wrong(i64),
    /// Too many wrong passwords; open again in so many minutes.
    #[error("密码错误次数过多，账号已锁定，请在 {0} 分钟后再试")]
    Locked(u64),
    /// The password was right, but the account is switched off.
    #[error("账号已停用，请联系秘书处")]
    Frozen,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

fn wrong(left: i64) -> String {
    format!("账号密码错误，还可以尝试 {left} 次")
}

/// Checks login name (信用代码 or contact mobile) and password.
pub async fn sign_in(
    app: &App,
    login: &str,
    password: &Secret,
) -> Result<SignedInAccount, SignInError> {
    if login.trim().is_empty() || password.is_empty() {
        return Err(SignInError::Empty);
    }
    let Some(account) = find(app, login).await? else {
        return Err(stranger(app, login, password).await?);
    };
    let now = app.clock.now();
    take_try(app, &account, now).await?;
    let stored = Some(account.password_hash.clone());
    let right = match app.hasher.verify(password, stored).await {
        Ok(right) => right,
        Err(error) => {
            store::give_back_try(&app.db, &account.id).await.map_err(AppError::from)?;
            return Err(AppError::from(error).into());
        }
    };
    if !right {
        return Err(wrong_password(app, login, &account).await?);
    }
    store::clear_failures(&app.db, &account.id).await.map_err(AppError::from)?;
    forgive(app, login).await?;
    if !account.is_active {
        return Err(SignInError::Frozen);
    }
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    let member =
        member.ok_or_else(|| AppError::Fault(format!("account {} has no member", account.id)))?;
    if member.standing != Standing::Active {
        return Err(SignInError::Frozen);
    }
    Ok(SignedInAccount { account, member })
}

/// The number of tries left is counted by what was typed, as it is for unknown accounts: a common
/// count would tell which mobile belongs to which unit.
async fn wrong_password(
    app: &App,
    login: &str,
    account: &Account,
) -> Result<SignInError, AppError> {
    let most = app.settings.security.lockout_tries;
    if account.failed_count + 1 >= most {
        forgive(app, login).await?;
        return Ok(refusal(app, most, SignInError::Wrong));
    }
    let typed = app.store.count(&tries_key(app, login), MEMORY).await?;
    let typed = i64::try_from(typed).unwrap_or(most).min(most - 1);
    Ok(refusal(app, typed, SignInError::Wrong))
}

/// A mobile that belongs to several accounts names none of them: which ones there are is nobody's
/// business, so the login page asks for the code in every case.
async fn find(app: &App, login: &str) -> Result<Option<Account>, AppError> {
    if let Ok(uscc) = Uscc::parse(login) {
        return Ok(store::by_uscc(&app.db, &uscc).await?);
    }
    let Ok(mobile) = Mobile::parse(login) else { return Ok(None) };
    let mut accounts = store::by_mobile_index(&app.db, &app.vault.index(mobile.as_str())).await?;
    Ok(if accounts.len() == 1 { accounts.pop() } else { None })
}

/// Counted before the password is looked at, so that parallel requests get no extra tries.
async fn take_try(app: &App, account: &Account, now: Timestamp) -> Result<(), SignInError> {
    let security = &app.settings.security;
    let span = (now, now + security.lockout());
    let taken = store::take_try(&app.db, &account.id, security.lockout_tries, span).await;
    if taken.map_err(AppError::from)? {
        return Ok(());
    }
    let locked = store::by_id(&app.db, account.id.as_str()).await.map_err(AppError::from)?;
    let until = locked.map_or(span.1, |account| account.locked_until);
    Err(SignInError::Locked(minutes(until, now)))
}

/// What an unknown account is told, counted in the shared store.
async fn stranger(app: &App, login: &str, password: &Secret) -> Result<SignInError, SignInError> {
    let now = app.clock.now();
    let tries = tries_key(app, login);
    let lock = format!("login-lock:{}", app.vault.index(&plain(login)));
    if let Some(until) = app.store.get(&lock).await.map_err(AppError::from)? {
        let until = Timestamp::from_millis(until.parse().unwrap_or_default());
        return Ok(SignInError::Locked(minutes(until, now)));
    }
    let count = app.store.count(&tries, MEMORY).await.map_err(AppError::from)?;
    app.hasher.verify(password, None).await.map_err(AppError::from)?;
    let refused = refusal(app, i64::try_from(count).unwrap_or(i64::MAX), SignInError::Unknown);
    if matches!(refused, SignInError::Locked(_)) {
        let span = app.settings.security.lockout();
        let until = (now + span).millis().to_string();
        app.store.put(&lock, &until, span).await.map_err(AppError::from)?;
        app.store.remove(&tries).await.map_err(AppError::from)?;
    }
    Ok(refused)
}

/// Forgets the tries of a login name that has no account: its password was right elsewhere.
pub async fn forgive(app: &App, login: &str) -> Result<(), AppError> {
    Ok(app.store.remove(&tries_key(app, login)).await?)
}

fn tries_key(app: &App, login: &str) -> String {
    format!("login-tries:{}", app.vault.index(&plain(login)))
}

fn plain(login: &str) -> String {
    text::half_width(login).trim().to_uppercase()
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
