//! An order as WeChat keeps it, its states and how it is shown to the merchant.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::world::{APP_ID, MCH_ID};

/// How the payer comes to the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TradeType {
    /// A QR code that is scanned.
    Native,
    /// Inside WeChat's web view.
    Jsapi,
    /// A phone's browser outside of WeChat.
    H5,
}

impl TradeType {
    /// As queries and notifications call it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Native => "NATIVE",
            Self::Jsapi => "JSAPI",
            Self::H5 => "MWEB",
        }
    }
}

/// `NOTPAY → SUCCESS → REFUND`, or `NOTPAY → CLOSED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Waits for the payer.
    #[serde(rename = "NOTPAY")]
    NotPay,
    /// Paid.
    #[serde(rename = "SUCCESS")]
    Success,
    /// Paid, and at least partly refunded.
    #[serde(rename = "REFUND")]
    Refund,
    /// Closed by the merchant or by time.
    #[serde(rename = "CLOSED")]
    Closed,
}

impl State {
    /// WeChat's word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPay => "NOTPAY",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::Closed => "CLOSED",
        }
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotPay => "订单未支付",
            Self::Success => "支付成功",
            Self::Refund => "转入退款",
            Self::Closed => "订单已关闭",
        }
    }
}

/// What happened when somebody paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// 28 digits.
    pub transaction_id: String,
    /// Who paid.
    pub openid: String,
    /// When, in milliseconds.
    pub at_ms: i64,
    /// What the payer was charged, in fen.
    pub payer_total: i64,
}

/// One order of the merchant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The merchant's number.
    pub out_trade_no: String,
    /// How it is paid.
    pub trade_type: TradeType,
    /// The create call's body, to tell a repeat from a change.
    pub request: Value,
    /// What the pay sheet shows.
    pub description: String,
    /// Where notifications go.
    pub notify_url: String,
    /// Fen.
    pub total: i64,
    /// Comes back verbatim.
    pub attach: Option<String>,
    /// JSAPI: who alone may pay.
    pub openid: Option<String>,
    /// When paying ends, in milliseconds.
    pub expires_ms: i64,
    /// When the order was made.
    pub created_ms: i64,
    /// The live `code_url`, `prepay_id` or `h5_url`.
    pub code: String,
    /// Until when that code can be used.
    pub code_until_ms: i64,
    /// Where it stands.
    pub state: State,
    /// How it was paid.
    pub payment: Option<Payment>,
    /// The product answered a genuine notification with success.
    pub acknowledged: bool,
}

const SEVEN_DAYS_MS: i64 = 7 * 24 * 60 * 60 * 1000;

impl Order {
    /// When an order without `time_expire` ends.
    pub const fn default_expiry(now_ms: i64) -> i64 {
        now_ms + SEVEN_DAYS_MS
    }

    /// Closes an order that nobody paid for seven days.
    pub fn age(&mut self, now_ms: i64) {
        if self.state == State::NotPay && now_ms > self.created_ms + SEVEN_DAYS_MS {
            self.state = State::Closed;
        }
    }

    /// The `prepay_id` of a JSAPI or H5 order.
    pub fn prepay_id(&self) -> Option<&str> {
        match self.trade_type {
            TradeType::Jsapi => Some(&self.code),
            TradeType::Native | TradeType::H5 => None,
        }
    }

    /// The order object of a query; a paid one is also what a notification carries.
    pub fn view(&self) -> Value {
        let mut view = json!({
            "appid": APP_ID,
            "mchid": MCH_ID,
            "out_trade_no": self.out_trade_no,
            "trade_state": self.state.code(),
            "trade_state_desc": self.state.label(),
            "amount": { "total": self.total, "currency": "CNY" },
        });
        if let Some(payment) = &self.payment {
            self.add_payment(&mut view, payment);
        }
        view
    }

    fn add_payment(&self, view: &mut Value, payment: &Payment) {
        view["transaction_id"] = json!(payment.transaction_id);
        view["trade_type"] = json!(self.trade_type.code());
        view["bank_type"] = json!("OTHERS");
        view["success_time"] = json!(rfc3339(payment.at_ms));
        view["payer"] = json!({ "openid": payment.openid });
        view["amount"] = json!({
            "total": self.total,
            "payer_total": payment.payer_total,
            "currency": "CNY",
            "payer_currency": "CNY",
        });
        if let Some(attach) = &self.attach {
            view["attach"] = json!(attach);
        }
        let coupon = self.total - payment.payer_total;
        if coupon > 0 {
            view["promotion_detail"] = json!([promotion(coupon)]);
        }
    }
}

fn promotion(fen: i64) -> Value {
    json!({
        "coupon_id": "109519", "name": "单品惠-6", "scope": "GLOBAL", "type": "CASH", "amount": fen,
        "stock_id": "931386", "wechatpay_contribute": fen, "merchant_contribute": 0,
        "other_contribute": 0, "currency": "CNY",
    })
}
