//! Opening WeChat Pay's notices, the only hostile bytes that can move money: size, headers, skew,
//! key, signature over the raw body, envelope, decryption, plaintext, in this order (wechat.md 5).
//!
//! Comparing merchant, appid, currency and amount with an order of ours happens in `payment`.

use std::borrow::Cow;

use serde::Deserialize;

pub use super::signature::{BadHeader, SignatureHeaders as NoticeHeaders};
use super::{
    Pay, RefundFacts, Transaction, sdk,
    signature::{SignatureError, verify},
};
use crate::kernel::Timestamp;

/// No notice of WeChat comes near this size, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// A notice that WeChat has signed and sealed for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNotice {
    /// WeChat's id of the notice, at most 64 characters; repeats carry the same one.
    pub notify_id: String,
    /// For example `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// When WeChat made it.
    pub create_time: Option<Timestamp>,
    /// `transaction` or `refund`, as WeChat wrote it.
    pub original_type: String,
    /// What it says.
    pub facts: Facts,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// A payment.
    Transaction(Transaction),
    /// A refund.
    Refund(RefundFacts),
    /// Authentic, but about something that this product does not use.
    Other,
}

/// Why a notice was refused. Nothing of it may be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// A signature header is missing, doubled, empty, oversized, not ASCII or of another scheme.
    #[error(transparent)]
    Header(#[from] BadHeader),
    /// Too old or too new; many of these mean that our clock is wrong.
    #[error("the timestamp is too far from our clock")]
    Skew,
    /// Signed with a key that we do not know; many of these mean that WeChat changed keys.
    #[error("the key that signed is unknown")]
    UnknownKey,
    /// Forged, changed on the way, or one of WeChat's probes.
    #[error("the signature is wrong")]
    Signature,
    /// The body is too large or not a notice.
    #[error("the envelope is malformed: {0}")]
    Envelope(&'static str),
    /// No configured APIv3 key opens it.
    #[error("no APIv3 key opens the resource")]
    Decrypt,
    /// What was sealed is not understood.
    #[error("the plaintext is malformed: {0}")]
    Plaintext(&'static str),
}

impl NoticeError {
    /// The HTTP status to answer: 401 when the sender is not shown to be WeChat, else 400.
    /// WeChat repeats a notice after either.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Skew | Self::UnknownKey | Self::Signature => 401,
            Self::Header(_) | Self::Envelope(_) | Self::Decrypt | Self::Plaintext(_) => 400,
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    id: String,
    create_time: Option<String>,
    event_type: String,
    #[serde(borrow)]
    resource: Resource<'a>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    original_type: Option<String>,
    algorithm: String,
    // The one long value: borrowed from the body unless it is written with escapes.
    #[serde(borrow)]
    ciphertext: Cow<'a, str>,
    associated_data: Option<String>,
    nonce: String,
}

/// Opens a notice. `raw_body` is the body exactly as received, `now` our clock.
pub fn open(
    pay: &Pay,
    headers: &NoticeHeaders<'_>,
    raw_body: &[u8],
    now: Timestamp,
) -> Result<PaymentNotice, NoticeError> {
    if raw_body.len() > MAX_BODY {
        return Err(NoticeError::Envelope("larger than 64 KiB"));
    }
    if headers.signature_type.is_none() {
        return Err(BadHeader("Wechatpay-Signature-Type").into());
    }
    verify(&pay.keys.public, headers, raw_body, now).map_err(|error| match error {
        SignatureError::Scheme => BadHeader("Wechatpay-Signature-Type").into(),
        SignatureError::Skew => NoticeError::Skew,
        SignatureError::UnknownKey => NoticeError::UnknownKey,
        SignatureError::Wrong => NoticeError::Signature,
    })?;
    let envelope: Envelope<'_> =
        serde_json::from_slice(raw_body).map_err(|_| NoticeError::Envelope("not a notice"))?;
    if envelope.id.is_empty() || envelope.id.len() > 64 || !envelope.id.is_ascii() {
        return Err(NoticeError::Envelope("the id is unusable"));
    }
    let plaintext = unseal(pay, &envelope.resource)?;
    let facts = read_facts(&envelope.event_type, &plaintext).map_err(NoticeError::Plaintext)?;
    Ok(PaymentNotice {
        notify_id: envelope.id,
        event_type: crate::wechat::one_line(&envelope.event_type),
        create_time: envelope.create_time.as_deref().and_then(Timestamp::from_rfc3339),
        original_type: crate::wechat::one_line(
            &envelope.resource.original_type.unwrap_or_default(),
        ),
        facts,
    })
}

/// Tries the present APIv3 key, then the old one: notices may be under way while it changes.
fn unseal(pay: &Pay, resource: &Resource<'_>) -> Result<Vec<u8>, NoticeError> {
    if resource.algorithm != "AEAD_AES_256_GCM" {
        return Err(NoticeError::Envelope("an unknown cipher"));
    }
    let associated_data = resource.associated_data.as_deref().unwrap_or_default();
    pay.api_v3_keys
        .iter()
        .find_map(|key| {
            sdk::decrypt(pay, key, &resource.ciphertext, &resource.nonce, associated_data).ok()
        })
        .ok_or(NoticeError::Decrypt)
}

fn read_facts(event_type: &str, plaintext: &[u8]) -> Result<Facts, &'static str> {
    if event_type.starts_with("TRANSACTION.") {
        Transaction::read(plaintext).map(Facts::Transaction)
    } else if event_type.starts_with("REFUND.") {
        RefundFacts::read(plaintext).map(Facts::Refund)
    } else {
        Ok(Facts::Other)
    }
}

#[cfg(test)]
mod tests;
