//! Staff sign-in by account and password, with a lock after too many wrong ones.

use super::{
    StaffMember,
    store::{self, StaffRow},
};
use crate::{
    kernel::Secret,
    web::{App, AppError},
};

/// Who signed in, and the generation that their session belongs to.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The administrator.
    pub staff: StaffMember,
    /// See `web::session::Session::generation`.
    pub generation: i64,
}

/// Why staff may not enter. One text for unknown account and wrong password.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown account, wrong password, or switched off.
    #[error("账号或密码错误")]
    Wrong,
    /// Too many wrong passwords.
    #[error("账号已锁定，请在 {0} 分钟后再试")]
    Locked(u64),
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

/// Checks account and password.
pub async fn sign_in(app: &App, account: &str, password: &Secret) -> Result<SignedIn, SignInError> {
    let row = store::by_account(&app.db, account).await.map_err(AppError::from)?;
    take_try(app, account, row.as_ref()).await?;
    // An unknown account costs the same time, so that its absence cannot be measured.
    let stored = row.as_ref().filter(|row| row.is_active()).map(|row| row.password_hash.clone());
    let right = app.hasher.verify(password, stored).await.map_err(AppError::from)?;
    let Some(row) = row.filter(|_| right) else { return Err(SignInError::Wrong) };
    store::clear_failures(&app.db, &row.id).await.map_err(AppError::from)?;
    Ok(SignedIn { staff: row.member(), generation: row.session_generation })
}

/// Known accounts are counted and locked in the database, unknown ones in the shared store, so
/// that a lock does not tell which is which.
async fn take_try(app: &App, account: &str, row: Option<&StaffRow>) -> Result<(), SignInError> {
    let security = &app.settings.security;
    let now = app.clock.now();
    let span = (now, now + security.lockout());
    let taken = if let Some(row) = row {
        store::take_try(&app.db, &row.id, security.lockout_tries, span)
            .await
            .map_err(AppError::from)?
    } else {
        let key = format!("staff-tries:{}", app.vault.index(account));
        let count = app.store.count(&key, security.lockout()).await.map_err(AppError::from)?;
        i64::try_from(count).is_ok_and(|count| count <= security.lockout_tries)
    };
    if taken {
        return Ok(());
    }
    tracing::warn!("a staff account is locked after too many wrong passwords");
    let until = row.map(|row| row.locked_until_ms).filter(|until| *until > now);
    Err(SignInError::Locked(until.unwrap_or(span.1).since(now).as_secs().div_ceil(60)))
}
