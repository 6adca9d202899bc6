//! `/v3/…`: the table of WeChat Pay's calls, with the mishaps that strike a whole call.

use std::sync::Arc;
use std::time::Duration;

use salvo::prelude::{Depot, Request, Response, handler};
use serde_json::json;

use crate::authorization::{self, Call};
use crate::clock::rfc3339;
use crate::crypto;
use crate::keys::Signer;
use crate::mishap::{Call as Name, Fault, Mishap};
use crate::order::TradeType;
use crate::reply::{Refusal, Reply};
use crate::spoil;
use crate::world::{World, world};
use crate::{bill, deliver, pay, prepay, refund, transactions};

const FIVE_YEARS_MS: i64 = 5 * 365 * 24 * 60 * 60 * 1000;
const BODY_LIMIT: usize = 256 * 1024;

/// Answers one call of the merchant.
#[handler]
pub async fn answer(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let call = read(request).await;
    if let Err(refusal) = authorization::check(&world, &call) {
        return Reply::from(refusal).write(response);
    }
    let Some(signer) = signer(&world, &call) else {
        return Reply::from(Refusal::param("Http头Wechatpay-Serial有误")).write(response);
    };
    let target = call.target.clone();
    // A merchant that hangs up must not stop what it asked for.
    let task = tokio::spawn(run(Arc::clone(&world), call));
    let (reply, fault) = task.await.unwrap_or_else(|_| (system_error(), None));
    spoil::send(response, reply, fault, (&signer, world.clock.now_seconds(), &target));
}

async fn run(world: Arc<World>, call: Call) -> (Reply, Option<Fault>) {
    let fault = fault(&world, &call);
    match fault {
        Some(Fault::Hang { seconds }) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            return (system_error(), None);
        }
        Some(Fault::Http500) => return (system_error(), None),
        Some(Fault::Http502) => return (Reply::file(502, "text/html", BAD_GATEWAY.to_vec()), None),
        Some(Fault::RateLimited) => {
            return (Refusal::new(429, "FREQUENCY_LIMITED", "频率超限").into(), None);
        }
        Some(Fault::SignError) => return (Refusal::sign("签名错误，请检查后再试").into(), None),
        Some(Fault::Html500) => return (Reply::file(500, "text/html", BROKEN.to_vec()), None),
        Some(Fault::Redirect) => return (Reply::file(302, "text/html", Vec::new()), fault),
        Some(Fault::RedirectLoop) => return (Reply::file(307, "text/html", Vec::new()), fault),
        Some(
            Fault::TimeoutAfterSuccess { .. }
            | Fault::Unsigned
            | Fault::Tampered
            | Fault::Signtest
            | Fault::Truncated
            | Fault::Slow
            | Fault::Huge,
        )
        | None => {}
    }
    let reply = Reply::from(dispatch(&world, &call).await);
    if let Some(Fault::TimeoutAfterSuccess { seconds }) = fault {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
    (reply, fault)
}

const BAD_GATEWAY: &[u8] = b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";

const BROKEN: &[u8] = b"<html><body><h1>500 Internal Server Error</h1></body></html>";

fn system_error() -> Reply {
    Refusal::new(500, "SYSTEM_ERROR", "系统异常，请稍后重试").into()
}

