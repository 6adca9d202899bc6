//! What a handler can fail with, and the page or JSON that tells it. Faults are logged here, once.

mod page;
mod words;

use std::time::Duration;

use salvo::{
    Depot, Request, Response, Writer, async_trait, handler,
    http::{HeaderValue, ParseError, StatusCode},
    writing::Json,
};

use super::{
    edge,
    page::{Surface, put_html, render},
};
use crate::{
    db,
    kernel::{password::HashError, vault::VaultError},
    session,
    wechat::WechatError,
};
use page::error_page;
pub use page::{ErrorPage, H5ErrorPage};

/// Everything that can stop a request. What a form got wrong is no error: the form is shown again.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such page or thing, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// A member must sign in first.
    #[error("member sign-in required")]
    SignIn,
    /// Staff must sign in first.
    #[error("staff sign-in required")]
    StaffSignIn,
    /// The role does not allow it.
    #[error("forbidden")]
    Forbidden,
    /// The form token is missing or old.
    #[error("stale form")]
    Stale,
    /// The request cannot be read.
    #[error("bad request")]
    Bad(StatusCode),
    /// A rule of the business forbids it; the text is for the user.
    #[error("{0}")]
    Refused(String),
    /// Too many tries; another one is allowed after the span.
    #[error("too many tries")]
    TooMany(Duration),
    /// So many sign in at this moment that the password gate is full.
    #[error("the password gate is full")]
    Crowded,
    /// WeChat, the database or the store did not answer; the text says which, for the log.
    #[error("{0}")]
    Unavailable(String),
    /// A bug or a broken row, for the log.
    #[error("{0}")]
    Fault(String),
}

impl AppError {
    /// A body that is too large, cut off or not a form.
    pub fn unreadable(error: &ParseError) -> Self {
        match error {
            ParseError::PayloadTooLarge => Self::Bad(StatusCode::PAYLOAD_TOO_LARGE),
            _ => Self::Bad(StatusCode::BAD_REQUEST),
        }
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn | Self::StaffSignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::Bad(status) => *status,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::TooMany(_) | Self::Crowded => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// `id` is the request's, which the person at the other end is told as well.
    fn log(&self, path: &str, id: &str) {
        match self {
            Self::Fault(cause) => tracing::error!(http.path = path, id, cause, "request failed"),
            Self::Unavailable(cause) => {
                tracing::warn!(http.path = path, id, cause, "a part of the house is away");
            }
            _ => {}
        }
    }
}

impl From<db::Error> for AppError {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(cause) => Self::Unavailable(format!("database: {cause}")),
            db::Error::Retry => Self::Unavailable("database: contention".into()),
            other => Self::Fault(format!("database: {other}")),
        }
    }
}

impl From<session::Error> for AppError {
    fn from(error: session::Error) -> Self {
        Self::Unavailable(format!("session store: {error}"))
    }
}

impl From<WechatError> for AppError {
    fn from(error: WechatError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<HashError> for AppError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Crowded,
            HashError::Broken => Self::Fault(error.to_string()),
        }
    }
}

#[async_trait]
impl Writer for AppError {
    async fn write(mut self, req: &mut Request, depot: &mut Depot, res: &mut Response) {
        let path = req.uri().path().to_owned();
        let reference = reference(req);
        self.log(&path, &reference);
        let status = self.status();
        if let Some(span) = self.pause() {
            res.headers_mut().insert("retry-after", HeaderValue::from(span.as_secs().max(1)));
        }
        if self.names_sign_in(req, res) {
            return;
        }
        if wants_json(req) {
            let (heading, text) = self.words();
            res.status_code(status);
            res.render(Json(serde_json::json!({ "code": heading, "message": text })));
            return;
        }
        let page = error_page(&self, &path, &reference);
        let html = match Surface::of_path(&path) {
            Surface::H5 => render(&H5ErrorPage(page), req, depot, res),
            Surface::Pc => render(&page, req, depot, res),
        };
        match html {
            Ok(html) => put_html(res, status, html),
            Err(error) => {
                tracing::error!(%error, "the error page could not be rendered");
                res.status_code(status);
                res.render("系统出现问题，请稍后重试。");
            }
        }
    }
}

/// Gives the answers that salvo makes itself (404, 405, 413, panics) our own page.
#[handler]
pub async fn catch(req: &mut Request, depot: &mut Depot, res: &mut Response) {
    let status = res.status_code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let error = match status {
        StatusCode::NOT_FOUND => AppError::NotFound,
        StatusCode::INTERNAL_SERVER_ERROR => AppError::Fault("a handler panicked".into()),
        other => AppError::Bad(other),
    };
    error.write(req, depot, res).await;
}

impl AppError {
    /// A page that needs a login leads to it; a script is told by the status alone. The status
    /// stays 401 until [`lead_to_sign_in`], because salvo makes a 400 of an extractor that
    /// answers anything else.
    fn names_sign_in(&self, req: &Request, res: &mut Response) -> bool {
        let target = match self {
            Self::SignIn => page::sign_in_of(req.uri().path()),
            Self::StaffSignIn => "/admin/login",
            _ => return false,
        };
        if req.method() != "GET" || wants_json(req) || req.headers().contains_key("hx-request") {
            return false;
        }
        res.status_code(StatusCode::UNAUTHORIZED);
        res.headers_mut().insert("location", HeaderValue::from_static(target));
        true
    }
}

/// Turns "sign in first" for a page into a redirect.
pub(super) fn lead_to_sign_in(res: &mut Response) {
    if res.status_code == Some(StatusCode::UNAUTHORIZED) && res.headers().contains_key("location") {
        res.status_code(StatusCode::SEE_OTHER);
    }
}

fn reference(req: &Request) -> String {
    let id = req.headers().get(edge::REQUEST_ID).and_then(|id| id.to_str().ok());
    id.unwrap_or_default().to_owned()
}

fn wants_json(req: &Request) -> bool {
    let accept = req.headers().get("accept").and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}
