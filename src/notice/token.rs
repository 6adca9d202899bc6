//! The official account's access token: one for all servers, kept in the shared store, fetched by
//! one of them at a time (wechat.md 2). It is as good as a password, so it lies there sealed.

use std::time::Duration;

use crate::{
    kernel::Secret,
    web::{App, AppError},
    wechat::message::MessageError,
};

/// A server that dies while it fetches holds the others up for this long at most.
const LOCKED: Duration = Duration::from_secs(20);
/// WeChat gives the next token out five minutes before the end of this one.
const EARLY_SECONDS: u64 = 300;
const SHORTEST_SECONDS: u64 = 30;

/// Keys of this installation: others may share the store, but not the data key.
fn key(app: &App, what: &str) -> String {
    format!("wechat:{what}:{}", app.vault.index(what))
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    /// WeChat did not give one.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Another server is fetching one right now.
    #[error("another server is fetching the access token")]
    Busy,
    /// The store or the vault failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

/// A token that should be good. `not` is one that WeChat just refused.
pub(super) async fn current(app: &App, not: Option<&Secret>) -> Result<Secret, TokenError> {
    if let Some(kept) = kept(app).await?
        && not.is_none_or(|refused| *refused != kept)
    {
        return Ok(kept);
    }
    let lock = key(app, "access-token-lock");
    if !app.store.put_new(&lock, "1", LOCKED).await.map_err(AppError::from)? {
        return Err(TokenError::Busy);
    }
    let fetched = fetch(app, not).await;
    app.store.remove(&lock).await.map_err(AppError::from)?;
    fetched
}

async fn kept(app: &App) -> Result<Option<Secret>, AppError> {
    let Some(sealed) = app.store.get(&key(app, "access-token")).await? else { return Ok(None) };
    Ok(app.vault.open(&sealed).ok().map(Secret::new))
}

async fn fetch(app: &App, not: Option<&Secret>) -> Result<Secret, TokenError> {
    let mut fresh = app.messages.token(false).await?;
    if not.is_some_and(|refused| *refused == fresh.token) {
        fresh = app.messages.token(true).await?;
    }
    let seconds = fresh.seconds.saturating_sub(EARLY_SECONDS).max(SHORTEST_SECONDS);
    let sealed = app.vault.seal(fresh.token.expose()).map_err(AppError::from)?;
    let ttl = Duration::from_secs(seconds);
    app.store.put(&key(app, "access-token"), &sealed, ttl).await.map_err(AppError::from)?;
    Ok(fresh.token)
}
