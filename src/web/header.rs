//! Security headers on every answer (ASVS 3.4), files excepted from the cache rule.

use salvo::{
    Depot, FlowCtrl, Request, Response, handler,
    http::{HeaderValue, header},
};

use super::App;

/// The content security policy. A form on the phone may lead on to WeChat's authorisation, and
/// browsers hold every hop of a form's redirects against `form-action`.
pub fn policy(authorize_origin: &str) -> HeaderValue {
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self' {authorize_origin}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let strict = HeaderValue::from_static("default-src 'none'");
    HeaderValue::try_from(text).unwrap_or(strict)
}

/// Sets what every answer carries; a handler that set its own value keeps it.
#[handler]
pub async fn protect(
    req: &mut Request,
    depot: &mut Depot,
    res: &mut Response,
    ctrl: &mut FlowCtrl,
) {
    ctrl.call_next(req, depot, res).await;
    let app = App::of(depot).ok();
    let https = app.as_ref().is_some_and(|app| app.settings.server.is_https());
    let headers = res.headers_mut();
    if let Some(app) = app {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| app.policy.clone());
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}
