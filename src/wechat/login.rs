//! WeChat web login: the authorize address for the phone, and the exchange of its code
//! (wechat.md 1). Who may sign in with which openid is not decided here.

use reqwest::{Method, Url};
use serde::Deserialize;

use super::{Http, WechatError, one_line};
use crate::kernel::{OpenId, Secret};

/// The settings of the official account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LoginSettings {
    /// The account's appid, `wx…`.
    pub app_id: String,
    /// The account's secret.
    pub app_secret: Secret,
    /// Where phones authorize; live: `https://open.weixin.qq.com`.
    pub authorize_base: String,
    /// Where codes are exchanged; live: `https://api.weixin.qq.com`.
    pub api_base: String,
}

impl LoginSettings {
    /// One line per setting that keeps login from working.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.app_id.is_empty() {
            problems.push("wechat.app_id is missing".to_owned());
        }
        if self.app_secret.is_empty() {
            problems.push("wechat.app_secret is missing".to_owned());
        }
        for (name, base) in [("authorize_base", &self.authorize_base), ("api_base", &self.api_base)]
        {
            if let Err(problem) = address(base, "/") {
                problems.push(format!("wechat.{name} {problem}"));
            }
        }
        problems
    }
}

/// An address below a configured base; the error continues "`<setting>` …".
pub(super) fn address(base: &str, path: &str) -> Result<Url, &'static str> {
    if base.is_empty() {
        return Err("is missing");
    }
    let url =
        Url::parse(&format!("{}{path}", base.trim_end_matches('/'))).map_err(|_| "is not a URL")?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err("is not an http(s) URL") }
}

/// A WeChat user, as our official account sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WechatUser {
    /// Who it is; invented by WeChat when `is_snapshot`.
    pub open_id: OpenId,
    /// A visitor of a page snapshot: never bind, never pay; ask them to open the full page.
    pub is_snapshot: bool,
}

/// Why a code was not exchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The code is unknown, used or expired: start the authorization again.
    #[error("the code is no longer valid (errcode {0})")]
    CodeInvalid(i64),
    /// WeChat is busy or limits us: start again a little later, do not repeat the code.
    #[error("WeChat is busy (errcode {0})")]
    Busy(i64),
    /// WeChat will refuse every code until an operator acts.
    #[error("WeChat refuses our account (errcode {errcode}: {message})")]
    Config {
        /// WeChat's number.
        errcode: i64,
        /// WeChat's text with its request id, for the log.
        message: String,
    },
    /// No whole answer arrived; the code may be used up.
    #[error("WeChat is unreachable")]
    Unreachable,
    /// The answer is not WeChat's JSON.
    #[error("WeChat's answer is malformed")]
    Malformed,
}

#[derive(Deserialize)]
struct TokenAnswer {
    errcode: Option<i64>,
    errmsg: Option<String>,
    openid: Option<String>,
    is_snapshotuser: Option<i64>,
}

/// Web login at one official account.
#[derive(Clone, Debug)]
pub struct Login {
    app_id: String,
    app_secret: Secret,
    authorize: Url,
    exchange: Url,
    http: Http,
}

impl Login {
    /// Checks the settings.
    pub fn new(settings: LoginSettings, http: Http) -> Result<Self, WechatError> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(WechatError::Config(problems.join("; ")));
        }
        let config = |problem: &str| WechatError::Config(format!("wechat {problem}"));
        Ok(Self {
            authorize: address(&settings.authorize_base, "/connect/oauth2/authorize")
                .map_err(config)?,
            exchange: address(&settings.api_base, "/sns/oauth2/access_token").map_err(config)?,
            app_id: settings.app_id,
            app_secret: settings.app_secret,
            http,
        })
    }

    /// The official account that users are known by.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// Scheme and host of the authorisation page, for the content security policy.
    pub fn authorize_origin(&self) -> String {
        self.authorize.origin().ascii_serialization()
    }

    /// Where to send the phone; it comes back to `redirect_uri` with `code` and `state`.
    /// `state` is at most 128 letters and digits.
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> String {
        let mut url = self.authorize.clone();
        // WeChat checks this order. `connect_redirect` keeps it from calling back twice.
        url.query_pairs_mut()
            .append_pair("appid", &self.app_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", "snsapi_base")
            .append_pair("state", state)
            .append_pair("connect_redirect", "1");
        url.set_fragment(Some("wechat_redirect"));
        url.into()
    }

    /// Exchanges a code, once: a code is used up even when the answer is lost.
    pub async fn exchange(&self, code: &str) -> Result<WechatUser, LoginError> {
        let mut url = self.exchange.clone();
        url.query_pairs_mut()
            .append_pair("appid", &self.app_id)
            .append_pair("secret", self.app_secret.expose())
            .append_pair("code", code)
            .append_pair("grant_type", "authorization_code");
        let request = self.http.request(Method::GET, url);
        let answer = self.http.send(request).await.map_err(|error| match error {
            WechatError::Malformed(_) => LoginError::Malformed,
            _ => LoginError::Unreachable,
        })?;
        if answer.status.is_server_error() {
            return Err(LoginError::Unreachable);
        }
        read_user(&answer.body)
    }
}

