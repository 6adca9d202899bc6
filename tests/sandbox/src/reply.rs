//! What WeChat Pay answers: refusals without signature, everything else signed.

use salvo::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use salvo::http::{HeaderMap, StatusCode};
use salvo::prelude::Response;
use serde_json::{Value, json};

use crate::crypto;
use crate::keys::Signer;

/// An answer before it is signed.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// The bytes.
    pub body: Vec<u8>,
    /// Whether WeChat signs this kind of answer; bill files are not signed.
    pub signed: bool,
}

/// A refusal, with WeChat's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// For example `PARAM_ERROR`.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Refusal {
    /// A refusal with this status, code and text.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400 `PARAM_ERROR`.
    pub fn param(message: impl Into<String>) -> Self {
        Self::new(400, "PARAM_ERROR", message)
    }

    /// 401 `SIGN_ERROR`.
    pub fn sign(message: impl Into<String>) -> Self {
        Self::new(401, "SIGN_ERROR", message)
    }
}

impl Reply {
    /// 200 with JSON.
    pub fn json(value: &Value) -> Self {
        Self::with_status(200, value)
    }

    /// 204.
    pub fn nothing() -> Self {
        Self { status: 204, content_type: "", body: Vec::new(), signed: true }
    }

    /// Any status with JSON.
    pub fn with_status(status: u16, value: &Value) -> Self {
        let body = value.to_string().into_bytes();
        Self { status, content_type: "application/json; charset=utf-8", body, signed: true }
    }

    /// A page or a file, never signed.
    pub fn file(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, content_type, body, signed: false }
    }

    /// Puts this answer on the wire, signed with `signer` when it is a 2xx of a signed kind.
    pub fn send(self, response: &mut Response, signer: &Signer, now_seconds: i64) {
        let success = (200..300).contains(&self.status);
        if success && self.signed {
            sign(response.headers_mut(), signer, now_seconds, &self.body);
        }
        self.write(response);
    }

    /// Puts this answer on the wire as it is.
    pub fn write(self, response: &mut Response) {
        response.status_code(
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        );
        put(
            response.headers_mut(),
            "request-id",
            &format!("08{}-{}", crypto::random_digits(20), crypto::random_digits(9)),
        );
        if !self.content_type.is_empty() {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        response.body(self.body);
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        Self::with_status(
            refusal.status,
            &json!({ "code": refusal.code, "message": refusal.message }),
        )
    }
}

impl From<Result<Reply, Refusal>> for Reply {
    fn from(result: Result<Reply, Refusal>) -> Self {
        result.unwrap_or_else(Reply::from)
    }
}

fn sign(headers: &mut HeaderMap, signer: &Signer, now_seconds: i64, body: &[u8]) {
    let timestamp = now_seconds.to_string();
    let nonce = crypto::random_text(32);
    let signature = crypto::sign(&signer.private, &crypto::answer_text(&timestamp, &nonce, body));
    put(headers, "wechatpay-timestamp", &timestamp);
    put(headers, "wechatpay-nonce", &nonce);
    put(headers, "wechatpay-signature", &signature);
    put(headers, "wechatpay-serial", &signer.serial);
    put(headers, "wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
}

/// Sets a header whose value is known to be plain.
pub fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
