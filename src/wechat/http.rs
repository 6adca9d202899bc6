//! The one pooled HTTP client: time limits, a body limit, no redirects. It knows no WeChat rules.

use std::{error::Error, time::Duration};

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url, header::HeaderMap, redirect::Policy,
};
use tracing::warn;

use super::WechatError;

const USER_AGENT: &str = concat!("huiyuan/", env!("CARGO_PKG_VERSION"));

/// How long and how much we listen to WeChat.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time to make a connection.
    pub connect: Duration,
    /// Time for the whole exchange, body included.
    pub total: Duration,
    /// Largest body in bytes.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(8), body: 1024 * 1024 }
    }
}

/// A shared client; clones use the same connections.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    body_limit: usize,
}

/// A complete answer, not yet believed.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers as received.
    pub headers: HeaderMap,
    /// The raw body.
    pub body: Vec<u8>,
}

impl Http {
    /// Builds the client; fails where the system has no CA certificates.
    pub fn new(limits: Limits) -> Result<Self, WechatError> {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(Policy::none())
            .build()
            .map_err(|error| WechatError::Config(format!("HTTP client: {}", reason(&error))))?;
        Ok(Self { client, body_limit: limits.body })
    }

    /// Starts a request.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends a request once and reads the whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, WechatError> {
        self.send_up_to(request, self.body_limit).await
    }

    /// The same for an answer that may be as large as this, in bytes.
    pub async fn send_up_to(
        &self,
        request: RequestBuilder,
        most: usize,
    ) -> Result<Answer, WechatError> {
        let mut response = request.send().await.map_err(unreachable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > most {
                return Err(WechatError::Malformed("the body is too large"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

fn unreachable(error: reqwest::Error) -> WechatError {
    // The URL of a login exchange carries the secret and the code: it must not reach the log.
    let error = error.without_url();
    warn!(reason = reason(&error), "WeChat gave no whole answer");
    if error.is_builder() {
        return WechatError::Config("the request could not be built".into());
    }
    WechatError::Unreachable { maybe_sent: !error.is_connect() }
}

fn reason(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    super::one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::testing;

    async fn get(address: &str, limits: Limits) -> Result<Answer, WechatError> {
        let http = Http::new(limits).unwrap();
        http.send(http.request(Method::GET, Url::parse(address).unwrap())).await
    }

    #[tokio::test]
    async fn a_silent_server_may_have_got_the_request() {
        let address = testing::silent().await;
        let limits = Limits { total: Duration::from_millis(200), ..Limits::default() };
        let failure = get(&address, limits).await.unwrap_err();
        assert_eq!(failure, WechatError::Unreachable { maybe_sent: true });
    }

    #[tokio::test]
    async fn a_refused_connection_sent_nothing() {
        let failure = get(&testing::nobody().await, Limits::default()).await.unwrap_err();
        assert_eq!(failure, WechatError::Unreachable { maybe_sent: false });
    }

    #[tokio::test]
    async fn a_body_without_end_is_cut_off() {
        let address = testing::answering(|_| testing::reply("200 OK", &[], &[b'x'; 5000])).await;
        let limits = Limits { body: 1000, ..Limits::default() };
        let failure = get(&address, limits).await.unwrap_err();
        assert_eq!(failure, WechatError::Malformed("the body is too large"));
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let moved = [("Location", "https://example.com/")];
        let address = testing::answering(move |_| testing::reply("302 Found", &moved, b"")).await;
        let answer = get(&address, Limits::default()).await.unwrap();
        assert_eq!(answer.status, StatusCode::FOUND);
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_may_have_been_meant() {
        let short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort".to_vec();
        let address = testing::answering(move |_| short.clone()).await;
        let failure = get(&address, Limits::default()).await.unwrap_err();
        assert_eq!(failure, WechatError::Unreachable { maybe_sent: true });
    }
}