async fn dispatch(world: &Arc<World>, call: &Call) -> Result<Reply, Refusal> {
    let path: Vec<&str> = call.path().trim_start_matches("/v3/").split('/').collect();
    match (call.method.as_str(), path.as_slice()) {
        ("POST", ["pay", "transactions", "native"]) => create(world, call, TradeType::Native).await,
        ("POST", ["pay", "transactions", "jsapi"]) => create(world, call, TradeType::Jsapi).await,
        ("POST", ["pay", "transactions", "h5"]) => create(world, call, TradeType::H5).await,
        ("GET", ["pay", "transactions", "out-trade-no", number]) => {
            transactions::by_number(world, call, number)
        }
        ("POST", ["pay", "transactions", "out-trade-no", number, "close"]) => {
            transactions::close(world, call, number)
        }
        ("GET", ["pay", "transactions", "id", id]) => transactions::by_transaction(world, call, id),
        ("POST", ["refund", "domestic", "refunds"]) => {
            refund::create(world, call).map(|(reply, _)| reply)
        }
        ("GET", ["refund", "domestic", "refunds", number]) => refund::query(world, number),
        ("GET", ["certificates"]) => Ok(certificates(world)),
        ("GET", ["bill", "tradebill"]) => bill::trade_bill(world, call),
        ("GET", ["billdownload", "file"]) => bill::download(world, call),
        _ => Ok(Reply::file(404, "", Vec::new())),
    }
}

async fn create(world: &Arc<World>, call: &Call, trade_type: TradeType) -> Result<Reply, Refusal> {
    let (reply, number) = prepay::create(world, call, trade_type)?;
    let early = world.books().mishaps.strikes(Some(&number), &Mishap::NotifyBeforeAnswer);
    if early {
        let payer = world.books().orders.get(&number).and_then(|order| order.openid.clone());
        if let Some(user) = world.user(payer.as_deref().unwrap_or_default()) {
            // An order that was paid before is left alone.
            let _ = pay::pay(world, &number, &user, false);
            deliver::settle(world).await;
        }
    }
    Ok(reply)
}

fn certificates(world: &World) -> Reply {
    let nonce = crypto::random_text(12);
    let plain = world.keys.platform_certificate.as_bytes();
    let sealed = crypto::seal(&world.keys.secrets.api_v3_key, &nonce, "certificate", plain);
    let now = world.clock.now_ms();
    Reply::json(&json!({ "data": [{
        "serial_no": world.keys.platform.serial,
        "effective_time": rfc3339(now),
        "expire_time": rfc3339(now + FIVE_YEARS_MS),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM", "nonce": nonce, "associated_data": "certificate",
            "ciphertext": sealed.unwrap_or_default(),
        },
    }]}))
}

/// The request as it came over the wire.
async fn read(request: &mut Request) -> Call {
    let body = request
        .payload_with_max_size(BODY_LIMIT)
        .await
        .map(|bytes| bytes.to_vec())
        .unwrap_or_default();
    let target = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    Call { method: request.method().to_string(), target, headers: request.headers().clone(), body }
}

/// The key that the merchant asks for; the platform certificate when it does not say.
fn signer(world: &World, call: &Call) -> Option<Signer> {
    match call.header("wechatpay-serial") {
        "" => Some(world.keys.platform.clone()),
        serial => world.keys.by_serial(serial).cloned(),
    }
}

fn fault(world: &World, call: &Call) -> Option<Fault> {
    let (name, number) = name(call);
    world.books().mishaps.take(number.as_deref(), |mishap| match mishap {
        Mishap::Api { call, fault } if *call == name || *call == Name::Any => Some(*fault),
        _ => None,
    })
}

/// Which call this is, and the order it is about as far as the request tells.
fn name(call: &Call) -> (Name, Option<String>) {
    let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let in_body = || body["out_trade_no"].as_str().map(str::to_owned);
    let path: Vec<&str> = call.path().trim_start_matches("/v3/").split('/').collect();
    match path.as_slice() {
        ["pay", "transactions", "out-trade-no", number, "close"] => {
            (Name::Close, Some((*number).to_owned()))
        }
        ["pay", "transactions", "out-trade-no", number] => {
            (Name::Query, Some((*number).to_owned()))
        }
        ["pay", "transactions", "id", _] => (Name::Query, None),
        ["pay", ..] => (Name::Create, in_body()),
        ["refund", "domestic", "refunds"] => (Name::Refund, in_body()),
        ["refund", ..] => (Name::RefundQuery, None),
        ["certificates"] => (Name::Certificates, None),
        ["billdownload", ..] => (Name::Download, None),
        _ => (Name::Bill, None),
    }
}
