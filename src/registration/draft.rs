//! A half-filled registration form that survives a closed page: kept for a day in the shared store,
//! sealed, under a key that only this browser's cookie names. Passwords and consents never are in
//! it: nobody keeps a password for later, and consent is given when the form is sent.
//!
//! It can be carried to another device by a code that works once and for ten minutes.

use std::{collections::BTreeMap, time::Duration};

use salvo::{Request, Response};
use serde::{Deserialize, Serialize};

use super::Registration;
use crate::{
    kernel::Timestamp,
    web::{App, AppError, Form, cookie, cookie::Name},
};

/// What a draft holds, in the order of the form.
pub const FIELDS: &[&str] =
    &["name", "uscc", "legal_person", "legal_mobile", "contact", "contact_mobile", "user_type"];
/// How long a draft lives after it was last saved.
const LIFE: Duration = Duration::from_hours(24);
/// How long a draft can be carried elsewhere.
pub const CARRY: Duration = Duration::from_mins(10);
/// Longer than any field may be.
const LONGEST: usize = 120;
/// Characters of the code: 40 bits, of which a stranger may try twenty in ten minutes.
pub const CODE_LEN: usize = 8;

/// A half-filled form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    values: BTreeMap<String, String>,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The code that carries it, while that is fresh.
    pub code: Option<String>,
}

impl Draft {
    /// What was typed into a form.
    pub fn of_form(form: &Form, now: Timestamp) -> Self {
        Self::of(|name| form.value(name), now)
    }

    /// The values of an application that is over, for a new one.
    pub fn of_application(from: &Registration, now: Timestamp) -> Self {
        let value = |name: &str| match name {
            "name" => from.name.as_str(),
            "uscc" => from.uscc.as_str(),
            "legal_person" => &from.legal_person,
            "legal_mobile" => from.legal_mobile.as_str(),
            "contact" => &from.contact,
            "contact_mobile" => from.contact_mobile.as_str(),
            _ => &from.user_type,
        };
        Self::of(value, now)
    }

    fn of<'a>(value: impl Fn(&str) -> &'a str, now: Timestamp) -> Self {
        let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let values = FIELDS.iter().map(|name| ((*name).to_owned(), short(value(name)))).collect();
        Self { values, saved_at: now, code: None }
    }

    /// The value of a field; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// True when nothing was typed yet.
    pub fn is_empty(&self) -> bool {
        self.values.values().all(|text| text.trim().is_empty())
    }
}

fn key(app: &App, token: &str) -> String {
    format!("draft:{}", app.vault.index(token))
}

fn carry_key(app: &App, code: &str) -> String {
    format!("draft-carry:{}", app.vault.index(code))
}

fn sealed(app: &App, draft: &Draft) -> Result<String, AppError> {
    let json = serde_json::to_string(draft).map_err(|error| AppError::Fault(error.to_string()))?;
    Ok(app.vault.seal(&json)?)
}

fn opened(app: &App, sealed: &str) -> Option<Draft> {
    serde_json::from_str(&app.vault.open(sealed).ok()?).ok()
}

fn token(app: &App, req: &Request) -> Option<String> {
    cookie::read(app, req, Name::Draft).filter(|token| token.len() == 22)
}

/// The draft of this browser.
pub async fn load(app: &App, req: &Request) -> Result<Option<Draft>, AppError> {
    let Some(token) = token(app, req) else { return Ok(None) };
    let kept = app.store.get(&key(app, &token)).await?;
    Ok(kept.and_then(|kept| opened(app, &kept)))
}

/// Keeps a draft for this browser; an empty one is forgotten.
pub async fn save(
    app: &App,
    req: &Request,
    res: &mut Response,
    draft: &Draft,
) -> Result<(), AppError> {
    if draft.is_empty() {
        return forget(app, req, res).await;
    }
    let token = token(app, req).unwrap_or_else(|| app.ids.token());
    app.store.put(&key(app, &token), &sealed(app, draft)?, LIFE).await?;
    cookie::set(app, res, Name::Draft, token, Some(LIFE.as_secs()));
    Ok(())
}

/// Forgets the draft of this browser.
pub async fn forget(app: &App, req: &Request, res: &mut Response) -> Result<(), AppError> {
    if let Some(token) = token(app, req) {
        app.store.remove(&key(app, &token)).await?;
        cookie::clear(app, res, Name::Draft);
    }
    Ok(())
}

/// A code that carries a draft to another device, once.
pub async fn hand_out(app: &App, draft: &Draft) -> Result<String, AppError> {
    let code = app.ids.readable(CODE_LEN);
    app.store.put(&carry_key(app, &code), &sealed(app, draft)?, CARRY).await?;
    Ok(code)
}

/// True while a code still carries something.
pub async fn is_fresh(app: &App, code: &str) -> Result<bool, AppError> {
    Ok(app.store.get(&carry_key(app, code)).await?.is_some())
}

/// The draft that a code carries; the code is worthless afterwards.
pub async fn take_over(app: &App, code: &str) -> Result<Option<Draft>, AppError> {
    let taken = app.store.take(&carry_key(app, code)).await?;
    Ok(taken.and_then(|taken| opened(app, &taken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_consents_are_no_part_of_a_draft() {
        let pairs = [
            ("name", "示例公司"),
            ("password", "Gate-keeper1"),
            ("password_again", "Gate-keeper1"),
            ("agree_charter", "1"),
            ("contact", &"长".repeat(500)),
        ];
        let form = Form::of_pairs(pairs.map(|(name, text)| (name.into(), text.into())));
        let draft = Draft::of_form(&form, Timestamp::from_millis(0));
        assert_eq!(draft.value("name"), "示例公司");
        assert_eq!(draft.value("contact").chars().count(), LONGEST);
        let json = serde_json::to_string(&draft).unwrap();
        assert!(!json.contains("Gate-keeper1") && !json.contains("agree"));
        assert!(!draft.is_empty());
    }
}
