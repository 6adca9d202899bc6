//! Answers to a successful POST: see another page (303), perhaps with a message on it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use salvo::{Depot, Request, Response, Writer, async_trait, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{App, cookie, cookie::Name};

/// A message that the next page shows once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// `ok`, `error` or `info`.
    pub kind: String,
    /// The message.
    pub text: String,
}

/// `303 See Other` to a path of our own.
#[derive(Clone, Debug)]
pub struct SeeOther {
    path: String,
    flash: Option<Flash>,
}

impl SeeOther {
    /// To a path of ours.
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), flash: None }
    }

    /// With a message of success.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "ok".into(), text: text.into() });
        self
    }

    /// With a message that something was not done.
    #[must_use]
    pub fn refusing(mut self, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { kind: "error".into(), text: text.into() });
        self
    }
}

#[async_trait]
impl Writer for SeeOther {
    async fn write(self, _: &mut Request, depot: &mut Depot, res: &mut Response) {
        res.status_code(StatusCode::SEE_OTHER);
        if let Ok(location) = self.path.parse() {
            res.headers_mut().insert("location", location);
        }
        if let (Ok(app), Some(flash)) = (App::of(depot), self.flash) {
            let json = serde_json::to_vec(&flash).unwrap_or_default();
            cookie::set(&app, res, Name::Flash, URL_SAFE_NO_PAD.encode(json), Some(60));
        }
    }
}

/// Takes the message that the last answer left, if any.
pub fn take(app: &App, req: &Request, res: &mut Response) -> Option<Flash> {
    let encoded = cookie::read(app, req, Name::Flash).filter(|text| !text.is_empty())?;
    cookie::clear(app, res, Name::Flash);
    let json = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    serde_json::from_slice(&json).ok()
}
