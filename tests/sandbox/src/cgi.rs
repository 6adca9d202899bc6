//! `/cgi-bin/…`: the official account's own tokens, the JS-SDK ticket and template messages.

use serde::Serialize;
use serde_json::{Value, json};

use crate::crypto::{random_digits, random_text};
use crate::mishap::Mishap;
use crate::sns::failure;
use crate::world::{APP_ID, Books, World};

const LIFETIME_MS: i64 = 7200 * 1000;
const FIVE_MINUTES_MS: i64 = 5 * 60 * 1000;
const HALF_A_MINUTE_MS: i64 = 30 * 1000;
const FORCED_PER_DAY: usize = 20;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The tokens of the official account; each with its last moment, in milliseconds.
#[derive(Debug, Default)]
pub struct AccountTokens {
    alive: Vec<(String, i64)>,
    stable: Option<(String, i64)>,
    forced_ms: Vec<i64>,
}

/// A template message that reached (or would have reached) a user.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// WeChat's number.
    pub msgid: i64,
    /// Who gets it.
    pub touser: String,
    /// Which template.
    pub template_id: String,
    /// What tapping it opens.
    pub url: Option<String>,
    /// The filled-in fields.
    pub data: Value,
    /// When, in milliseconds.
    pub sent_ms: i64,
}

impl AccountTokens {
    fn is_alive(&self, token: &str, now: i64) -> bool {
        let stable =
            self.stable.as_ref().is_some_and(|(known, until)| known == token && now <= *until);
        stable || self.alive.iter().any(|(known, until)| known == token && now <= *until)
    }
}

/// `GET /cgi-bin/token`: a new token, which leaves its predecessor five minutes.
pub fn token(world: &World, query: impl Fn(&str) -> String) -> Value {
    if query("grant_type") != "client_credential" {
        return failure(40002, "invalid grant_type");
    }
    if let Some(refusal) = check_account(world, &query("appid"), &query("secret")) {
        return refusal;
    }
    let now = world.clock.now_ms();
    let mut books = world.books();
    let account = &mut books.account;
    for (_, until) in &mut account.alive {
        *until = (*until).min(now + FIVE_MINUTES_MS);
    }
    account.alive.retain(|(_, until)| now <= *until);
    let token = new_token();
    account.alive.push((token.clone(), now + LIFETIME_MS));
    json!({ "access_token": token, "expires_in": 7200 })
}

/// `POST /cgi-bin/stable_token`: the same token until its last five minutes.
pub fn stable_token(world: &World, body: &[u8]) -> Value {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return failure(47001, "data format error");
    };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if text("grant_type") != "client_credential" {
        return failure(40002, "invalid grant_type");
    }
    if let Some(refusal) = check_account(world, &text("appid"), &text("secret")) {
        return refusal;
    }
    let now = world.clock.now_ms();
    let mut books = world.books();
    let account = &mut books.account;
    let forced = body["force_refresh"].as_bool().unwrap_or(false);
    if forced {
        account.forced_ms.retain(|at| now - at < DAY_MS);
        if account.forced_ms.last().is_some_and(|last| now - last < HALF_A_MINUTE_MS) {
            return failure(45011, "api minute-quota reach limit, must slower");
        }
        if account.forced_ms.len() >= FORCED_PER_DAY {
            return failure(45009, "reach max api daily quota limit");
        }
        account.forced_ms.push(now);
    }
    let fresh =
        account.stable.as_ref().filter(|(_, until)| !forced && now <= until - FIVE_MINUTES_MS);
    let (token, until) = fresh.cloned().unwrap_or_else(|| (new_token(), now + LIFETIME_MS));
    account.stable = Some((token.clone(), until));
    json!({ "access_token": token, "expires_in": (until - now) / 1000 })
}

/// `GET /cgi-bin/ticket/getticket?type=jsapi`.
pub fn ticket(world: &World, query: impl Fn(&str) -> String) -> Value {
    if let Some(refusal) = check_token(world, &world.books(), &query("access_token")) {
        return refusal;
    }
    if query("type") != "jsapi" {
        return failure(40097, "invalid args");
    }
    json!({ "errcode": 0, "errmsg": "ok", "ticket": format!("sM4A{}", random_text(82)), "expires_in": 7200 })
}

/// `POST /cgi-bin/message/template/send`.
pub fn send_template(world: &World, token: &str, body: &[u8]) -> Value {
    let now = world.clock.now_ms();
    let mut books = world.books();
    if let Some(refusal) = check_token(world, &books, token) {
        return refusal;
    }
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return failure(47001, "data format error");
    };
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let told = books.mishaps.take(None, |mishap| match mishap {
        Mishap::MessageRefused { errcode } => Some(*errcode),
        _ => None,
    });
    if let Some(errcode) = told {
        return failure(errcode, "refused by mishap");
    }
    let Some(user) = books.users.find(&text("touser")).filter(|user| user.openid == text("touser"))
    else {
        return failure(40003, "invalid openid");
    };
    if !user.follows {
        return failure(43004, "require subscribe");
    }
    if text("template_id").is_empty() {
        return failure(40037, "invalid template_id");
    }
    if let Some(key) = wrong_value(&body["data"]) {
        return failure(47003, &format!("argument invalid! data.{key}.value invalid"));
    }
    let msgid = random_digits(15).parse().unwrap_or(1);
    books.messages.push(Message {
        msgid,
        touser: text("touser"),
        template_id: text("template_id"),
        url: body["url"].as_str().map(str::to_owned),
        data: body["data"].clone(),
        sent_ms: now,
    });
    json!({ "errcode": 0, "errmsg": "ok", "msgid": msgid })
}

/// The first key whose value breaks the rule of its kind (the letters before its number).
fn wrong_value(data: &Value) -> Option<String> {
    let Some(map) = data.as_object() else { return Some("*".to_owned()) };
    let wrong = |key: &str, value: &Value| {
        let Some(text) = value["value"].as_str() else { return true };
        let length = text.chars().count();
        let limit = match key.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
            "thing" => 20,
            "name" => 10,
            "phone_number" => 17,
            "car_number" => 8,
            "phrase" | "symbol" => 5,
            _ => 32,
        };
        let ascii = key.starts_with("character_string") || key.starts_with("number");
        length == 0 || length > limit || (ascii && !text.is_ascii())
    };
    map.iter().find(|(key, value)| wrong(key, value)).map(|(key, _)| key.clone())
}

fn check_account(world: &World, appid: &str, secret: &str) -> Option<Value> {
    if appid != APP_ID {
        return Some(failure(40013, "invalid appid"));
    }
    (secret != world.keys.secrets.app_secret).then(|| failure(40125, "invalid appsecret"))
}

fn check_token(world: &World, books: &Books, token: &str) -> Option<Value> {
    if token.is_empty() {
        return Some(failure(41001, "access_token missing"));
    }
    let alive = books.account.is_alive(token, world.clock.now_ms());
    (!alive).then(|| failure(40001, "invalid credential, access_token is invalid"))
}

fn new_token() -> String {
    format!("92_{}", random_text(509))
}
