//! What WeChat says about an order or a refund; queries and notices write it alike (wechat.md 4.5
//! and 5). Whether it agrees with our books is not decided here.

use serde::Deserialize;

use crate::kernel::{Fen, OpenId, Timestamp};

/// The state of an order at WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, and refunded at least in part.
    Refund,
    /// Not paid yet; failed tries stay here.
    NotPay,
    /// Nobody can pay it any more.
    Closed,
    /// Only for payment codes shown at a till.
    Revoked,
    /// Only for payment codes shown at a till.
    UserPaying,
    /// Only for payment codes shown at a till.
    PayError,
    /// A word that WeChat added later.
    Other(String),
}

impl TradeState {
    /// True when money has reached the merchant, whatever happened to it afterwards.
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Success | Self::Refund)
    }

    fn read(word: &str) -> Self {
        match word {
            "SUCCESS" => Self::Success,
            "REFUND" => Self::Refund,
            "NOTPAY" => Self::NotPay,
            "CLOSED" => Self::Closed,
            "REVOKED" => Self::Revoked,
            "USERPAYING" => Self::UserPaying,
            "PAYERROR" => Self::PayError,
            other => Self::Other(other.chars().take(32).collect()),
        }
    }
}

/// An order as WeChat knows it. A paid one always has a `transaction_id` and a positive total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The appid that the order was made with.
    pub app_id: String,
    /// The merchant that was paid.
    pub mch_id: String,
    /// The merchant's number: 1 to 32 of `0-9A-Za-z_-|*`, not necessarily one of ours.
    pub out_trade_no: String,
    /// WeChat's number.
    pub transaction_id: Option<String>,
    /// `JSAPI`, `NATIVE`, `MWEB` (H5)…; empty before payment.
    pub trade_type: String,
    /// Where the order stands.
    pub trade_state: TradeState,
    /// When it was paid.
    pub success_time: Option<Timestamp>,
    /// The price of the order; nothing only if WeChat left it out before payment.
    pub amount_total: Fen,
    /// What the payer gave; less than the total when WeChat's coupons paid the rest.
    pub payer_total: Option<Fen>,
    /// `CNY`; empty where WeChat left it out, which it never does once money moved (wechat.md 5).
    pub currency: String,
    /// Who paid.
    pub payer_open_id: Option<OpenId>,
}

/// Where a refund stands. Notices tell ends only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Accepted, and under way.
    Processing,
    /// The money is back.
    Success,
    /// Given up; another try needs a new number.
    Closed,
    /// The payer's account cannot take it; someone must act.
    Abnormal,
    /// A word that WeChat added later.
    Other(String),
}

/// A refund as WeChat tells it, in a notice or in an answer. Amounts are positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundFacts {
    /// The merchant.
    pub mch_id: String,
    /// The order's number at the merchant.
    pub out_trade_no: String,
    /// The order's number at WeChat.
    pub transaction_id: String,
    /// The refund's number at the merchant.
    pub out_refund_no: String,
    /// The refund's number at WeChat.
    pub refund_id: String,
    /// How it ended.
    pub state: RefundState,
    /// When the money was back.
    pub success_time: Option<Timestamp>,
    /// The price of the order.
    pub amount_total: Fen,
    /// What is refunded of it.
    pub amount_refund: Fen,
    /// Where the payer gets it, in WeChat's words: `支付用户零钱`.
    pub received_by: String,
}

#[derive(Deserialize)]
struct OrderText {
    appid: String,
    mchid: String,
    out_trade_no: String,
    transaction_id: Option<String>,
    trade_type: Option<String>,
    trade_state: String,
    success_time: Option<String>,
    amount: Option<OrderAmount>,
    payer: Option<Payer>,
}

