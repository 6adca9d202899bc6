//! Limits on how often somebody may try something, counted in the shared store.

use std::time::Duration;

use super::{App, AppError};

/// Counts one try; refuses when there were more than `most` in the `window`.
/// If the store cannot be asked the try is refused as well: limits fail closed.
pub async fn pass(
    app: &App,
    what: &str,
    who: &str,
    most: u64,
    window: Duration,
) -> Result<(), AppError> {
    let key = format!("limit:{what}:{}", app.vault.index(who));
    if app.store.count(&key, window).await? <= most {
        return Ok(());
    }
    // The person is told how long it really takes.
    Err(AppError::TooMany(app.store.remaining(&key).await?.unwrap_or(window)))
}