/// Reads the answer; its content type is often `text/plain` and says nothing.
fn read_user(body: &[u8]) -> Result<WechatUser, LoginError> {
    let answer: TokenAnswer = serde_json::from_slice(body).map_err(|_| LoginError::Malformed)?;
    match answer.errcode {
        None | Some(0) => {}
        Some(errcode @ (40029 | 40163 | 42003)) => return Err(LoginError::CodeInvalid(errcode)),
        Some(errcode @ (-1 | 45009 | 45011)) => return Err(LoginError::Busy(errcode)),
        Some(errcode) => {
            let message = one_line(&answer.errmsg.unwrap_or_default());
            return Err(LoginError::Config { errcode, message });
        }
    }
    let open_id = answer.openid.and_then(|id| OpenId::parse(&id).ok());
    let is_snapshot = answer.is_snapshotuser == Some(1);
    Ok(WechatUser { open_id: open_id.ok_or(LoginError::Malformed)?, is_snapshot })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::{Limits, testing};

    fn login(api_base: String) -> Login {
        let settings = LoginSettings {
            app_id: "wx1".into(),
            app_secret: Secret::new("s&t"),
            authorize_base: "https://open.weixin.qq.com".into(),
            api_base,
        };
        Login::new(settings, Http::new(Limits::default()).unwrap()).unwrap()
    }

    #[test]
    fn the_authorize_url_keeps_the_order_that_wechat_checks() {
        assert_eq!(
            login("https://api.weixin.qq.com".into())
                .authorize_url("https://a.cn/wechat/oauth/callback?x=1", "S1"),
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1\
             &redirect_uri=https%3A%2F%2Fa.cn%2Fwechat%2Foauth%2Fcallback%3Fx%3D1\
             &response_type=code&scope=snsapi_base&state=S1&connect_redirect=1#wechat_redirect"
        );
    }

    #[test]
    fn errcodes_tell_what_to_do_next() {
        let error = |code: i64| {
            read_user(format!(r#"{{"errcode":{code},"errmsg":"x rid: 1"}}"#).as_bytes())
        };
        assert_eq!(error(40163), Err(LoginError::CodeInvalid(40163)));
        assert_eq!(error(-1), Err(LoginError::Busy(-1)));
        assert!(matches!(error(40125), Err(LoginError::Config { errcode: 40125, .. })));
        for bad in ["", "{}", "<html>", "null", r#"{"openid":""}"#] {
            assert_eq!(read_user(bad.as_bytes()), Err(LoginError::Malformed), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_code_becomes_an_openid_whatever_the_content_type() {
        let base = testing::answering(|request| {
            let path = "GET /sns/oauth2/access_token?appid=wx1&secret=s%26t&code=C1\
                        &grant_type=authorization_code HTTP/1.1";
            assert!(request.starts_with(path), "{request}");
            let body = br#"{"access_token":"t","openid":"oUser_1-x","is_snapshotuser":1}"#;
            testing::reply("200 OK", &[("Content-Type", "text/plain")], body)
        });
        let user = login(base.await).exchange("C1").await.unwrap();
        assert_eq!((user.open_id.as_str(), user.is_snapshot), ("oUser_1-x", true));
    }

    #[tokio::test]
    async fn a_gateway_error_is_not_blamed_on_the_code() {
        let base = testing::answering(|_| testing::reply("502 Bad Gateway", &[], b"<html>"));
        let failure = login(base.await).exchange("C1").await.unwrap_err();
        assert_eq!(failure, LoginError::Unreachable);
    }
}
