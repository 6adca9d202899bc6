//! H5 payments: a phone's browser outside WeChat is led to WeChat's own page, which opens the app
//! (wechat.md 4.2 and 4.3). WeChat compares the browser's address with the one that is sent here,
//! and wants to see from which site the browser comes.

use std::net::IpAddr;

use reqwest::Url;
use serde::Deserialize;
use wechat_pay_rust_sdk::model::{H5Info, H5Params, H5SceneInfo};

use super::{NewPrepay, amount, description, is_token};
use crate::wechat::{WechatError, pay::Pay};

/// What kind of phone it is, as WeChat asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum H5Kind {
    /// iPhone, iPad.
    Ios,
    /// Android.
    Android,
    /// Any other.
    Wap,
}

/// Where an H5 payment is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct H5Scene {
    /// The browser's address, as WeChat will see it too.
    pub client_ip: IpAddr,
    /// The phone.
    pub kind: H5Kind,
}

/// WeChat's page for an H5 payment; lives five minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct H5Url(Url);

#[derive(Deserialize)]
struct Answer {
    h5_url: String,
}

impl H5Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Ios => "iOS",
            Self::Android => "Android",
            Self::Wap => "Wap",
        }
    }
}

impl H5Scene {
    /// The scene of a browser; nothing when its address is not known.
    pub fn of(ip: &str, user_agent: &str) -> Option<Self> {
        let kind = if ["iPhone", "iPad"].iter().any(|mark| user_agent.contains(mark)) {
            H5Kind::Ios
        } else if user_agent.contains("Android") {
            H5Kind::Android
        } else {
            H5Kind::Wap
        };
        Some(Self { client_ip: ip.parse().ok()?, kind })
    }
}

impl H5Url {
    /// Accepts web addresses of at most 512 printable ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|_| is_token(text, 512))?;
        matches!(url.scheme(), "https" | "http").then_some(Self(url))
    }

    /// The address as WeChat wrote it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address to lead the browser to, so that WeChat leads it back to a page of ours.
    pub fn returning_to(&self, address: &str) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair("redirect_url", address);
        url.into()
    }
}

impl Pay {
    /// Creates an order to be paid from a phone's browser outside WeChat.
    pub async fn prepay_h5(
        &self,
        order: &NewPrepay,
        scene: &H5Scene,
    ) -> Result<H5Url, WechatError> {
        let h5_info = H5Info {
            h5_type: scene.kind.word().to_owned(),
            app_name: None,
            app_url: None,
            bundle_id: None,
            package_name: None,
        };
        let scene = H5SceneInfo {
            payer_client_ip: scene.client_ip.to_string(),
            h5_info,
            device_id: None,
            store_info: None,
        };
        let params = H5Params {
            time_expire: Some(order.time_expire.to_rfc3339()),
            ..H5Params::new(
                description(&order.description),
                order.out_trade_no.to_string(),
                amount(order.total)?,
                scene,
            )
        };
        let answer: Answer = self.create("h5", params).await?;
        H5Url::parse(&answer.h5_url).ok_or(WechatError::Malformed("h5_url is unusable"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_appended_encoded() {
        let page = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2";
        let url = H5Url::parse(page).unwrap();
        assert_eq!(url.as_str(), page);
        assert_eq!(
            url.returning_to("https://example.org/h5/pay/1?back=1"),
            format!("{page}&redirect_url=https%3A%2F%2Fexample.org%2Fh5%2Fpay%2F1%3Fback%3D1")
        );
        for bad in ["", "javascript:alert(1)", "weixin://x", "https://x/ y", "/relative"] {
            assert_eq!(H5Url::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn phones_are_told_apart() {
        let kind = |agent| H5Scene::of("203.0.113.7", agent).unwrap().kind;
        assert_eq!(kind("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)"), H5Kind::Ios);
        assert_eq!(kind("Mozilla/5.0 (Linux; Android 14)"), H5Kind::Android);
        assert_eq!(kind("Mozilla/5.0 (HarmonyOS)"), H5Kind::Wap);
        assert!(H5Scene::of("2001:db8::1", "x").is_some());
        assert_eq!(H5Scene::of("", "x"), None);
    }
}
