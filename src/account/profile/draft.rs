//! What a member typed and did not save yet: kept sealed in the shared store, for a week, under the
//! account. The page saves it by itself; without scripts a button does.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    kernel::Timestamp,
    web::{App, AppError, Form},
};

const KEPT: Duration = Duration::from_hours(7 * 24);

/// A draft.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// The version that the form was made from.
    pub version: i64,
    /// When it was kept.
    pub at: Timestamp,
    /// What each input held.
    pub values: BTreeMap<String, String>,
}

fn key(account: &Account) -> String {
    format!("profile-draft:{}", account.id)
}

/// Keeps what a form holds.
pub async fn keep(
    app: &App,
    account: &Account,
    form: &Form,
    (inputs, version): (&[&'static str], i64),
) -> Result<Draft, AppError> {
    let values = inputs
        .iter()
        .filter(|name| **name != "version")
        .map(|name| ((*name).to_owned(), form.value(name).chars().take(2100).collect()))
        .collect();
    let draft = Draft { version, at: app.clock.now(), values };
    let json = serde_json::to_string(&draft).map_err(|e| AppError::Fault(e.to_string()))?;
    app.store.put(&key(account), &app.vault.seal(&json)?, KEPT).await?;
    Ok(draft)
}

/// The draft of an account. One that cannot be read (another key, another version) is none.
pub async fn find(app: &App, account: &Account) -> Result<Option<Draft>, AppError> {
    let Some(sealed) = app.store.get(&key(account)).await? else { return Ok(None) };
    let draft = app.vault.open(&sealed).ok().and_then(|json| serde_json::from_str(&json).ok());
    Ok(draft)
}

/// Forgets the draft.
pub async fn forget(app: &App, account: &Account) -> Result<(), AppError> {
    Ok(app.store.remove(&key(account)).await?)
}
