//! The answers that a pay page's poll gets.

use salvo::{
    Request, Response,
    http::StatusCode,
    writing::{Json, Text},
};
use serde::Serialize;

use super::view::Mode;
use crate::web::{
    App, AppError, Surface,
    cookie::{self, Name},
    page::Chrome,
};

#[derive(Serialize)]
struct StateJson {
    state: &'static str,
}

/// The two short answers of a poll: 204 while the page shows the truth (`?seen=`), and JSON on
/// demand. `false` when the part of the page that changed is wanted; it is drawn only then.
pub(super) fn answer_shortly(mode: Mode, req: &mut Request, res: &mut Response) -> bool {
    answer_shortly_as(mode.code(), mode.state(), req, res)
}

/// As [`answer_shortly`], for pages with words of their own.
pub(super) fn answer_shortly_as(
    shown: &'static str,
    state: &'static str,
    req: &mut Request,
    res: &mut Response,
) -> bool {
    if req.query::<String>("seen").is_some_and(|seen| seen == shown) {
        res.status_code(StatusCode::NO_CONTENT);
        return true;
    }
    let accept = req.headers().get("accept").and_then(|value| value.to_str().ok());
    let is_script = accept.is_some_and(|accept| accept.starts_with("application/json"));
    if is_script {
        res.render(Json(StateJson { state }));
    }
    is_script
}

/// The long answer of a poll: the part of the page that changed.
pub(super) fn answer_with<P: Serialize>(
    (surface, template): (Surface, &'static str),
    panel: &P,
    (app, req): (&App, &Request),
    res: &mut Response,
) -> Result<(), AppError> {
    // No form token is made here: the fragment lives on a page that has one.
    let visitor = cookie::read(app, req, Name::Visitor).unwrap_or_default();
    let token = app.keys.form_token(&visitor);
    let chrome = Chrome::new("", &app.settings.site, &token, req.uri().path());
    let html = app
        .templates
        .render(surface, template, panel, &chrome)
        .map_err(|error| AppError::Fault(format!("payment fragment: {error:?}")))?;
    res.render(Text::Html(html));
    Ok(())
}
