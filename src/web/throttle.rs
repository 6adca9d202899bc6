//! Limits on how often somebody may try something, counted in the shared store.

use std::time::Duration;

use super::{App, AppError};

/// How many tries there were in the window so far.
pub async fn seen(app: &App, what: &str, who: &str) -> Result<u64, AppError> {
    let count = app.store.get(&key(app, what, who)).await?;
    Ok(count.and_then(|count| count.parse().ok()).unwrap_or_default())
}

fn key(app: &App, what: &str, who: &str) -> String {
    format!("limit:{what}:{}", app.vault.index(who))
}

/// Counts one try; refuses when there were more than `most` in the `window`.
/// If the store cannot be asked the try is refused as well: limits fail closed.
pub async fn pass(
    app: &App,
    what: &str,
    who: &str,
    most: u64,
    window: Duration,
) -> Result<(), AppError> {
    let key = key(app, what, who);
    if app.store.count(&key, window).await? <= most {
        return Ok(());
    }
    // The person is told how long it really takes.
    Err(AppError::TooMany(app.store.remaining(&key).await?.unwrap_or(window)))
}
