//! The merchant's private key and WeChat's public keys, parsed once at start-up.

use std::{borrow::Cow, fmt};

use aws_lc_rs::{
    digest::Digest,
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer, pem::PemObject};
use wechat_pay_rust_sdk::util::{x509_is_valid, x509_to_pem};

use crate::kernel::{Secret, Timestamp};

/// Both sides' keys.
#[derive(Debug)]
pub struct Keys {
    /// What we sign with.
    pub merchant: MerchantKey,
    /// What WeChat signs with.
    pub public: PublicKeys,
}

/// The merchant's private key.
pub struct MerchantKey(KeyPair);

impl fmt::Debug for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MerchantKey(…)")
    }
}

impl MerchantKey {
    /// Loads a PKCS#8 PEM from a path or from the text itself; the error continues "`<setting>` …".
    pub fn load(source: &Secret) -> Result<Self, &'static str> {
        let pem = pem_text(source.expose())?;
        if pem.contains("BEGIN RSA PRIVATE KEY") {
            return Err("is a PKCS#1 key: convert it with `openssl pkcs8 -topk8 -nocrypt`");
        }
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "is not a PKCS#8 key (`BEGIN PRIVATE KEY`)")?;
        let pair = KeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|_| "is not an RSA key of 2048 bits or more")?;
        Ok(Self(pair))
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256, in base64.
    pub fn sign(&self, message: &[u8]) -> Result<String, aws_lc_rs::error::Unspecified> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)?;
        Ok(STANDARD.encode(signature))
    }
}

/// WeChat's public keys by serial; while WeChat moves from certificates to keys, both kinds.
#[derive(Debug, Default)]
pub struct PublicKeys {
    // Two or three entries: a list is faster than a map and keeps the configured order.
    keys: Vec<(String, ParsedPublicKey)>,
    expiries: Vec<(String, Timestamp)>,
}

impl PublicKeys {
    /// Adds a public key or certificate; the error continues "`<setting>` …".
    pub fn add(&mut self, serial: &str, source: &str) -> Result<(), &'static str> {
        if serial.is_empty() || !serial.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err("has no usable serial");
        }
        if self.find(serial).is_some() {
            return Err("is configured twice");
        }
        let mut pem = pem_text(source)?;
        if pem.contains("BEGIN CERTIFICATE") {
            let (_, end) = x509_is_valid(pem.as_bytes()).map_err(|_| "is not a certificate")?;
            self.expiries
                .push((serial.to_owned(), Timestamp::from_millis(end.saturating_mul(1000))));
            pem = x509_to_pem(pem.as_bytes()).map_err(|_| "is not a certificate")?.into();
        }
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "is neither a public key (`BEGIN PUBLIC KEY`) nor a certificate")?;
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref())
            .map_err(|_| "is not an RSA public key")?;
        self.keys.push((serial.to_owned(), key));
        Ok(())
    }

    /// The key with this serial.
    pub fn find(&self, serial: &str) -> Option<&ParsedPublicKey> {
        self.keys.iter().find(|(name, _)| name == serial).map(|(_, key)| key)
    }

    /// The serial that we ask WeChat to sign with.
    pub fn preferred(&self) -> &str {
        self.keys.first().map_or("", |(serial, _)| serial)
    }

    /// Serial and end of every certificate.
    pub fn expiries(&self) -> &[(String, Timestamp)] {
        &self.expiries
    }
}

/// True when `signature` (base64) is the key's signature of what `digest` was made from.
/// Signature probes (`WECHATPAY/SIGNTEST/…`) are no base64 and fail like any wrong signature.
pub fn is_signed(key: &ParsedPublicKey, digest: &Digest, signature: &str) -> bool {
    let mut raw = [0; 1032];
    STANDARD
        .decode_slice(signature, &mut raw)
        .is_ok_and(|length| key.verify_digest_sig(digest, &raw[..length]).is_ok())
}

fn pem_text(source: &str) -> Result<Cow<'_, str>, &'static str> {
    if source.is_empty() {
        return Err("is missing");
    }
    if source.contains("-----BEGIN") {
        return Ok(source.into());
    }
    std::fs::read_to_string(source).map(Cow::Owned).map_err(|_| "cannot be read")
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};

    use super::*;

    /// A throw-away certificate; its key signed the text `x` and is gone.
    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIC/zCCAeegAwIBAgIUUVfwnv3Alt4V6+gaRwV6cgAAAAEwDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjQxMTU5NTNaFw0zNjExMjExMTU5
