//! `/sns/…`: what a code and a user's token are worth. Always HTTP 200 and `text/plain`.

use serde_json::{Value, json};

use crate::crypto::{random_digits, random_text};
use crate::oauth::{CODE_LIFETIME_MS, Token};
use crate::world::{APP_ID, Books, World};

const TOKEN_LIFETIME_MS: i64 = 7200 * 1000;
const REFRESH_LIFETIME_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A failure as WeChat writes it, with a fresh `rid`.
pub fn failure(errcode: i64, text: &str) -> Value {
    let rid = format!("{}-{}-{}", random_text(8), random_text(8), random_digits(8)).to_lowercase();
    json!({ "errcode": errcode, "errmsg": format!("{text}, rid: {rid}") })
}

/// `GET /sns/oauth2/access_token`.
pub fn access_token(world: &World, query: impl Fn(&str) -> String) -> Value {
    if let Some(refusal) = check_account(world, &query) {
        return refusal;
    }
    let code = query("code");
    if code.is_empty() {
        return failure(41008, "missing code");
    }
    if query("grant_type") != "authorization_code" {
        return failure(40002, "invalid grant_type");
    }
    let now = world.clock.now_ms();
    let mut books = world.books();
    let Some(found) = books.codes.get_mut(&code) else { return failure(40029, "invalid code") };
    if found.used {
        return failure(40163, "code been used");
    }
    if now > found.made_ms + CODE_LIFETIME_MS {
        return failure(42003, "oauth_code expired");
    }
    found.used = true;
    if found.busy {
        return failure(-1, "system error");
    }
    let (openid, scope, snapshot) = (found.openid.clone(), found.scope.clone(), found.snapshot);
    let mut answer = issue(&mut books, &openid, &scope, now);
    if snapshot {
        answer["is_snapshotuser"] = json!(1);
    }
    answer
}

/// `GET /sns/oauth2/refresh_token`.
pub fn refresh_token(world: &World, query: impl Fn(&str) -> String) -> Value {
    if query("appid") != APP_ID {
        return failure(40013, "invalid appid");
    }
    let now = world.clock.now_ms();
    let mut books = world.books();
    match books.tokens.get(&query("refresh_token")).cloned() {
        Some(token) if token.refresh && now <= token.until_ms => {
            issue(&mut books, &token.openid, &token.scope, now)
        }
        Some(token) if token.refresh => failure(42002, "refresh_token expired"),
        Some(_) | None => failure(40030, "invalid refresh_token"),
    }
}

/// `GET /sns/userinfo`.
pub fn userinfo(world: &World, query: impl Fn(&str) -> String) -> Value {
    let token = match find_token(world, &query) {
        Ok(token) => token,
        Err(refusal) => return refusal,
    };
    if token.scope != "snsapi_userinfo" {
        return failure(48001, "api unauthorized");
    }
    let nickname = world.user(&token.openid).map(|user| user.nickname).unwrap_or_default();
    json!({
        "openid": token.openid, "nickname": nickname, "sex": 0, "language": "", "city": "", "province": "",
        "country": "", "headimgurl": "https://thirdwx.qlogo.cn/mmopen/sandbox/132", "privilege": [],
    })
}

/// `GET /sns/auth`.
pub fn auth(world: &World, query: impl Fn(&str) -> String) -> Value {
    match find_token(world, &query) {
        Ok(_) => json!({ "errcode": 0, "errmsg": "ok" }),
        Err(refusal) => refusal,
    }
}

fn check_account(world: &World, query: &impl Fn(&str) -> String) -> Option<Value> {
    let (appid, secret) = (query("appid"), query("secret"));
    if appid.is_empty() {
        return Some(failure(41002, "appid missing"));
    }
    if secret.is_empty() {
        return Some(failure(41004, "appsecret missing"));
    }
    if appid != APP_ID {
        return Some(failure(40013, "invalid appid"));
    }
    (secret != world.keys.secrets.app_secret).then(|| failure(40125, "invalid appsecret"))
}

fn issue(books: &mut Books, openid: &str, scope: &str, now: i64) -> Value {
    let (access, refresh) = (format!("81_{}", random_text(86)), format!("81_{}", random_text(86)));
    let token = |until_ms, refresh| Token {
        openid: openid.to_owned(),
        scope: scope.to_owned(),
        until_ms,
        refresh,
    };
    books.tokens.insert(access.clone(), token(now + TOKEN_LIFETIME_MS, false));
    books.tokens.insert(refresh.clone(), token(now + REFRESH_LIFETIME_MS, true));
    json!({
        "access_token": access, "expires_in": 7200, "refresh_token": refresh, "openid": openid, "scope": scope,
    })
}

fn find_token(world: &World, query: &impl Fn(&str) -> String) -> Result<Token, Value> {
    let now = world.clock.now_ms();
    let token = world.books().tokens.get(&query("access_token")).cloned();
    let token = token.filter(|token| !token.refresh);
    let token = token.ok_or_else(|| {
        failure(40001, "invalid credential, access_token is invalid or not latest")
    })?;
    if now > token.until_ms {
        return Err(failure(42001, "access_token expired"));
    }
    if token.openid != query("openid") {
        return Err(failure(40003, "invalid openid"));
    }
    Ok(token)
}
