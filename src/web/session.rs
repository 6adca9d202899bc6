//! Signed-in browsers: a signed cookie whose id must also be alive in the shared store.
//!
//! Which pages a session opens is decided by the guards in `account` and `staff`.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use salvo::{Request, Response};
use serde::{Deserialize, Serialize};

use super::{App, AppError, cookie, cookie::Name};
use crate::kernel::{Secret, Timestamp};

/// Signs session cookies and form tokens.
pub struct Keys {
    sign: EncodingKey,
    check: DecodingKey,
    form: hmac::Key,
}

impl Keys {
    /// From the configured secret.
    pub fn new(secret: &Secret) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let session = hmac::sign(&root, b"session cookie");
        let form = hmac::sign(&root, b"form token");
        Self {
            sign: EncodingKey::from_secret(session.as_ref()),
            check: DecodingKey::from_secret(session.as_ref()),
            form: hmac::Key::new(hmac::HMAC_SHA256, form.as_ref()),
        }
    }

    /// The form token of a visitor.
    pub fn form_token(&self, visitor: &str) -> String {
        URL_SAFE_NO_PAD.encode(&hmac::sign(&self.form, visitor.as_bytes()).as_ref()[..16])
    }
}

/// What kind of door a session opens; each has a cookie of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The password was right; the scan is missing.
    PreAuth,
    /// A member, fully signed in.
    Member,
    /// Staff.
    Staff,
}

impl Kind {
    const fn cookie(self) -> Name {
        match self {
            Self::PreAuth => Name::PreAuth,
            Self::Member => Name::Member,
            Self::Staff => Name::Staff,
        }
    }
}

/// The facts of a session, kept in the shared store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id: 128 random bits.
    pub id: String,
    /// The account or staff id.
    pub subject: String,
    /// The subject's session generation when it began; a newer one ends the session.
    pub generation: i64,
    /// When it began.
    pub since: Timestamp,
    /// When it was last renewed in the store.
    pub renewed: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    jti: String,
    kind: Kind,
    exp: i64,
}

fn key(kind: Kind, id: &str) -> String {
    match kind {
        Kind::PreAuth => format!("pre-auth:{id}"),
        Kind::Member => format!("session:{id}"),
        Kind::Staff => format!("staff:{id}"),
    }
}

fn idle(app: &App, kind: Kind) -> Duration {
    let security = &app.settings.security;
    Duration::from_secs(match kind {
        Kind::PreAuth => security.pre_auth_seconds,
        Kind::Member | Kind::Staff => security.session_idle_seconds,
    })
}

/// Begins a session under a fresh id and gives the browser its cookie.
pub async fn begin(
    app: &App,
    res: &mut Response,
    kind: Kind,
    subject: &str,
    generation: i64,
) -> Result<Session, AppError> {
    let now = app.clock.now();
    let session = Session {
        id: app.ids.token(),
        subject: subject.into(),
        generation,
        since: now,
        renewed: now,
    };
    app.store.put(&key(kind, &session.id), &json(&session)?, idle(app, kind)).await?;
    let life = app.settings.security.session_seconds;
    let exp = (now + Duration::from_secs(life)).seconds();
    let claims = Claims { jti: session.id.clone(), kind, exp };
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &app.keys.sign)
        .map_err(|error| AppError::Fault(error.to_string()))?;
    cookie::set(app, res, kind.cookie(), token, None);
    Ok(session)
}

/// The live session of this browser, if it has one of that kind.
pub async fn find(app: &App, req: &Request, kind: Kind) -> Result<Option<Session>, AppError> {
    let now = app.clock.now();
    let Some(id) = session_id(app, req, kind, now) else { return Ok(None) };
    let Some(stored) = app.store.get(&key(kind, &id)).await? else { return Ok(None) };
    let Ok(mut session) = serde_json::from_str::<Session>(&stored) else { return Ok(None) };
    // Renewing once a minute is enough, and leaves most requests with a single round trip.
    if now.since(session.renewed) > Duration::from_mins(1) {
        session.renewed = now;
        // Only in place: somebody may have ended it since it was read, and ended it stays.
        if !app.store.replace(&key(kind, &id), &json(&session)?, idle(app, kind)).await? {
            return Ok(None);
        }
    }
    Ok(Some(session))
}

/// Ends the session of this browser.
pub async fn end(app: &App, req: &Request, res: &mut Response, kind: Kind) -> Result<(), AppError> {
    if let Some(id) = session_id(app, req, kind, app.clock.now()) {
        app.store.remove(&key(kind, &id)).await?;
    }
    cookie::clear(app, res, kind.cookie());
    Ok(())
}

/// The live session of an id, whoever holds its cookie.
pub async fn of_id(app: &App, kind: Kind, id: &str) -> Result<Option<Session>, AppError> {
    let stored = app.store.get(&key(kind, id)).await?;
    Ok(stored.and_then(|stored| serde_json::from_str(&stored).ok()))
}

/// Ends the session of an id; its cookie opens nothing any more.
pub async fn end_id(app: &App, kind: Kind, id: &str) -> Result<(), AppError> {
    Ok(app.store.remove(&key(kind, id)).await?)
}

fn json(session: &Session) -> Result<String, AppError> {
    serde_json::to_string(session).map_err(|error| AppError::Fault(error.to_string()))
}

/// The id in the cookie, if we signed it for this kind and its time is not over.
fn session_id(app: &App, req: &Request, kind: Kind, now: Timestamp) -> Option<String> {
    let token = cookie::read(app, req, kind.cookie())?;
    let mut validation = Validation::new(Algorithm::HS256);
    // Our own clock decides, so that tests can move it.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(&token, &app.keys.check, &validation).ok()?.claims;
    (claims.kind == kind && claims.exp > now.seconds()).then_some(claims.jti)
}
