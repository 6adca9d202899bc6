//! Orders at WeChat Pay: create (Native, JSAPI, H5), query, close (wechat.md 4).

mod h5;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use wechat_pay_rust_sdk::model::{AmountInfo, JsapiParams, NativeParams};

pub use h5::{H5Kind, H5Scene, H5Url};

use super::{Pay, Transaction, client::read};
use crate::{
    kernel::{Fen, OpenId, Timestamp, ids::OutTradeNo},
    wechat::WechatError,
};

/// WeChat counts the bytes of a description, not its characters.
const MAX_DESCRIPTION: usize = 127;

/// What is to be paid. Repeating it with equal values is safe; with other values it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrepay {
    /// Our number of this attempt.
    pub out_trade_no: OutTradeNo,
    /// What the payer reads; cut to what WeChat accepts.
    pub description: String,
    /// At least one fen.
    pub total: Fen,
    /// After this moment WeChat takes no payment; at least one minute ahead.
    pub time_expire: Timestamp,
}

/// What a Native payment's QR code shows; lives two hours. Opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeUrl(String);

/// A JSAPI payment ready to be opened on the phone; lives two hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrepayId(String);

/// What became of a close request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseOutcome {
    /// Nobody can pay this order any more.
    Closed,
    /// Too late: query the order and settle it.
    AlreadyPaid,
}

impl CodeUrl {
    /// Accepts 1 to 512 printable ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        is_token(text, 512).then(|| Self(text.to_owned()))
    }

    /// The text to draw.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PrepayId {
    /// Accepts 1 to 64 printable ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        is_token(text, 64).then(|| Self(text.to_owned()))
    }

    /// The id as WeChat wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_token(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// The SDK's parameters and the three values that it keeps elsewhere.
#[derive(Serialize)]
struct CreateBody<'a, P> {
    appid: &'a str,
    mchid: &'a str,
    notify_url: &'a str,
    #[serde(flatten)]
    params: P,
}

#[derive(Serialize)]
struct CloseBody<'a> {
    mchid: &'a str,
}

#[derive(Deserialize)]
struct NativeAnswer {
    code_url: String,
}

#[derive(Deserialize)]
struct JsapiAnswer {
    prepay_id: String,
}

impl Pay {
    /// Creates an order to be paid by scanning a QR code.
    pub async fn prepay_native(&self, order: &NewPrepay) -> Result<CodeUrl, WechatError> {
        let params = NativeParams {
            time_expire: Some(order.time_expire.to_rfc3339()),
            ..NativeParams::new(
                description(&order.description),
                order.out_trade_no.to_string(),
                amount(order.total)?,
            )
        };
        let answer: NativeAnswer = self.create("native", params).await?;
        CodeUrl::parse(&answer.code_url).ok_or(WechatError::Malformed("code_url is unusable"))
    }

    /// Creates an order to be paid inside WeChat by one user of our account.
    pub async fn prepay_jsapi(
        &self,
        order: &NewPrepay,
        payer: &OpenId,
    ) -> Result<PrepayId, WechatError> {
        let params = JsapiParams {
            time_expire: Some(order.time_expire.to_rfc3339()),
            ..JsapiParams::new(
                description(&order.description),
                order.out_trade_no.to_string(),
                amount(order.total)?,
                payer.as_str().into(),
            )
        };
        let answer: JsapiAnswer = self.create("jsapi", params).await?;
        PrepayId::parse(&answer.prepay_id).ok_or(WechatError::Malformed("prepay_id is unusable"))
    }

    /// Asks WeChat about an order; nothing when WeChat has never heard of it.
    pub async fn query(&self, no: &OutTradeNo) -> Result<Option<Transaction>, WechatError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{no}?mchid={}", self.mch_id);
        match self.call(Method::GET, &path, String::new()).await {
            Ok(body) => {
                let order = Transaction::read(&body).map_err(WechatError::Malformed)?;
                let asked_for = order.out_trade_no == no.as_str();
                if asked_for {
                    Ok(Some(order))
                } else {
                    Err(WechatError::Malformed("another order"))
                }
            }
            Err(error) if error.has_code("ORDER_NOT_EXIST") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Closes an order; repeatable.
    pub async fn close(&self, no: &OutTradeNo) -> Result<CloseOutcome, WechatError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{no}/close");
        let body = json(&CloseBody { mchid: &self.mch_id })?;
        match self.call(Method::POST, &path, body).await {
            Ok(_) => Ok(CloseOutcome::Closed),
            Err(error) if error.has_code("ORDER_CLOSED") => Ok(CloseOutcome::Closed),
            Err(error) if error.has_code("ORDER_PAID") => Ok(CloseOutcome::AlreadyPaid),
            Err(error) => Err(error),
        }
    }

    async fn create<P: Serialize, A: serde::de::DeserializeOwned>(
        &self,
        kind: &str,
        params: P,
    ) -> Result<A, WechatError> {
        let body = CreateBody {
            appid: &self.app_id,
            mchid: &self.mch_id,
            notify_url: &self.notify_url,
            params,
        };
        let path = format!("/v3/pay/transactions/{kind}");
        read(&self.call(Method::POST, &path, json(&body)?).await?)
    }
}

fn json(body: &impl Serialize) -> Result<String, WechatError> {
    serde_json::to_string(body).map_err(|_| WechatError::Config("the body is no JSON".into()))
}

/// The SDK's amounts are 32 bits wide: 21 million yuan, more than WeChat takes in one payment.
fn amount(total: Fen) -> Result<AmountInfo, WechatError> {
    let fits = i32::try_from(total.get()).ok().filter(|fen| *fen > 0);
    let total = fits.ok_or_else(|| WechatError::Config("the amount cannot be paid".into()))?;
    Ok(AmountInfo { total })
}

/// Basic-plane characters only, no control characters, at most 127 bytes.
fn description(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars().filter(|c| c.len_utf8() < 4 && !c.is_control()) {
        if kept.len() + c.len_utf8() > MAX_DESCRIPTION {
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests;