NTNaMA8xDTALBgNVBAMMBHRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQDCeD2P2SN45FjLCTF42U4H9Ru9iCHtWjpQrRply5P7MywLHWReC4LZJy22
JFZeIALEk8T+JEZJsevZpg6zE8Ag1rIAdWo3iCRlOP/rj6audLfLSqyRwx5OGrNT
tfv3eNNsEcMocpClPmbnRE5A+uswhFGvyJQ3A9Rz6nvjysrQDRDAnFLuF2V2hMIx
M7TLu/JKvW5PeWjqBa51ViufNf4gMUHqjHHrTOSK5CYp9LdjBUtVhOJgfQVB6R6+
LcSZrhzX4GndjnqAnJhAXCG39/jKes/x/Vlg7SOiwOTjUSo0snjd/Vcmb8zzm6i3
hHh/a5/4B3+rwHqQpOilqYrON9JfAgMBAAGjUzBRMB0GA1UdDgQWBBSrtfGOV4Pn
XxgtUL7h6Ej5wvOrtjAfBgNVHSMEGDAWgBSrtfGOV4PnXxgtUL7h6Ej5wvOrtjAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBwV1IC1K1qy+QnSQJN
cpix5Rv+QlYNTor5ZNo8HdtVY5gNIwcTevNQsP3GRtIoRX5tz8rbtWn1QgeJ1++K
V7cWbrwpBqvZWmxVwcBz/CDh8Dxo3YudAptIHXDf+MCdGjc/arLBGVFUmWWl/keB
GFdTCrE0Qj7RGJJXrejd40AP3HFK0yuvbAEX8shfsinWP7fQs938IpuZR8I2FK2V
USQPdrRbhisCvnFubETzY72mWeD2lG7Aqn+PI5mF68VdLsr46WoqyIgz09Rc3S4o
yBa0UoChvnybXhCqeRtFN43b3OV10ENgcNL4VWYiQOTWqs4gNMkm0dijVFdmam8K
zk7c
-----END CERTIFICATE-----";
    const SIGNATURE_OF_X: &str = "JokBI9uwjCOzUvpVFgQNo2slgc5ayQXSGzBkgwtT6cU/VlyqmNDJW6k3MPNXXm5X+nUx7OXUVFAXLdfGovS4wek8Oxj5iNZacQhQ7E2BTGRUU6EEx+Ee3O4/nJHIUrzCC0jvmVwQZmx9CCIHsJxN/L5g6uTrqe8kVOXmdy1IfTjAqRBFWWgHMqMmCYWXyrVgvoCpGMzLAxyjGBAqer+xcjSs59JJLjsHMZQGANrsYQ9jZK7ai38Yhj8Bis6gIrHvU3ypypA5O00Kt3Kok+rOIpcoOSIgR06BGZBmunw1vYdN1qVtyogrAwxKsQCqgoHCp7lSox2ipxLwTTTXht2X8A==";
    const ELLIPTIC: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENoktpLMTGAxQyEmvO92wqlwvl2oG
FFUKu3M9JhzhIZVGG7X/n5Z6OLk4tscvlWYMn/DnwjZrkmVhCMBx8b3r/Q==
-----END PUBLIC KEY-----";

    #[test]
    fn a_platform_certificate_verifies_and_tells_its_end() {
        let mut keys = PublicKeys::default();
        keys.add("5157F09EFDC096DE", CERTIFICATE).unwrap();
        keys.add("ELLIPTIC", ELLIPTIC).unwrap_err();

        let key = keys.find("5157F09EFDC096DE").unwrap();
        assert!(is_signed(key, &digest(&SHA256, b"x"), SIGNATURE_OF_X));
        assert!(!is_signed(key, &digest(&SHA256, b"y"), SIGNATURE_OF_X));
        let end = Timestamp::from_millis(2_110_881_593_000);
        assert_eq!(keys.expiries(), [("5157F09EFDC096DE".to_owned(), end)]);
        assert_eq!(keys.preferred(), "5157F09EFDC096DE");
    }

    #[test]
    fn keys_do_not_appear_in_debug() {
        let pay = crate::wechat::pay::testing::pay("http://127.0.0.1:1");
        let text = format!("{pay:?}");
        assert!(!text.contains("0123456789abcdef"), "{text}");
        assert!(text.contains("MerchantKey(…)"), "{text}");
    }
}