#[derive(Default, Deserialize)]
struct OrderAmount {
    total: Option<i64>,
    payer_total: Option<i64>,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct Payer {
    openid: Option<String>,
}

#[derive(Deserialize)]
struct RefundText {
    // Only notices name the merchant.
    mchid: Option<String>,
    out_trade_no: String,
    transaction_id: String,
    out_refund_no: String,
    refund_id: String,
    // Answers call it `status` (wechat.md 5).
    #[serde(alias = "status")]
    refund_status: String,
    success_time: Option<String>,
    user_received_account: Option<String>,
    amount: RefundAmount,
}

#[derive(Deserialize)]
struct RefundAmount {
    total: i64,
    refund: i64,
}

impl Transaction {
    /// Reads an authentic order. Missing optional fields and new words are normal.
    pub(super) fn read(json: &[u8]) -> Result<Self, &'static str> {
        let text: OrderText = serde_json::from_slice(json).map_err(|_| "not an order")?;
        let amount = text.amount.unwrap_or_default();
        let trade_state = TradeState::read(&text.trade_state);
        let transaction_id = text.transaction_id.filter(|id| !id.is_empty());
        if trade_state.is_paid() && (transaction_id.is_none() || amount.total.is_none()) {
            return Err("a paid order without transaction_id or total");
        }
        let payer_total = amount.payer_total.map(Fen::new);
        if payer_total.is_some_and(|paid| paid < Fen::ZERO) {
            return Err("a negative amount");
        }
        Ok(Self {
            app_id: number(text.appid, 32)?,
            mch_id: number(text.mchid, 32)?,
            out_trade_no: number(text.out_trade_no, 32)?,
            transaction_id: transaction_id.map(|id| number(id, 32)).transpose()?,
            trade_type: text.trade_type.unwrap_or_default().chars().take(32).collect(),
            trade_state,
            success_time: text.success_time.as_deref().and_then(Timestamp::from_rfc3339),
            amount_total: amount.total.map_or(Ok(Fen::ZERO), positive)?,
            payer_total,
            currency: amount
                .currency
                .map(|word| word.chars().take(16).collect())
                .unwrap_or_default(),
            payer_open_id: text
                .payer
                .and_then(|payer| payer.openid)
                .and_then(|open_id| OpenId::parse(&open_id).ok()),
        })
    }
}

impl RefundFacts {
    /// Reads an authentic refund notice.
    pub(super) fn read(json: &[u8]) -> Result<Self, &'static str> {
        Self::read_for(json, None)
    }

    /// Reads an authentic answer to `merchant`; answers do not name it.
    pub(super) fn read_for(json: &[u8], merchant: Option<&str>) -> Result<Self, &'static str> {
        let text: RefundText = serde_json::from_slice(json).map_err(|_| "not a refund")?;
        let mch_id = text.mchid.or_else(|| merchant.map(str::to_owned));
        let words = text.user_received_account.unwrap_or_default();
        Ok(Self {
            mch_id: number(mch_id.unwrap_or_default(), 32)?,
            out_trade_no: number(text.out_trade_no, 32)?,
            transaction_id: number(text.transaction_id, 32)?,
            out_refund_no: number(text.out_refund_no, 64)?,
            refund_id: number(text.refund_id, 32)?,
            state: match text.refund_status.as_str() {
                "SUCCESS" => RefundState::Success,
                "CLOSED" => RefundState::Closed,
                "ABNORMAL" => RefundState::Abnormal,
                "PROCESSING" => RefundState::Processing,
                other => RefundState::Other(other.chars().take(32).collect()),
            },
            success_time: text.success_time.as_deref().and_then(Timestamp::from_rfc3339),
            amount_total: positive(text.amount.total)?,
            amount_refund: positive(text.amount.refund)?,
            received_by: crate::wechat::one_line(&words).chars().take(64).collect(),
        })
    }
}

/// Far beyond any payment (10^11 yuan), and far below where sums overflow.
const MOST: i64 = 10_000_000_000_000;

pub(super) fn positive(fen: i64) -> Result<Fen, &'static str> {
    if (1..=MOST).contains(&fen) { Ok(Fen::new(fen)) } else { Err("an amount that cannot be") }
}

/// Numbers and names as WeChat itself limits them, so that they are safe to store and log.
pub(super) fn number(text: String, longest: usize) -> Result<String, &'static str> {
    let fits = (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-|*@".contains(&b));
    if fits { Ok(text) } else { Err("a number that WeChat does not allow") }
}
