//! A merchant: signs requests, verifies answers. Test code only.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};
use sha2::Sha256;
use wechat_sandbox::{APP_ID, ClockKind, MCH_ID, Options, Sandbox};

/// A sandbox, its merchant and the folder of its keys.
pub struct Rig {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
    private: SigningKey<Sha256>,
    public: VerifyingKey<Sha256>,
    folder: PathBuf,
}

/// An answer of the API.
pub struct Answer {
    pub status: u16,
    pub body: String,
    /// Signed by the key that was asked for, and the signature holds.
    pub verified: bool,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub const START_MS: i64 = 1_795_000_000_000;

impl Rig {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A rig whose sandbox has other options.
    pub async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let name = format!("wechat-sandbox-{}-{:x}", std::process::id(), rand::random::<u64>());
        let folder = std::env::temp_dir().join(name);
        let mut options = Options::new(&folder);
        options.clock = ClockKind::Manual { start_ms: START_MS };
        options.product_url.push_str("http://127.0.0.1:9");
        change(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let private = std::fs::read_to_string(folder.join("merchant_private_key.pem")).unwrap();
        let public = std::fs::read_to_string(folder.join("wechatpay_public_key.pem")).unwrap();
        Self {
            private: SigningKey::new(RsaPrivateKey::from_pkcs8_pem(&private).unwrap()),
            public: VerifyingKey::new(RsaPublicKey::from_public_key_pem(&public).unwrap()),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            sandbox,
            folder,
        }
    }

    pub fn env(&self, name: &str) -> String {
        let name = format!("HUIYUAN__{name}");
        self.sandbox.env().into_iter().find(|(known, _)| *known == name).unwrap().1
    }

    pub fn public_key_id(&self) -> String {
        let keys: Value = serde_json::from_str(&self.env("WECHAT_PAY__PUBLIC_KEYS")).unwrap();
        keys[0]["serial"].as_str().unwrap().to_owned()
    }

    /// The `Authorization` header for a request at the sandbox's time plus `seconds`.
    pub fn authorization(&self, method: &str, target: &str, body: &str, seconds: i64) -> String {
        let timestamp = self.sandbox.now_ms() / 1000 + seconds;
        let nonce = "0123456789ABCDEF0123456789ABCDEF";
        let signed = format!("{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n");
        let signature = STANDARD.encode(self.private.sign(signed.as_bytes()).to_bytes());
        let serial = self.env("WECHAT_PAY__MERCHANT_SERIAL");
        format!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="{MCH_ID}",nonce_str="{nonce}",timestamp="{timestamp}",serial_no="{serial}",signature="{signature}""#
        )
    }

    pub fn pay_sign(&self, text: &str) -> String {
        STANDARD.encode(self.private.sign(text.as_bytes()).to_bytes())
    }

    pub async fn send(
        &self,
        method: &str,
        target: &str,
        body: &str,
        authorization: &str,
    ) -> Answer {
        let url = format!("{}{target}", self.sandbox.base_url());
        let mut request = self
            .http
            .request(method.parse().unwrap(), url)
            .header("accept", "application/json")
            .header("user-agent", "test")
            .header("wechatpay-serial", self.public_key_id());
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = answer.text().await.unwrap();
        let header = |name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let verified = header("wechatpay-serial") == self.public_key_id()
            && self.verify(
                &header("wechatpay-timestamp"),
                &header("wechatpay-nonce"),
                &header("wechatpay-signature"),
                body.as_bytes(),
            );
        Answer { status, body, verified }
    }

    pub fn verify(&self, timestamp: &str, nonce: &str, signature: &str, body: &[u8]) -> bool {
        let mut signed = format!("{timestamp}\n{nonce}\n").into_bytes();
        signed.extend_from_slice(body);
        signed.push(b'\n');
        let Ok(bytes) = STANDARD.decode(signature) else { return false };
        let Ok(signature) = Signature::try_from(bytes.as_slice()) else { return false };
        self.public.verify(&signed, &signature).is_ok()
    }

    pub async fn call(&self, method: &str, target: &str, body: Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let authorization = self.authorization(method, target, &body, 0);
        self.send(method, target, &body, &authorization).await
    }

    pub async fn native(&self, number: &str, fen: i64, notify_url: &str) -> Answer {
        self.call("POST", "/v3/pay/transactions/native", order(number, fen, notify_url)).await
    }

    pub async fn query(&self, number: &str) -> Answer {
        self.call(
            "GET",
            &format!("/v3/pay/transactions/out-trade-no/{number}?mchid={MCH_ID}"),
            Value::Null,
        )
        .await
    }

    pub async fn close(&self, number: &str) -> Answer {
        let target = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        self.call("POST", &target, json!({ "mchid": MCH_ID })).await
    }

    pub async fn plain(&self, path: &str) -> Value {
        let answer =
            self.http.get(format!("{}{path}", self.sandbox.base_url())).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    pub async fn control(&self, name: &str, body: Value) -> Value {
        let url = format!("{}/control/{name}", self.sandbox.base_url());
        self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The body of a create call.
pub fn order(number: &str, fen: i64, notify_url: &str) -> Value {
    json!({
        "appid": APP_ID, "mchid": MCH_ID, "description": "2026年度会费", "out_trade_no": number,
        "notify_url": notify_url, "attach": "bill-1", "amount": { "total": fen, "currency": "CNY" },
    })
}
