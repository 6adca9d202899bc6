//! `/control/…`: the sandbox for programs that are not in its process. JSON in, JSON out.

use std::sync::Arc;

use salvo::http::StatusCode;
use salvo::prelude::{Depot, Json, Request, Response, handler};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::armed::Armed;
use crate::forge::{self, SignNotice};
use crate::refund::{self, RefundStatus};
use crate::users::User;
use crate::world::{World, world};
use crate::{console, deliver, handle, oauth, pay, phone, settings, truth};

const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Answers one command; 400 with `{"error": …}` when it cannot be done.
#[handler]
pub async fn command(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let name = request.param::<String>("rest").unwrap_or_default();
    let body = request
        .payload_with_max_size(BODY_LIMIT)
        .await
        .map(|bytes| bytes.to_vec())
        .unwrap_or_default();
    let body: Result<Value, String> = if body.is_empty() {
        Ok(json!({}))
    } else {
        serde_json::from_slice(&body).map_err(|error| error.to_string())
    };
    let answer = match body {
        Ok(body) => run(&world, request.method().as_str(), &name, body).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(value) => response.render(Json(value)),
        Err(error) => {
            response.render_with_status(StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
        }
    }
}

#[derive(Deserialize)]
struct ByUser {
    #[serde(default)]
    url: String,
    #[serde(default)]
    user: String,
}

#[derive(Deserialize)]
struct Pay {
    #[serde(alias = "code_url", alias = "prepay_id")]
    out_trade_no: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    force: bool,
}

#[derive(Deserialize)]
struct FinishRefund {
    out_refund_no: String,
    status: RefundStatus,
}

async fn run(world: &Arc<World>, method: &str, name: &str, body: Value) -> Result<Value, String> {
    match (method, name) {
        ("GET", "settings") => Ok(settings::public(world)),
        ("GET", "users") => Ok(json!(world.books().users.list())),
        ("GET", "state") => Ok(console::state(world)),
        ("GET", "truth") => Ok(json!(truth::all(&world.books()))),
        ("GET", "orders") => Ok(json!(world.books().orders)),
        ("GET", "deliveries") => Ok(json!(world.books().deliveries)),
        ("GET", "messages") => Ok(json!(world.books().messages)),
        ("GET", "screens") => Ok(json!(world.books().screens.live(world.clock.now_ms()))),
        ("GET", "mishaps") => Ok(json!(world.books().mishaps.list())),
        ("POST", "settle") => {
            deliver::settle(world).await;
            Ok(json!({ "ok": true }))
        }
        ("POST", "clock/advance") => {
            let ms = body["ms"].as_i64().ok_or("ms: a whole number is needed")?;
            handle::advance(world, ms).await.map_err(|error| error.to_string())?;
            Ok(json!({ "now_ms": world.clock.now_ms() }))
        }
        ("POST", _) => act(world, name, body),
        _ => Err(format!("no such command: {method} {name}")),
    }
}

fn act(world: &Arc<World>, name: &str, body: Value) -> Result<Value, String> {
    match name {
        "product" => {
            world.set_product(&read::<ByUser>(body)?.url);
            Ok(json!({ "product": world.urls().product }))
        }
        "users" => {
            let nickname = body["nickname"].as_str().ok_or("nickname: a text is needed")?;
            Ok(json!(world.books().users.add(nickname)))
        }
        "scan" => {
            let wanted: ByUser = read(body)?;
            Ok(json!(phone::scan(world, &wanted.url, &user(world, &wanted.user)?)))
        }
        "pay" => {
            let wanted: Pay = read(body)?;
            let payment =
                pay::pay(world, &wanted.out_trade_no, &user(world, &wanted.user)?, wanted.force);
            Ok(json!(payment.map_err(|error| error.to_string())?))
        }
        // Cancelling changes nothing at WeChat: the order stays NOTPAY and may be paid later.
        "cancel" => Ok(json!({ "state": "NOTPAY" })),
        "mishap" => {
            world.books().mishaps.arm(read_armed(body)?);
            Ok(json!(world.books().mishaps.list()))
        }
        "mishap/clear" => {
            world.books().mishaps.clear();
            Ok(json!([]))
        }
        "refund" => {
            let wanted: FinishRefund = read(body)?;
            refund::finish(world, &wanted.out_refund_no, Some(wanted.status));
            Ok(json!(world.books().refunds.get(&wanted.out_refund_no)))
        }
        "sign-notice" => {
            let sealed = forge::sign_notice(world, &read::<SignNotice>(body)?);
            sealed
                .map(|sealed| json!(sealed))
                .ok_or_else(|| "no such order, or the key has not 32 bytes".to_owned())
        }
        "authorize" => {
            let wanted: ByUser = read(body)?;
            let callbacks = oauth::callbacks(world, &wanted.url, &user(world, &wanted.user)?);
            Ok(json!({ "callbacks": callbacks.map_err(|error| error.to_string())? }))
        }
        _ => Err(format!("no such command: POST {name}")),
    }
}

/// Either `{"mishap": {"name": …}, "sticky": …}` or, shorter, `{"name": …, "sticky": …}`.
fn read_armed(body: Value) -> Result<Armed, String> {
    if body.get("mishap").is_some() {
        return read(body);
    }
    let sticky = body["sticky"].as_bool().unwrap_or(false);
    let out_trade_no = body["out_trade_no"].as_str().map(str::to_owned);
    Ok(Armed { mishap: read(body)?, sticky, out_trade_no })
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

fn user(world: &World, id: &str) -> Result<User, String> {
    world.user(id).ok_or_else(|| format!("no user {id}"))
}
