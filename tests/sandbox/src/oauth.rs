//! 网页授权: the authorize step and the codes that come out of it.
//!
//! Exchanging a code is in `sns`; the pages that people see are in `phone`.

use url::Url;

use crate::crypto::random_text;
use crate::error::SandboxError;
use crate::mishap::Mishap;
use crate::users::User;
use crate::world::{APP_ID, Books, World};

/// How long a code lives, in milliseconds.
pub const CODE_LIFETIME_MS: i64 = 5 * 60 * 1000;
const ORDER: [&str; 5] = ["appid", "redirect_uri", "response_type", "scope", "state"];
const OPTIONAL: [&str; 3] = ["forcePopup", "forceSnapShot", "connect_redirect"];
const STATE_LIMIT: usize = 128;

/// A code and what it stands for.
#[derive(Clone, Debug)]
pub struct Code {
    /// Whom it names.
    pub openid: String,
    /// `snsapi_base` or `snsapi_userinfo`.
    pub scope: String,
    /// When it was made, in milliseconds.
    pub made_ms: i64,
    /// Exchanged already.
    pub used: bool,
    /// A snapshot visitor's.
    pub snapshot: bool,
    /// The first exchange answers -1 although the code is spent.
    pub busy: bool,
}

/// A user's access token.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whom it names.
    pub openid: String,
    /// What it may read.
    pub scope: String,
    /// Until when, in milliseconds.
    pub until_ms: i64,
    /// Whether it is a refresh token.
    pub refresh: bool,
}

/// A checked authorize request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where the code goes.
    pub redirect_uri: Url,
    /// `snsapi_base` or `snsapi_userinfo`.
    pub scope: String,
    /// Comes back untouched.
    pub state: Option<String>,
}

/// WeChat's error page instead of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}（错误码：{code}）")]
pub struct ErrorPage {
    /// For example 10003.
    pub code: u32,
    /// For people.
    pub text: &'static str,
}

const fn error(code: u32, text: &'static str) -> ErrorPage {
    ErrorPage { code, text }
}

/// Checks the query of an authorize address: order, values, scope and callback host.
pub fn check(world: &World, query: &str) -> Result<Request, ErrorPage> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    check_order(&pairs)?;
    let value =
        |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if value("appid").as_deref() != Some(APP_ID) {
        return Err(error(10001, "appid 参数错误"));
    }
    if value("response_type").as_deref() != Some("code") {
        return Err(error(10002, "response_type 参数错误"));
    }
    let scope = value("scope").unwrap_or_default();
    if !["snsapi_base", "snsapi_userinfo"].contains(&scope.as_str()) {
        return Err(error(10005, "Scope 参数错误或没有 Scope 权限"));
    }
    let state = value("state");
    if state.as_ref().is_some_and(|state| {
        state.len() > STATE_LIMIT || !state.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }) {
        return Err(error(10013, "state 参数错误"));
    }
    let redirect_uri = Url::parse(&value("redirect_uri").unwrap_or_default());
    let redirect_uri = redirect_uri.map_err(|_| error(10003, "redirect_uri 参数错误"))?;
    check_host(world, &redirect_uri)?;
    Ok(Request { redirect_uri, scope, state })
}

/// The live server checks the query by a pattern, so the order counts.
fn check_order(pairs: &[(String, String)]) -> Result<(), ErrorPage> {
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let needed = if names.get(4) == Some(&"state") { 5 } else { 4 };
    let start = names.get(..needed) == ORDER.get(..needed);
    let rest =
        names.get(needed..).is_some_and(|rest| rest.iter().all(|name| OPTIONAL.contains(name)));
    if start && rest { Ok(()) } else { Err(error(10002, "参数缺失或顺序错误")) }
}

/// 网页授权域名: the bare host must be registered; the sandbox lets loopback ports pass.
fn check_host(world: &World, callback: &Url) -> Result<(), ErrorPage> {
    let refusal = error(10003, "redirect_uri 域名与后台配置不一致");
    if !["http", "https"].contains(&callback.scheme()) || callback.fragment().is_some() {
        return Err(refusal);
    }
    let host = callback.host_str().unwrap_or_default();
    let product = Url::parse(&world.urls().product).ok();
    let registered = product.as_ref().and_then(Url::host_str) == Some(host);
    if registered || world.callback_hosts.iter().any(|known| known == host) {
        Ok(())
    } else {
        Err(refusal)
    }
}

/// What happens when the user's web view opens a checked authorize address: the addresses that
/// WeChat then opens, in this order. None when the user refuses.
pub fn approve(world: &World, request: &Request, user: &User) -> Vec<String> {
    let now = world.clock.now_ms();
    let mut books = world.books();
    if books.mishaps.strikes(None, &Mishap::OauthRefuse) {
        return Vec::new();
    }
    let first = new_code(&mut books, request, user, now);
    let mut codes = vec![first.clone()];
    if books.mishaps.strikes(None, &Mishap::OauthDoubleCallback) {
        codes.push(first);
    } else if books.mishaps.strikes(None, &Mishap::OauthTwoCodes) {
        codes.push(new_code(&mut books, request, user, now));
    }
    codes.iter().map(|code| callback(request, code)).collect()
}

fn new_code(books: &mut Books, request: &Request, user: &User, now: i64) -> String {
    let mishaps = &mut books.mishaps;
    let snapshot = mishaps.strikes(None, &Mishap::OauthSnapshot);
    let expired = mishaps.strikes(None, &Mishap::OauthExpiredCode);
    let busy = mishaps.strikes(None, &Mishap::OauthBusyThenUsed);
    let code = Code {
        openid: if snapshot {
            format!("oSnapshot{}", random_text(19))
        } else {
            user.openid.clone()
        },
        scope: request.scope.clone(),
        made_ms: if expired { now - CODE_LIFETIME_MS - 1000 } else { now },
        used: false,
        snapshot,
        busy,
    };
    let text = format!("0{}", random_text(31));
    books.codes.insert(text.clone(), code);
    text
}

fn callback(request: &Request, code: &str) -> String {
    let mut url = request.redirect_uri.clone();
    url.query_pairs_mut()
        .append_pair("code", code)
        .append_pair("state", request.state.as_deref().unwrap_or_default());
    url.into()
}

/// Where WeChat sends the user's browser after this authorize address; nowhere on refusal.
pub fn callbacks(world: &World, url: &str, user: &User) -> Result<Vec<String>, SandboxError> {
    let url =
        url::Url::parse(url).map_err(|error| SandboxError::Wrong(format!("address: {error}")))?;
    if url.path() != "/connect/oauth2/authorize" {
        return Err(SandboxError::Wrong("not an authorize address".to_owned()));
    }
    let request = check(world, url.query().unwrap_or_default());
    let request = request.map_err(|error| SandboxError::Wrong(error.to_string()))?;
    Ok(approve(world, &request, user))
}
