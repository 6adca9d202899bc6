//! What surrounds every route, in one step, because it is paid for by every request: the
//! application for the handlers, a request id, security headers (ASVS 3.4), the way to sign in.

use salvo::{
    Depot, FlowCtrl, Handler, Request, Response, async_trait,
    http::{HeaderMap, HeaderValue, header},
};

use super::{App, error};

/// On the answer, so that a person can quote it; on the request, so that the log names it too.
pub const REQUEST_ID: &str = "x-request-id";

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

/// The outermost hoop.
#[derive(Debug)]
pub struct Edge {
    app: App,
}

impl Edge {
    /// Around the routes of this application.
    pub const fn new(app: App) -> Self {
        Self { app }
    }

    /// What every answer carries; a handler that set its own value keeps it.
    fn protect(&self, headers: &mut HeaderMap) {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.app.policy.clone());
        let fixed = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        for (name, value) in fixed {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        if self.app.settings.server.is_https() {
            let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
    }
}

#[async_trait]
impl Handler for Edge {
    async fn handle(
        &self,
        req: &mut Request,
        depot: &mut Depot,
        res: &mut Response,
        ctrl: &mut FlowCtrl,
    ) {
        // What the other end sent under this name is not believed.
        let id = HeaderValue::try_from(self.app.ids.token());
        if let Ok(id) = &id {
            req.headers_mut().insert(REQUEST_ID, id.clone());
        }
        depot.insert_typed(self.app.clone());
        ctrl.call_next(req, depot, res).await;
        error::lead_to_sign_in(res);
        if let Ok(id) = id {
            res.headers_mut().insert(REQUEST_ID, id);
        }
        self.protect(res.headers_mut());
    }
}
