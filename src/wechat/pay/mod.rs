//! WeChat Pay v3 for one merchant: signed requests, verified answers and notices.
//!
//! Signing data of JSAPI payments, parameter shapes and decryption come from the WeChat Pay SDK
//! (`sdk.rs`); RSA with keys parsed once and the transport are ours, because the SDK verifies no
//! answer, ignores the HTTP status and has no time limits.

pub mod bill;
mod client;
mod jsapi;
pub mod keys;
pub mod notice;
pub mod order;
pub mod refund;
mod sdk;
pub mod settings;
pub mod signature;
#[cfg(test)]
mod testing;
pub mod transaction;

use self::keys::Keys;
pub use self::{
    jsapi::JsapiInvocation,
    notice::{NoticeError, NoticeHeaders, PaymentNotice},
    order::{CloseOutcome, CodeUrl, H5Kind, H5Scene, H5Url, NewPrepay, PrepayId},
    refund::NewRefund,
    settings::{PaySettings, PublicKeySettings},
    transaction::{RefundFacts, RefundState, TradeState, Transaction},
};
use super::{Http, WechatError};
use crate::kernel::{Clock, Ids, Secret, Timestamp};

/// The merchant's connection to WeChat Pay. Share it; nothing in it changes.
#[derive(Debug)]
pub struct Pay {
    app_id: String,
    mch_id: String,
    merchant_serial: String,
    notify_url: String,
    refund_notify_url: String,
    /// New key first.
    api_v3_keys: Vec<Secret>,
    base: String,
    keys: Keys,
    http: Http,
    clock: Clock,
    ids: Ids,
}

impl Pay {
    /// Reads and parses every key once.
    pub fn new(
        settings: PaySettings,
        http: Http,
        clock: Clock,
        ids: Ids,
    ) -> Result<Self, WechatError> {
        let keys = settings.load().map_err(|problems| WechatError::Config(problems.join("; ")))?;
        let api_v3_keys = [Some(settings.api_v3_key), settings.api_v3_key_old];
        Ok(Self {
            app_id: settings.app_id,
            mch_id: settings.mch_id,
            merchant_serial: settings.merchant_serial,
            notify_url: settings.notify_url,
            refund_notify_url: settings.refund_notify_url,
            api_v3_keys: api_v3_keys.into_iter().flatten().filter(|key| !key.is_empty()).collect(),
            base: settings.api_base,
            keys,
            http,
            clock,
            ids,
        })
    }

    /// The appid that our orders carry.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// The merchant number that our orders carry.
    pub fn mch_id(&self) -> &str {
        &self.mch_id
    }

    /// Serial and end of every platform certificate; WeChat Pay public keys do not expire.
    pub fn certificate_expiries(&self) -> &[(String, Timestamp)] {
        self.keys.public.expiries()
    }
}
