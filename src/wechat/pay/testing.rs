//! Throw-away keys that play WeChat and the merchant in unit tests.

use std::{fmt::Write as _, sync::LazyLock};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest::{SHA256, digest},
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Pay, PaySettings, PublicKeySettings,
    keys::{MerchantKey, PublicKeys, is_signed},
    signature::{SCHEME, SignatureHeaders},
};
use crate::{
    kernel::{Clock, Ids, Secret, Timestamp},
    wechat::{Http, Limits, testing as tiny},
};

/// 2026-01-01 08:00 in Shanghai, where the tests' clock stands.
pub const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);
pub const V3_KEY: &str = "0123456789abcdef0123456789abcdef";
pub const OLD_V3_KEY: &str = "fedcba9876543210fedcba9876543210";
pub const SERIAL: &str = "PUB_KEY_ID_0116";

struct Party {
    private_pem: String,
    public_pem: String,
    public: Vec<u8>,
}

static MERCHANT: LazyLock<Party> = LazyLock::new(party);
static WECHAT: LazyLock<Party> = LazyLock::new(party);

fn party() -> Party {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let private: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    Party {
        private_pem: pem("PRIVATE KEY", private.as_ref()),
        public_pem: pem("PUBLIC KEY", public.as_ref()),
        public: public.as_ref().to_vec(),
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

pub fn settings(api_base: &str) -> PaySettings {
    PaySettings {
        app_id: "wx2421b1c4370ec43b".into(),
        mch_id: "1900000109".into(),
        merchant_serial: "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C".into(),
        merchant_private_key: Secret::new(MERCHANT.private_pem.as_str()),
        api_v3_key: Secret::new(V3_KEY),
        api_v3_key_old: Some(Secret::new(OLD_V3_KEY)),
        public_keys: vec![PublicKeySettings {
            serial: SERIAL.into(),
            path: WECHAT.public_pem.clone(),
        }],
        api_base: api_base.into(),
        notify_url: "https://example.com/wechat/pay/notify".into(),
        refund_notify_url: "https://example.com/wechat/refund/notify".into(),
    }
}

pub fn pay(api_base: &str) -> Pay {
    let http = Http::new(Limits::default()).unwrap();
    Pay::new(settings(api_base), http, Clock::manual(NOW), Ids::seeded(1)).unwrap()
}

pub fn public_keys() -> PublicKeys {
    let mut keys = PublicKeys::default();
    keys.add(SERIAL, &WECHAT.public_pem).unwrap();
    keys
}

/// Signature headers as WeChat would write them.
pub struct Signed {
    pub timestamp: String,
    pub signature: String,
}

impl Signed {
    pub fn headers(&self) -> SignatureHeaders<'_> {
        SignatureHeaders {
            timestamp: &self.timestamp,
            nonce: "c5ac7061fccab6bf3e254dcf98995b8c",
            signature: &self.signature,
            serial: SERIAL,
            signature_type: Some(SCHEME),
        }
    }
}

pub fn signed(at: Timestamp, body: &[u8]) -> Signed {
    static KEY: LazyLock<MerchantKey> =
        LazyLock::new(|| MerchantKey::load(&Secret::new(WECHAT.private_pem.as_str())).unwrap());
    let timestamp = at.seconds().to_string();
    let head = format!("{timestamp}\nc5ac7061fccab6bf3e254dcf98995b8c\n");
    let signature = KEY.sign(&[head.as_bytes(), body, b"\n"].concat()).unwrap();
    Signed { timestamp, signature }
}

pub fn signed_reply(status: &str, body: &str) -> Vec<u8> {
    let signed = signed(NOW, body.as_bytes());
    let headers = signed.headers();
    let fields = [
        ("Wechatpay-Timestamp", headers.timestamp),
        ("wechatpay-nonce", headers.nonce),
        ("Wechatpay-Signature", headers.signature),
        ("Wechatpay-Serial", headers.serial),
    ];
    tiny::reply(status, &fields, body.as_bytes())
}

pub fn is_signed_by_merchant(text: &str, signature: &str) -> bool {
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &MERCHANT.public).unwrap();
    is_signed(&key, &digest(&SHA256, text.as_bytes()), signature)
}

/// Checks the Authorization header of a request against its own first line and body.
pub fn assert_signed_by_merchant(request: &str) {
    let value = |name: &str| {
        let header = tiny::header(request, "authorization").unwrap();
        let (_, rest) = header.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut line = head.split(' ');
    let (method, target) = (line.next().unwrap(), line.next().unwrap());
    let text =
        format!("{method}\n{target}\n{}\n{}\n{body}\n", value("timestamp"), value("nonce_str"));
    assert!(is_signed_by_merchant(&text, &value("signature")), "{request}");
    assert_eq!(value("mchid"), "1900000109");
    assert_eq!(tiny::header(request, "wechatpay-serial"), Some(SERIAL));
    assert_eq!(tiny::header(request, "accept"), Some("application/json"));
    assert!(tiny::header(request, "user-agent").unwrap().starts_with("huiyuan/"));
}

pub fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The body of a notice with this plaintext, sealed with `key`.
pub fn envelope(event_type: &str, plaintext: &str, key: &str) -> String {
    let (original_type, _) = event_type.split_once('.').unwrap();
    let original_type = original_type.to_lowercase();
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key.as_bytes()).unwrap());
    let mut bytes = plaintext.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key(*b"abcdefghijkl");
    sealing.seal_in_place_append_tag(nonce, Aad::from(&original_type), &mut bytes).unwrap();
    serde_json::json!({
        "id": "EV-1",
        "create_time": "2026-01-01T08:00:00+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "支付成功",
        "resource": {
            "original_type": original_type,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": STANDARD.encode(bytes),
            "associated_data": original_type,
            "nonce": "abcdefghijkl",
        },
    })
    .to_string()
}
