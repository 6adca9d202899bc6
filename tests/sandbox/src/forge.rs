//! Notifications made to order, right or wrong in any part, and not sent.
//!
//! The product must refuse every forgery; tests post what comes out of here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::crypto::{self, random_text};
use crate::deliver;
use crate::notify::Sealed;
use crate::world::World;

/// What the notification shall look like; everything that is not said is right.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignNotice {
    /// The plain text as JSON.
    pub plain: Option<Value>,
    /// The plain text as it is, when it shall not be JSON.
    pub plain_text: Option<String>,
    /// The plain text as bytes in base64.
    pub plain_base64: Option<String>,
    /// The real order whose success is told; overridden by the three above.
    pub out_trade_no: Option<String>,
    /// `TRANSACTION.SUCCESS` when not said.
    pub event_type: Option<String>,
    /// `transaction` when not said.
    pub original_type: Option<String>,
    /// The notification's id.
    pub id: Option<String>,
    /// What the envelope carries as `associated_data`; left out of the envelope when `no_associated_data`.
    pub associated_data: Option<String>,
    /// The envelope has no `associated_data`, and none is used.
    pub no_associated_data: bool,
    /// What the text is sealed with, when it differs from what the envelope tells.
    pub sealed_associated_data: Option<String>,
    /// The envelope's nonce; a length other than 12 cannot be opened by anyone.
    pub resource_nonce: Option<String>,
    /// The APIv3 key that seals, when it is not the right one.
    pub api_v3_key: Option<String>,
    /// Cuts the sealed bytes, tag included, to this length.
    pub cut_ciphertext: Option<usize>,
    /// The whole ciphertext as this text.
    pub ciphertext: Option<String>,
    /// The whole body as this text; nothing above counts then.
    pub body: Option<String>,
    /// The header's timestamp in seconds, or any text.
    pub timestamp: Option<String>,
    /// Added to the right timestamp.
    pub timestamp_offset: i64,
    /// The header's nonce.
    pub nonce: Option<String>,
    /// The header's serial.
    pub serial: Option<String>,
    /// Which key signs; the public key when not said.
    pub signed_by: SignedBy,
    /// What happens to the signature.
    pub tamper: Tamper,
    /// Headers to leave out.
    pub drop_headers: Vec<String>,
}

/// Which private key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedBy {
    /// WeChat Pay's public key's other half.
    #[default]
    PublicKey,
    /// The platform certificate's.
    Platform,
    /// The merchant's: wrong, but a real key.
    Merchant,
}

/// What happens to the signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tamper {
    /// Nothing.
    #[default]
    None,
    /// One bit of it is turned over.
    OneBit,
    /// The body gets a blank at its end after signing.
    BodySpace,
    /// One letter of the body is changed after signing.
    BodyByte,
    /// It becomes one of WeChat's probes.
    Probe,
    /// It is empty.
    Empty,
    /// It is no base64.
    Garbage,
}

/// Makes the notification; `None` when the key or the order it needs does not exist.
pub fn sign_notice(world: &World, wanted: &SignNotice) -> Option<Sealed> {
    let mut body = match &wanted.body {
        Some(body) => body.clone().into_bytes(),
        None => envelope(world, wanted)?.to_string().into_bytes(),
    };
    let right = (world.clock.now_seconds() + wanted.timestamp_offset).to_string();
    let timestamp = wanted.timestamp.clone().unwrap_or(right);
    let nonce = wanted.nonce.clone().unwrap_or_else(|| random_text(32));
    let signer = match wanted.signed_by {
        SignedBy::PublicKey => &world.keys.public_key,
        SignedBy::Platform => &world.keys.platform,
        SignedBy::Merchant => &world.keys.merchant,
    };
    let signature = crypto::sign(&signer.private, &crypto::answer_text(&timestamp, &nonce, &body));
    let signature = tamper(wanted.tamper, signature, &mut body);
    let serial = wanted.serial.as_deref().unwrap_or(&signer.serial);
    let mut sealed = deliver::wrap(serial, timestamp, nonce, signature, body);
    let dropped =
        |name: &str| wanted.drop_headers.iter().any(|drop| drop.eq_ignore_ascii_case(name));
    sealed.headers.retain(|(name, _)| !dropped(name));
    Some(sealed)
}

fn envelope(world: &World, wanted: &SignNotice) -> Option<Value> {
    let kind = wanted.original_type.as_deref().unwrap_or("transaction");
    let told = wanted.associated_data.clone().unwrap_or_else(|| kind.to_owned());
    let told = (!wanted.no_associated_data).then_some(told);
    let used = wanted.sealed_associated_data.clone().or_else(|| told.clone()).unwrap_or_default();
    let nonce = wanted.resource_nonce.clone().unwrap_or_else(|| random_text(12));
    let mut resource = json!({
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": ciphertext(world, wanted, &nonce, &used)?,
        "nonce": nonce,
    });
    if let Some(told) = told {
        resource["associated_data"] = json!(told);
    }
    Some(json!({
        "id": wanted.id.clone().unwrap_or_else(|| random_text(32)),
        "create_time": rfc3339(world.clock.now_ms()),
        "resource_type": "encrypt-resource",
        "event_type": wanted.event_type.as_deref().unwrap_or("TRANSACTION.SUCCESS"),
        "summary": "支付成功",
        "resource": resource,
    }))
}

fn ciphertext(
    world: &World,
    wanted: &SignNotice,
    nonce: &str,
    associated_data: &str,
) -> Option<String> {
    if let Some(text) = &wanted.ciphertext {
        return Some(text.clone());
    }
    let plain = plain(world, wanted)?;
    let key = wanted.api_v3_key.as_deref().unwrap_or(&world.keys.secrets.api_v3_key);
    // A nonce of another length cannot seal; the envelope carries it all the same.
    let usable = if nonce.len() == 12 { nonce } else { "sandboxnonce" };
    let sealed = crypto::seal(key, usable, associated_data, &plain)?;
    let Some(length) = wanted.cut_ciphertext else { return Some(sealed) };
    let mut bytes = STANDARD.decode(sealed).ok()?;
    bytes.truncate(length);
    Some(STANDARD.encode(bytes))
}

fn plain(world: &World, wanted: &SignNotice) -> Option<Vec<u8>> {
    if let Some(text) = &wanted.plain_text {
        return Some(text.clone().into_bytes());
    }
    if let Some(text) = &wanted.plain_base64 {
        return STANDARD.decode(text).ok();
    }
    if let Some(value) = &wanted.plain {
        return Some(value.to_string().into_bytes());
    }
    let books = world.books();
    let order = books.orders.get(wanted.out_trade_no.as_deref()?)?;
    Some(order.view().to_string().into_bytes())
}

fn tamper(how: Tamper, signature: String, body: &mut Vec<u8>) -> String {
    match how {
        Tamper::None => signature,
        Tamper::OneBit => one_bit_off(&signature).unwrap_or_default(),
        Tamper::BodySpace => {
            body.push(b' ');
            signature
        }
        Tamper::BodyByte => {
            if let Some(byte) = body.iter_mut().rev().find(|byte| byte.is_ascii_alphabetic()) {
                *byte ^= 0x20;
            }
            signature
        }
        Tamper::Probe => format!("WECHATPAY/SIGNTEST/{}", random_text(325)),
        Tamper::Empty => String::new(),
        Tamper::Garbage => "这不是签名!".to_owned(),
    }
}

fn one_bit_off(signature: &str) -> Option<String> {
    let mut bytes = STANDARD.decode(signature).ok()?;
    *bytes.get_mut(100)? ^= 1;
    Some(STANDARD.encode(bytes))
}
