//! Everything that can go wrong on WeChat's side, as a list that anyone may pick from.
//!
//! A mishap waits here until the place that plays it takes it; nothing is played here.

use serde::{Deserialize, Serialize};

/// One thing going wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Mishap {
    /// The notification comes a second time although it was acknowledged.
    NotifyTwice,
    /// Several of WeChat's servers send the notification at once.
    NotifyParallel {
        /// How many at once.
        count: usize,
    },
    /// The first delivery waits.
    NotifyLate {
        /// How long, by the sandbox's clock.
        seconds: i64,
    },
    /// The user pays and the notification arrives before the create call answers.
    NotifyBeforeAnswer,
    /// The notification never comes.
    NoNotification,
    /// The notification's total is off by this many fen.
    WrongAmount {
        /// The difference; may be negative.
        fen: i64,
    },
    /// The notification names another merchant.
    WrongMchid,
    /// The notification names another official account.
    WrongAppid,
    /// The notification's currency is USD.
    CurrencyUsd,
    /// The notification names an order that nobody made.
    UnknownOrder,
    /// The notification is signed with a key that is not WeChat's.
    ForgedSignature,
    /// A probe with a deliberately wrong signature comes first, the true one follows.
    SigntestFirst,
    /// `Wechatpay-Serial` names a key that does not exist.
    UnknownSerial,
    /// The notification's timestamp is this old.
    OldTimestamp {
        /// Its age; negative for the future.
        seconds: i64,
    },
    /// The notification lacks `attach`.
    MissingAttach,
    /// `associated_data` is empty instead of `transaction`.
    EmptyAssociatedData,
    /// The keys of every object come in another order.
    ShuffledKeys,
    /// The notification is signed by the old platform certificate instead of the public key.
    PlatformCertificate,
    /// The payer uses a coupon: `payer_total` is smaller than `total`.
    Coupon {
        /// What the coupon pays.
        fen: i64,
    },
    /// A query tells another state than the truth.
    QueryDisagrees {
        /// What the query says.
        trade_state: String,
    },
    /// A query tells another total than the truth.
    QueryWrongAmount {
        /// The difference; may be negative.
        fen: i64,
    },
    /// A refund ends ABNORMAL.
    RefundAbnormal,
    /// A refund ends CLOSED.
    RefundClosed,
    /// A refund stays PROCESSING until somebody decides.
    RefundStuck,
    /// A call of the API goes wrong.
    Api {
        /// Which.
        call: Call,
        /// How.
        fault: Fault,
    },
    /// The user refuses: no callback happens.
    OauthRefuse,
    /// The web view calls back twice with one code.
    OauthDoubleCallback,
    /// The web view calls back twice, with two codes and one state.
    OauthTwoCodes,
    /// The code is already too old.
    OauthExpiredCode,
    /// A snapshot visitor: a fake openid and `is_snapshotuser`.
    OauthSnapshot,
    /// The first exchange answers -1, the next 40163.
    OauthBusyThenUsed,
    /// The exchange answers with an HTTP 500 page.
    OauthHttp500,
    /// The exchange answers after this many seconds.
    OauthHang {
        /// How long.
        seconds: u64,
    },
    /// A template message is refused with this errcode.
    MessageRefused {
        /// For example 43004.
        errcode: i64,
    },
    /// Today's bill may be asked for at once, at any hour.
    BillNow,
    /// The bill lacks its first row.
    BillMissingRow,
    /// The bill has a row that nobody paid.
    BillExtraRow,
    /// The bill's first amount is one fen more.
    BillWrongAmount,
    /// The bill's hash does not fit.
    BillWrongHash,
    /// The download address is dead at once.
    BillDeadToken,
}

/// Which call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Every one of them.
    Any,
    /// Native, JSAPI or H5.
    Create,
    /// By either number.
    Query,
    /// Closing an order.
    Close,
    /// Asking for a refund.
    Refund,
    /// Asking how a refund stands.
    RefundQuery,
    /// The platform certificates.
    Certificates,
    /// Asking for a bill.
    Bill,
    /// Downloading a bill.
    Download,
}

/// How a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is done; the answer, a 500, comes after this many seconds.
    Hang {
        /// How long, real time.
        seconds: u64,
    },
    /// Done, but the answer comes after this many seconds.
    TimeoutAfterSuccess {
        /// How long, real time.
        seconds: u64,
    },
    /// 500 `SYSTEM_ERROR`, nothing done.
    Http500,
    /// 502 with an HTML page, nothing done.
    Http502,
    /// 429 `FREQUENCY_LIMITED`, nothing done.
    RateLimited,
    /// Done, and the 2xx carries no signature.
    Unsigned,
    /// Done, and one byte of the body is changed after signing.
    Tampered,
    /// Done, and the signature is one of WeChat's probes.
    Signtest,
    /// 401 `SIGN_ERROR`, nothing done.
    SignError,
    /// 500 with an HTML page, nothing done.
    Html500,
    /// A redirect to somewhere else, nothing done.
    Redirect,
    /// A redirect to the very same address, nothing done; who follows it asks once more.
    RedirectLoop,
    /// Done, but the body breaks off in the middle. What is left of it is properly signed.
    Truncated,
    /// Done, but the body comes at one byte a second.
    Slow,
    /// Done and properly signed, but millions of blanks follow the JSON.
    Huge,
}
