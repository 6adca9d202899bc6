//! The settings of WeChat Pay and what can be wrong with them.

use serde::Deserialize;

use super::keys::{Keys, MerchantKey, PublicKeys};
use crate::{kernel::Secret, wechat::login::address};

/// The settings of one merchant. A missing value is an empty text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PaySettings {
    /// The official account's appid, bound to the merchant.
    pub app_id: String,
    /// The merchant number, 8 to 10 digits.
    pub mch_id: String,
    /// The serial of the merchant's API certificate.
    pub merchant_serial: String,
    /// The merchant's PKCS#8 key: a path, or the PEM itself.
    pub merchant_private_key: Secret,
    /// The APIv3 key, 32 bytes.
    pub api_v3_key: Secret,
    /// The previous APIv3 key, while notices sealed with it may still arrive.
    pub api_v3_key_old: Option<Secret>,
    /// The keys that WeChat signs with. The first one is asked for.
    pub public_keys: Vec<PublicKeySettings>,
    /// Live: `https://api.mch.weixin.qq.com`.
    pub api_base: String,
    /// Where WeChat sends notices of payments; no query string.
    pub notify_url: String,
    /// Where WeChat sends notices of refunds; no query string.
    pub refund_notify_url: String,
}

/// One key that WeChat signs with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PublicKeySettings {
    /// `PUB_KEY_ID_…`, or a platform certificate's serial.
    pub serial: String,
    /// The public key or certificate: a path, or the PEM itself.
    pub path: String,
}

impl PaySettings {
    /// One line per setting that keeps payment from working.
    pub fn problems(&self) -> Vec<String> {
        self.load().err().unwrap_or_default()
    }

    pub(super) fn load(&self) -> Result<Keys, Vec<String>> {
        let mut problems = self.plain_problems();
        let merchant = MerchantKey::load(&self.merchant_private_key)
            .map_err(|p| problems.push(format!("wechat_pay.merchant_private_key {p}")));
        let mut public = PublicKeys::default();
        for key in &self.public_keys {
            if let Err(problem) = public.add(&key.serial, &key.path) {
                problems.push(format!("wechat_pay.public_keys `{}` {problem}", key.serial));
            }
        }
        if self.public_keys.is_empty() {
            problems.push("wechat_pay.public_keys is empty: no answer could be verified".into());
        }
        match merchant {
            Ok(merchant) if problems.is_empty() => Ok(Keys { merchant, public }),
            _ => Err(problems),
        }
    }

    fn plain_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut refuse = |wrong: bool, line: &str| {
            if wrong {
                problems.push(format!("wechat_pay.{line}"));
            }
        };
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
        refuse(self.app_id.is_empty(), "app_id is missing (it is wechat.app_id)");
        refuse(
            !(1..=32).contains(&self.mch_id.len()) || !is_number(&self.mch_id),
            "mch_id is not a merchant number (digits)",
        );
        refuse(
            self.merchant_serial.is_empty() || !is_plain(&self.merchant_serial),
            "merchant_serial is not a certificate serial (40 hex characters)",
        );
        refuse(self.api_v3_key.expose().len() != 32, "api_v3_key is not 32 bytes long");
        let old = self.api_v3_key_old.as_ref().filter(|key| !key.is_empty());
        refuse(
            old.is_some_and(|key| key.expose().len() != 32),
            "api_v3_key_old is not 32 bytes long",
        );
        if let Err(problem) = address(&self.api_base, "/") {
            refuse(true, &format!("api_base {problem}"));
        }
        match address(&self.notify_url, "") {
            Err(problem) => refuse(true, &format!("notify_url {problem}")),
            Ok(url) => refuse(
                url.query().is_some() || url.fragment().is_some() || self.notify_url.len() > 255,
                "notify_url has a query or fragment, or more than 255 characters",
            ),
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::pay::testing;

    #[test]
    fn empty_settings_name_every_problem() {
        let lines = PaySettings::default().problems().join("\n");
        for key in [
            "app_id",
            "mch_id",
            "merchant_serial",
            "merchant_private_key",
            "api_v3_key",
            "public_keys",
            "api_base",
            "notify_url",
        ] {
            assert!(lines.contains(&format!("wechat_pay.{key} ")), "{key} in {lines}");
        }
    }

    #[test]
    fn good_settings_have_no_problem() {
        assert_eq!(testing::settings("https://api.mch.weixin.qq.com").problems(), [""; 0]);
    }

    #[test]
    fn a_wrong_key_is_a_problem_and_no_panic() {
        for (key, expected) in [
            ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "PKCS#1"),
            ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "is not an RSA key"),
            ("-----BEGIN PRIVATE KEY-----", "is not a PKCS#8 key"),
            ("no/such/file.pem", "cannot be read"),
        ] {
            let mut settings = testing::settings("https://api.mch.weixin.qq.com");
            settings.merchant_private_key = Secret::new(key);
            let problems = settings.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(expected), "{problems:?}");
        }
    }

    #[test]
    fn a_doubled_or_unusable_public_key_is_a_problem() {
        let mut settings = testing::settings("https://api.mch.weixin.qq.com");
        settings.public_keys.push(settings.public_keys[0].clone());
        settings.public_keys.push(PublicKeySettings {
            serial: "X".into(),
            path: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----".into(),
        });
        assert_eq!(settings.problems().len(), 2);
    }
}
