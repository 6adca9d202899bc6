//! WeChat as this product uses it: web login, template messages and WeChat Pay v3, over real HTTP.
//!
//! Live WeChat and a test bench differ only in addresses and keys. Which order is paid, and what
//! follows from it, is decided elsewhere (`payment`); here lives only what WeChat said, verified.

pub mod http;
pub mod login;
pub mod message;
pub mod pay;
#[cfg(test)]
mod testing;

pub use http::{Http, Limits};
pub use login::{Login, LoginError, LoginSettings, WechatUser};
pub use message::Messages;
pub use pay::{Pay, PaySettings};

/// Why WeChat's answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WechatError {
    /// The API answered with an error; `code` is empty when the answer was not WeChat's JSON.
    #[error("WeChat refused with {status} {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// WeChat's code as written; compare with [`WechatError::has_code`].
        code: String,
        /// For people; never decide by it.
        message: String,
    },
    /// No whole answer arrived in time.
    #[error("WeChat is unreachable (the request may have arrived: {maybe_sent})")]
    Unreachable {
        /// False only when no connection was made, so that repeating is safe.
        maybe_sent: bool,
    },
    /// A 2xx answer that WeChat cannot be shown to have written: ask again, never act on it.
    #[error("WeChat's answer is not trusted: {0}")]
    Untrusted(&'static str),
    /// An authentic answer that is not understood.
    #[error("WeChat's answer is malformed: {0}")]
    Malformed(&'static str),
    /// Our own settings or values are wrong; repeating is useless.
    #[error("WeChat settings: {0}")]
    Config(String),
}

impl WechatError {
    /// True for a refusal with this code. Underscores do not count: WeChat writes both `ORDERPAID`
    /// and `ORDER_PAID` (wechat.md 4.4).
    pub fn has_code(&self, wanted: &str) -> bool {
        let letters = |text: &str| text.bytes().filter(|b| *b != b'_').collect::<Vec<_>>();
        matches!(self, Self::Refused { code, .. } if letters(code) == letters(wanted))
    }

    /// True when the request may have taken effect all the same: query before anything else.
    pub const fn leaves_outcome_open(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status >= 500,
            Self::Unreachable { maybe_sent } => *maybe_sent,
            Self::Untrusted(_) | Self::Malformed(_) => true,
            Self::Config(_) => false,
        }
    }
}

/// Foreign text made fit for one log line: at most 200 characters, none of them control characters.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str) -> WechatError {
        WechatError::Refused { status, code: code.into(), message: String::new() }
    }

    #[test]
    fn codes_are_compared_without_underscores() {
        assert!(refused(400, "ORDERPAID").has_code("ORDER_PAID"));
        assert!(refused(400, "ORDER_PAID").has_code("ORDERPAID"));
        assert!(!refused(400, "ORDER_CLOSED").has_code("ORDER_PAID"));
        assert!(!WechatError::Unreachable { maybe_sent: true }.has_code(""));
    }

    #[test]
    fn only_a_definite_answer_closes_the_outcome() {
        assert!(!refused(400, "PARAM_ERROR").leaves_outcome_open());
        assert!(refused(502, "").leaves_outcome_open());
        assert!(WechatError::Untrusted("").leaves_outcome_open());
        assert!(!WechatError::Unreachable { maybe_sent: false }.leaves_outcome_open());
    }
}
