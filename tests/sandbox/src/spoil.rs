//! How a fault spoils an answer on its way to the merchant.

use std::time::Duration;

use salvo::http::header::{HeaderValue, LOCATION};
use salvo::prelude::Response;

use crate::crypto;
use crate::keys::Signer;
use crate::mishap::Fault;
use crate::reply::{Reply, put};

/// More than any answer of WeChat has.
const BLANKS: usize = 4 * 1024 * 1024;

/// Sends an answer, spoiled or not. `target` is what was asked for.
pub fn send(
    response: &mut Response,
    mut reply: Reply,
    fault: Option<Fault>,
    (signer, now, target): (&Signer, i64, &str),
) {
    match fault {
        Some(Fault::Unsigned) => reply.write(response),
        Some(Fault::Tampered) => {
            let mut body = reply.body.clone();
            reply.body.push(b' ');
            body.extend_from_slice(b"\n");
            reply.send(response, signer, now);
            response.body(body);
        }
        Some(Fault::Signtest) => {
            reply.signed = true;
            reply.send(response, signer, now);
            let probe = format!("WECHATPAY/SIGNTEST/{}", crypto::random_text(325));
            put(response.headers_mut(), "wechatpay-signature", &probe);
        }
        Some(Fault::Truncated) => {
            reply.body.truncate(reply.body.len() / 2);
            reply.send(response, signer, now);
        }
        Some(Fault::Huge) => {
            reply.body.resize(reply.body.len() + BLANKS, b' ');
            reply.send(response, signer, now);
        }
        Some(Fault::Slow) => {
            let body = reply.body.clone();
            reply.send(response, signer, now);
            drip(response, body);
        }
        Some(Fault::Redirect) => {
            reply.write(response);
            let elsewhere = HeaderValue::from_static("http://127.0.0.1:9/v3/elsewhere");
            response.headers_mut().insert(LOCATION, elsewhere);
        }
        Some(Fault::RedirectLoop) => {
            reply.write(response);
            put(response.headers_mut(), "location", target);
        }
        _ => reply.send(response, signer, now),
    }
}

/// Sends a body at one byte a second, until it is whole or nobody listens.
fn drip(response: &mut Response, body: Vec<u8>) {
    let mut sender = response.channel();
    tokio::spawn(async move {
        for byte in body {
            if sender.send_data(vec![byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
}
