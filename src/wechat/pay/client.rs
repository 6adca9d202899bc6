//! One signed request and its verified answer.

use std::time::Duration;

use reqwest::{Method, Url, header};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Pay,
    signature::{SCHEME, SignatureError, SignatureHeaders, request_text, verify},
};
use crate::wechat::{WechatError, http::Answer, login::address, one_line};

/// A file takes longer than an answer.
const DOWNLOAD: Duration = Duration::from_mins(2);

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

impl Pay {
    /// Calls an endpoint (`/v3/…`) and returns the raw body of a verified 2xx.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Vec<u8>, WechatError> {
        let url = address(&self.base, path)
            .map_err(|problem| WechatError::Config(format!("wechat_pay.api_base {problem}")))?;
        let mut request = self
            .http
            .request(method.clone(), url.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, self.authorization(&method, &url, &body)?)
            .header("Wechatpay-Serial", self.keys.public.preferred());
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body);
        }
        let answer = self.http.send(request).await?;
        if !answer.status.is_success() {
            return Err(refusal(&answer));
        }
        self.check_answer(&answer)?;
        Ok(answer.body)
    }

    /// Downloads a file that WeChat does not sign; the caller must have another proof.
    pub(super) async fn fetch(&self, url: Url, most: usize) -> Result<Vec<u8>, WechatError> {
        let request = self
            .http
            .request(Method::GET, url.clone())
            .timeout(DOWNLOAD)
            .header(header::AUTHORIZATION, self.authorization(&Method::GET, &url, "")?);
        let answer = self.http.send_up_to(request, most).await?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(refusal(&answer)) }
    }

    fn authorization(&self, method: &Method, url: &Url, body: &str) -> Result<String, WechatError> {
        let now = self.clock.now();
        let nonce = self.ids.readable(32);
        // The target as reqwest writes it on the wire, so that signed and sent cannot differ.
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let text = request_text(method.as_str(), &target, now, &nonce, body);
        let signature = self
            .keys
            .merchant
            .sign(text.as_bytes())
            .map_err(|_| WechatError::Config("the merchant key does not sign".into()))?;
        Ok(format!(
            "{SCHEME} mchid=\"{}\",nonce_str=\"{nonce}\",timestamp=\"{}\",serial_no=\"{}\",signature=\"{signature}\"",
            self.mch_id,
            now.seconds(),
            self.merchant_serial,
        ))
    }

    fn check_answer(&self, answer: &Answer) -> Result<(), WechatError> {
        let all = answer.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let headers = SignatureHeaders::pick(all)
            .map_err(|_| WechatError::Untrusted("it is not properly signed"))?;
        verify(&self.keys.public, &headers, &answer.body, self.clock.now()).map_err(|error| {
            WechatError::Untrusted(match error {
                SignatureError::Scheme => "its signature scheme is not ours",
                SignatureError::Skew => "its timestamp is too far from our clock",
                SignatureError::UnknownKey => "it is signed with a key that we do not know",
                SignatureError::Wrong => "its signature is wrong",
            })
        })
    }
}

/// Reads an authentic body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, WechatError> {
    serde_json::from_slice(body)
        .map_err(|_| WechatError::Malformed("the body lacks what was asked for"))
}

/// Refusals carry no signature; a gateway's carry no JSON either.
fn refusal(answer: &Answer) -> WechatError {
    let refusal: Refusal = serde_json::from_slice(&answer.body)
        .unwrap_or(Refusal { code: String::new(), message: String::new() });
    WechatError::Refused {
        status: answer.status.as_u16(),
        code: one_line(&refusal.code),
        message: one_line(&refusal.message),
    }
}
