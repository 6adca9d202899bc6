//! The page that tells an error, for both surfaces.

use serde::Serialize;

use super::AppError;
use crate::web::page::{Page, Surface};

/// The page that tells an error.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    /// HTTP status.
    pub code: u16,
    /// What happened.
    pub heading: String,
    /// What to do now.
    pub text: String,
    /// Where the button leads.
    pub action_url: String,
    /// What the button says.
    pub action_text: String,
    /// The number to quote to support; empty when there is none.
    pub reference: String,
}

/// The same page for phones.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct H5ErrorPage(pub(super) ErrorPage);

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";

    fn title(&self) -> String {
        self.heading.clone()
    }

    fn samples() -> Vec<Self> {
        let wait = std::time::Duration::from_mins(5);
        let faults = [
            AppError::NotFound,
            AppError::SignIn,
            AppError::Fault(String::new()),
            AppError::TooMany(wait),
            AppError::Crowded,
            AppError::Unavailable(String::new()),
        ];
        faults.iter().map(|error| error_page(error, "/dues", "a1b2")).collect()
    }
}

impl Page for H5ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        self.0.heading.clone()
    }

    fn samples() -> Vec<Self> {
        ErrorPage::samples().into_iter().map(Self).collect()
    }
}

pub(super) fn error_page(error: &AppError, path: &str, reference: &str) -> ErrorPage {
    let (heading, text) = error.words();
    let home = match Surface::of_path(path) {
        Surface::H5 => "/h5/",
        Surface::Pc if path.starts_with("/admin") => "/admin",
        Surface::Pc => "/",
    };
    let (action_url, action_text) = match error {
        AppError::SignIn => (sign_in_of(path), "去登录"),
        AppError::StaffSignIn => ("/admin/login", "去登录"),
        AppError::Unavailable(_) | AppError::TooMany(_) | AppError::Crowded => (path, "重试"),
        _ => (home, "返回首页"),
    };
    ErrorPage {
        code: error.status().as_u16(),
        heading: heading.into(),
        text,
        action_url: action_url.into(),
        action_text: action_text.into(),
        reference: reference.into(),
    }
}

/// Where a member signs in on the surface of a page.
pub(super) fn sign_in_of(path: &str) -> &'static str {
    match Surface::of_path(path) {
        Surface::H5 => "/h5/login",
        Surface::Pc => "/login",
    }
}
