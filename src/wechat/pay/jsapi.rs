//! What a page hands to `WeixinJSBridge` to open the payment sheet (wechat.md 2).

use serde::Serialize;

use super::{Pay, PrepayId, sdk};
use crate::{kernel::Timestamp, wechat::WechatError};

/// The argument of `getBrandWCPayRequest`; the names are WeChat's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JsapiInvocation {
    /// Our appid.
    pub app_id: String,
    /// Seconds, as text: iOS refuses a number.
    pub time_stamp: String,
    /// At most 32 characters.
    pub nonce_str: String,
    /// `prepay_id=…`.
    pub package: String,
    /// `RSA`.
    pub sign_type: String,
    /// The merchant's signature over the four values.
    pub pay_sign: String,
}

impl Pay {
    /// Signs the opening of the payment sheet; `nonce` has at most 32 letters and digits.
    pub fn jsapi_invocation(
        &self,
        prepay_id: &PrepayId,
        now: Timestamp,
        nonce: &str,
    ) -> Result<JsapiInvocation, WechatError> {
        let data = sdk::sign_data(self, prepay_id.as_str(), now, nonce);
        if data.pay_sign.is_empty() {
            return Err(WechatError::Config("the merchant key does not sign".into()));
        }
        Ok(JsapiInvocation {
            app_id: data.app_id,
            time_stamp: data.timestamp,
            nonce_str: data.nonce_str,
            package: data.package,
            sign_type: data.sign_type,
            pay_sign: data.pay_sign,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::pay::testing;

    #[test]
    fn the_pay_sign_covers_the_published_text() {
        let pay = testing::pay("http://127.0.0.1:1");
        let prepay_id = PrepayId::parse("wx201410272009395522657a690389285100").unwrap();
        let now = Timestamp::from_millis(1_554_208_460_000);
        let sheet =
            pay.jsapi_invocation(&prepay_id, now, "593BEC0C930BF1AFEB40B4A08C8FB242").unwrap();

        // SHA-256 of this text is the published bf5c0eab…218bcb.
        let text = "wx2421b1c4370ec43b\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\
                    prepay_id=wx201410272009395522657a690389285100\n";
        assert!(testing::is_signed_by_merchant(text, &sheet.pay_sign));
        assert_eq!(
            testing::sha256(text),
            "bf5c0eab11b7710ea376aaa5038ad079fb8175af60d6cbf676fa3bcc4d218bcb"
        );

        let json = serde_json::to_value(&sheet).unwrap();
        assert_eq!(json["timeStamp"], "1554208460");
        assert_eq!(json["signType"], "RSA");
        assert_eq!(json["package"], "prepay_id=wx201410272009395522657a690389285100");
    }
}
