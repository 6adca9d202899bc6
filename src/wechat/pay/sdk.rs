//! The WeChat Pay SDK on our own keys: its public traits give the JSAPI signing data and the
//! decryption; its HTTP functions are not used.

use wechat_pay_rust_sdk::{
    error::PayError,
    pay::{PayNotifyTrait, WechatPayTrait},
    response::SignData,
};

use super::Pay;
use crate::kernel::{Secret, Timestamp};

/// One call into the SDK, with everything that it would otherwise choose itself.
struct Call<'a> {
    pay: &'a Pay,
    now: Timestamp,
    nonce: &'a str,
    api_v3_key: &'a str,
}

impl WechatPayTrait for Call<'_> {
    fn appid(&self) -> String {
        self.pay.app_id.clone()
    }

    fn mch_id(&self) -> String {
        self.pay.mch_id.clone()
    }

    /// Empty: the SDK would parse the key for every signature; see `rsa_sign`.
    fn private_key(&self) -> String {
        String::new()
    }

    fn serial_no(&self) -> String {
        self.pay.merchant_serial.clone()
    }

    fn v3_key(&self) -> String {
        self.api_v3_key.to_owned()
    }

    fn notify_url(&self) -> String {
        self.pay.notify_url.clone()
    }

    fn base_url(&self) -> String {
        self.pay.base.clone()
    }

    /// Empty when signing failed: the trait leaves no room for an error.
    fn rsa_sign(&self, content: impl AsRef<str>) -> String {
        self.pay.keys.merchant.sign(content.as_ref().as_bytes()).unwrap_or_default()
    }

    fn now_timestamp(&self) -> String {
        self.now.seconds().to_string()
    }

    fn nonce_str(&self) -> String {
        self.nonce.to_owned()
    }
}

impl PayNotifyTrait for Call<'_> {}

/// The signing data that the phone's payment sheet wants for `prepay_id`.
pub fn sign_data(pay: &Pay, prepay_id: &str, now: Timestamp, nonce: &str) -> SignData {
    Call { pay, now, nonce, api_v3_key: "" }.mut_sign_data("prepay_id=", prepay_id)
}

/// Opens an AEAD_AES_256_GCM resource with one APIv3 key.
pub fn decrypt(
    pay: &Pay,
    key: &Secret,
    ciphertext: &str,
    nonce: &str,
    associated_data: &str,
) -> Result<Vec<u8>, PayError> {
    Call { pay, now: Timestamp::default(), nonce: "", api_v3_key: key.expose() }.decrypt_bytes(
        ciphertext,
        nonce,
        associated_data,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::pay::testing;

    #[test]
    fn decryption_matches_the_published_vector() {
        let pay = testing::pay("http://127.0.0.1:1");
        let key = Secret::new("0123456789abcdef0123456789abcdef");
        let sealed = "Eu6myr+6GaECeJdOZPZ6BX5liS+Ltl9qLo8OrOJs/ttO5IKIXDWWxhUJ5MF69qXnvAbp9/gbJaj8\
                      gs9xaRa1aK9a6l20FnUJUrI=";
        let plain = decrypt(&pay, &key, sealed, "abcdefghijkl", "transaction").unwrap();
        assert_eq!(
            String::from_utf8(plain).unwrap(),
            r#"{"out_trade_no":"T20260101000001","trade_state":"SUCCESS"}"#
        );
    }

    #[test]
    fn nothing_but_the_sealed_text_opens() {
        let pay = testing::pay("http://127.0.0.1:1");
        let key = Secret::new("0123456789abcdef0123456789abcdef");
        let sealed = "Eu6myr+6GaECeJdOZPZ6BX5liS+Ltl9qLo8OrOJs/ttO5IKIXDWWxhUJ5MF69qXnvAbp9/gbJaj8\
                      gs9xaRa1aK9a6l20FnUJUrI=";
        let good = "abcdefghijkl";
        for (text, nonce, associated) in [
            (sealed, "abcdefghijkm", "transaction"),
            (sealed, good, ""),
            (sealed, "", "transaction"),
            (sealed, "abcdefghijk", "transaction"),
            (sealed, "abcdefghijklm", "transaction"),
            (&sealed[..sealed.len() - 4], good, "transaction"),
            ("AAAA", good, "transaction"),
            ("", good, "transaction"),
            ("不是", good, "transaction"),
        ] {
            assert!(decrypt(&pay, &key, text, nonce, associated).is_err(), "{text} {nonce}");
        }
    }
}
