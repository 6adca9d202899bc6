//! WeChat's signatures and envelopes, written from its documents with other crates than the product's.
//!
//! Keys live in `keys`; who may call what is decided in `authorization`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The five lines that a merchant signs for a request.
pub fn request_text(
    method: &str,
    target: &str,
    timestamp: &str,
    nonce: &str,
    body: &[u8],
) -> Vec<u8> {
    let mut text = format!("{method}\n{target}\n{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    text
}

/// The three lines that WeChat signs for an answer or a notification.
pub fn answer_text(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(body);
    text.push(b'\n');
    text
}

/// The four lines that a merchant signs for `getBrandWCPayRequest`.
pub fn pay_text(app_id: &str, timestamp: &str, nonce: &str, package: &str) -> Vec<u8> {
    format!("{app_id}\n{timestamp}\n{nonce}\n{package}\n").into_bytes()
}

/// RSASSA-PKCS1-v1_5 with SHA-256, in base64.
pub fn sign(key: &SigningKey<Sha256>, text: &[u8]) -> String {
    STANDARD.encode(key.sign(text).to_bytes())
}

/// Whether `signature` (base64) was made over `text` with the key's other half.
pub fn verify(key: &VerifyingKey<Sha256>, text: &[u8], signature: &str) -> bool {
    let Ok(bytes) = STANDARD.decode(signature) else { return false };
    let Ok(signature) = Signature::try_from(bytes.as_slice()) else { return false };
    key.verify(text, &signature).is_ok()
}

/// AES-256-GCM; `None` unless the key has 32 and the nonce 12 bytes. Base64 of data and tag.
pub fn seal(key: &str, nonce: &str, associated_data: &str, plain: &[u8]) -> Option<String> {
    let cipher = Aes256Gcm::new_from_slice(key.as_bytes()).ok()?;
    let nonce = (nonce.len() == 12).then(|| Nonce::from_slice(nonce.as_bytes()))?;
    let payload = Payload { msg: plain, aad: associated_data.as_bytes() };
    Some(STANDARD.encode(cipher.encrypt(nonce, payload).ok()?))
}

/// The reverse of `seal`; `None` when anything does not fit.
#[cfg(test)]
pub fn open(key: &str, nonce: &str, associated_data: &str, sealed: &str) -> Option<Vec<u8>> {
    let cipher = Aes256Gcm::new_from_slice(key.as_bytes()).ok()?;
    let nonce = (nonce.len() == 12).then(|| Nonce::from_slice(nonce.as_bytes()))?;
    let bytes = STANDARD.decode(sealed).ok()?;
    cipher.decrypt(nonce, Payload { msg: &bytes, aad: associated_data.as_bytes() }).ok()
}

#[cfg(test)]
/// The JS-SDK's signature: SHA-1 over ticket, nonce, seconds and page address, in hex.
pub fn js_sdk_signature(ticket: &str, nonce: &str, timestamp: &str, url: &str) -> String {
    sha1_hex(
        format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}")
            .as_bytes(),
    )
}

/// SHA-1 in lower-case hex, as bills carry it.
pub fn sha1_hex(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Letters and digits by chance: nonces, codes, tokens.
pub fn random_text(length: usize) -> String {
    (0..length).map(|_| char::from(ALPHABET[rand::random_range(0..ALPHABET.len())])).collect()
}

/// Decimal digits by chance.
pub fn random_digits(length: usize) -> String {
    (0..length).map(|_| char::from(ALPHABET[rand::random_range(52..62)])).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors(text: &str, list: &str) -> Vec<Value> {
        serde_json::from_str::<Value>(text).unwrap()[list].as_array().unwrap().clone()
    }

    fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
        vector[name].as_str().unwrap()
    }

    fn sha256_hex(bytes: &[u8]) -> String {
        hex(&Sha256::digest(bytes))
    }

    #[test]
    fn the_signed_texts_are_the_published_ones() {
        let file = include_str!("../vectors/canonical.json");
        for one in vectors(file, "requests") {
            let [method, target, timestamp, nonce, body] =
                ["method", "target", "timestamp", "nonce", "body"].map(|name| text(&one, name));
            let signed = request_text(method, target, timestamp, nonce, body.as_bytes());
            assert_eq!(sha256_hex(&signed), text(&one, "sha256"), "{one}");
        }
        for one in vectors(file, "answers") {
            let signed = answer_text(
                text(&one, "timestamp"),
                text(&one, "nonce"),
                text(&one, "body").as_bytes(),
            );
            assert_eq!(sha256_hex(&signed), text(&one, "sha256"), "{one}");
        }
        for one in vectors(file, "pay_sign") {
            let [app_id, timestamp, nonce, package] =
                ["app_id", "timestamp", "nonce", "package"].map(|name| text(&one, name));
            assert_eq!(
                sha256_hex(&pay_text(app_id, timestamp, nonce, package)),
                text(&one, "sha256"),
                "{one}"
            );
        }
    }

    #[test]
    fn the_envelope_is_the_published_one() {
        for one in vectors(include_str!("../vectors/aes_256_gcm.json"), "vectors") {
            let [key, nonce, data, plain, sealed] =
                ["key", "nonce", "associated_data", "plain", "ciphertext"]
                    .map(|name| text(&one, name));

            assert_eq!(seal(key, nonce, data, plain.as_bytes()).as_deref(), Some(sealed));
            assert_eq!(open(key, nonce, data, sealed).as_deref(), Some(plain.as_bytes()));
            assert_eq!(open(key, nonce, "", sealed), None);
            assert_eq!(seal(&key[1..], nonce, data, b""), None);
            assert_eq!(seal(key, &nonce[1..], data, b""), None);
        }
    }

    #[test]
    fn the_js_sdk_signature_is_the_published_one() {
        for one in vectors(include_str!("../vectors/js_sdk.json"), "vectors") {
            let [ticket, nonce, timestamp, url] =
                ["ticket", "nonce", "timestamp", "url"].map(|name| text(&one, name));
            assert_eq!(js_sdk_signature(ticket, nonce, timestamp, url), text(&one, "sha1"));
        }
    }
}
