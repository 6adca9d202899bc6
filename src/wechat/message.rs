//! Template messages of the official account, and the access token that they need (wechat.md 2, 8).
//!
//! Where the token is kept between calls, and what a message says, is decided elsewhere (`notice`).

use std::collections::BTreeMap;

use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::json;

use super::{Http, LoginSettings, WechatError, login::address, one_line};
use crate::kernel::{OpenId, Secret};

/// The account's own interfaces.
#[derive(Clone, Debug)]
pub struct Messages {
    app_id: String,
    app_secret: Secret,
    token: Url,
    send: Url,
    http: Http,
}

/// A token of the account, and how long it lives.
#[derive(Clone, Debug)]
pub struct AccessToken {
    /// The token; at least 512 characters may come.
    pub token: Secret,
    /// Seconds until WeChat forgets it.
    pub seconds: u64,
}

/// A filled-in template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateMessage {
    /// Who gets it.
    pub to: OpenId,
    /// The template's id in the account's console.
    pub template_id: String,
    /// What tapping it opens; empty for nothing.
    pub url: String,
    /// Our id of the message: WeChat drops a repetition within minutes.
    pub id: String,
    /// Keyword of the template (`thing1`) to its text; already within WeChat's limits.
    pub data: BTreeMap<String, String>,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The token is no longer valid: get another one, then once more.
    #[error("the access token is not valid (errcode {0})")]
    Token(i64),
    /// This person does not get our messages: not a follower, or they refused.
    #[error("the receiver does not take messages (errcode {0})")]
    Receiver(i64),
    /// WeChat will refuse this message however often it is sent.
    #[error("WeChat refuses the message (errcode {errcode}: {message})")]
    Refused {
        /// WeChat's number.
        errcode: i64,
        /// WeChat's text with its request id.
        message: String,
    },
    /// WeChat is busy or a quota is used up: later.
    #[error("WeChat is busy (errcode {0})")]
    Busy(i64),
    /// No whole answer arrived; the message may have been sent.
    #[error("WeChat gave no answer")]
    Unreachable,
}

#[derive(Deserialize)]
struct Answer {
    errcode: Option<i64>,
    errmsg: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
    msgid: Option<i64>,
}

impl Messages {
    /// Checks the settings, which are those of the web login.
    pub fn new(settings: LoginSettings, http: Http) -> Result<Self, WechatError> {
        let config = |problem: &str| WechatError::Config(format!("wechat.api_base {problem}"));
        let at = |path| address(&settings.api_base, path).map_err(config);
        Ok(Self {
            token: at("/cgi-bin/stable_token")?,
            send: at("/cgi-bin/message/template/send")?,
            app_id: settings.app_id,
            app_secret: settings.app_secret,
            http,
        })
    }

    /// The account's token: the same one until its last five minutes, or, `forced`, a new one
    /// (twenty a day, half a minute apart).
    pub async fn token(&self, forced: bool) -> Result<AccessToken, MessageError> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.app_secret.expose(),
            "force_refresh": forced,
        });
        let answer = self.call(self.token.clone(), &body).await?;
        let seconds = answer.expires_in.unwrap_or_default();
        match answer.access_token.filter(|token| !token.is_empty()) {
            Some(token) => Ok(AccessToken { token: Secret::new(token), seconds }),
            None => Err(MessageError::Unreachable),
        }
    }

    /// Sends a message; WeChat's number of it.
    pub async fn send(
        &self,
        token: &Secret,
        wanted: &TemplateMessage,
    ) -> Result<i64, MessageError> {
        let mut url = self.send.clone();
        url.query_pairs_mut().append_pair("access_token", token.expose());
        let data: BTreeMap<&str, _> = wanted
            .data
            .iter()
            .map(|(key, text)| (key.as_str(), json!({ "value": text })))
            .collect();
        let mut body = json!({
            "touser": wanted.to.as_str(),
            "template_id": wanted.template_id,
            "client_msg_id": wanted.id,
            "data": data,
        });
        if !wanted.url.is_empty() {
            body["url"] = json!(wanted.url);
        }
        Ok(self.call(url, &body).await?.msgid.unwrap_or_default())
    }

    async fn call(&self, url: Url, body: &serde_json::Value) -> Result<Answer, MessageError> {
        let request = self.http.request(Method::POST, url).json(body);
        let answer = self.http.send(request).await.map_err(|_| MessageError::Unreachable)?;
        if !answer.status.is_success() {
            return Err(MessageError::Unreachable);
        }
        read(&answer.body)
    }
}

