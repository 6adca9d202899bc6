//! With the bound WeChat, on the phone itself: WeChat says who holds it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Proof, ResetError, set};
use crate::{
    account::{Account, bind, bind::Match, oauth::PhoneUser, sign_in, store},
    kernel::{Secret, Timestamp},
    web::{App, AppError, Client, throttle},
};

/// How long the phone may take.
const LIFE: Duration = Duration::from_mins(10);
/// Tries from one address in ten minutes.
const MOST: u64 = 20;

#[derive(Serialize, Deserialize)]
struct Asked {
    /// Empty when there is no such account.
    account: String,
    generation: i64,
    until: Timestamp,
}

fn key(app: &App, phone: &str) -> String {
    format!("phone-reset:{}", app.vault.index(phone))
}

/// Remembers for which account this phone asks. Unknown ones are remembered as well: the answer
/// comes after WeChat, and is the same for both.
pub async fn ask(app: &App, client: &Client, phone: &str, login: &str) -> Result<(), AppError> {
    throttle::pass(app, "reset-phone", &client.ip, MOST, LIFE).await?;
    let account = sign_in::find(app, &sign_in::plain(login)).await?;
    let asked = Asked {
        account: account.as_ref().map(|account| account.id.to_string()).unwrap_or_default(),
        generation: account.map_or(0, |account| account.session_generation),
        until: app.clock.now() + LIFE,
    };
    let json = serde_json::to_string(&asked).map_err(|e| AppError::Fault(e.to_string()))?;
    Ok(app.store.put(&key(app, phone), &json, LIFE).await?)
}

/// Whether this phone may set a new password.
#[derive(Clone, Debug)]
pub enum Standing {
    /// It is the bound WeChat.
    Proven(Account),
    /// It is not, or there is no such account, or it is switched off.
    NotBound,
    /// Nothing was asked, or too long ago.
    Over,
}

/// How it stands for this phone.
pub async fn standing(app: &App, phone: &str, user: &PhoneUser) -> Result<Standing, AppError> {
    let Some(json) = app.store.get(&key(app, phone)).await? else { return Ok(Standing::Over) };
    let asked: Asked = serde_json::from_str(&json).map_err(|e| AppError::Fault(e.to_string()))?;
    if app.clock.now() >= asked.until {
        return Ok(Standing::Over);
    }
    let account = store::by_id(&app.db, &asked.account).await?;
    let Some(account) = account.filter(|account| account.is_active) else {
        return Ok(Standing::NotBound);
    };
    if bind::compare(app, &account.id, &user.open_id).await? != Match::Bound {
        return Ok(Standing::NotBound);
    }
    let is_unchanged = account.session_generation == asked.generation;
    Ok(if is_unchanged { Standing::Proven(account) } else { Standing::Over })
}

/// Sets the new password.
pub async fn finish(
    app: &App,
    client: &Client,
    phone: &str,
    user: &PhoneUser,
    password: &Secret,
) -> Result<(), ResetError> {
    let Standing::Proven(account) = standing(app, phone, user).await? else {
        return Err(ResetError::Over);
    };
    set(app, &account, password, (Proof::Phone, None), &client.ip).await?;
    Ok(app.store.remove(&key(app, phone)).await.map_err(AppError::from)?)
}