/// Reads an answer by its errcode; the texts are for people.
fn read(body: &[u8]) -> Result<Answer, MessageError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| MessageError::Unreachable)?;
    Err(match answer.errcode {
        None | Some(0) => return Ok(answer),
        Some(errcode @ (40001 | 40014 | 41001 | 42001)) => MessageError::Token(errcode),
        Some(errcode @ (43004 | 43101)) => MessageError::Receiver(errcode),
        Some(errcode @ (-1 | 45009 | 45011)) => MessageError::Busy(errcode),
        Some(errcode) => {
            let message = one_line(&answer.errmsg.unwrap_or_default());
            MessageError::Refused { errcode, message }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::{Limits, testing};

    fn messages(api_base: String) -> Messages {
        let settings = LoginSettings {
            app_id: "wx1".into(),
            app_secret: Secret::new("s"),
            authorize_base: "https://open.weixin.qq.com".into(),
            api_base,
        };
        Messages::new(settings, Http::new(Limits::default()).unwrap()).unwrap()
    }

    fn message() -> TemplateMessage {
        TemplateMessage {
            to: OpenId::parse("oUser_1-x").unwrap(),
            template_id: "T1".into(),
            url: String::new(),
            id: "N1".into(),
            data: [("thing1".to_owned(), "审核通过".to_owned())].into(),
        }
    }

    #[test]
    fn errcodes_tell_what_to_do_next() {
        let error = |code: i64| {
            read(format!(r#"{{"errcode":{code},"errmsg":"x rid: 1"}}"#).as_bytes()).err()
        };
        for code in [40001, 40014, 42001] {
            assert_eq!(error(code), Some(MessageError::Token(code)));
        }
        assert_eq!(error(43004), Some(MessageError::Receiver(43004)));
        assert_eq!(error(43101), Some(MessageError::Receiver(43101)));
        assert_eq!(error(45009), Some(MessageError::Busy(45009)));
        assert!(matches!(error(47003), Some(MessageError::Refused { errcode: 47003, .. })));
        assert!(matches!(error(40003), Some(MessageError::Refused { errcode: 40003, .. })));
        assert_eq!(read(b"<html>").err(), Some(MessageError::Unreachable));
    }

    #[tokio::test]
    async fn a_message_names_receiver_template_and_values() {
        let base = testing::answering(|request| {
            assert!(request.starts_with("POST /cgi-bin/message/template/send?access_token=A%26B"));
            for part in ["\"touser\":\"oUser_1-x\"", "\"client_msg_id\":\"N1\"", "审核通过"] {
                assert!(request.contains(part), "{request}");
            }
            assert!(!request.contains("\"url\""));
            testing::reply("200 OK", &[], br#"{"errcode":0,"errmsg":"ok","msgid":7}"#)
        });
        let sent = messages(base.await).send(&Secret::new("A&B"), &message()).await;
        assert_eq!(sent, Ok(7));
    }

    #[tokio::test]
    async fn a_gateway_error_leaves_the_outcome_open() {
        let base = testing::answering(|_| testing::reply("502 Bad Gateway", &[], b"<html>"));
        let failure = messages(base.await).token(false).await.unwrap_err();
        assert_eq!(failure, MessageError::Unreachable);
    }
}
