//! Refunds at WeChat Pay: ask for one, ask how it stands (wechat.md 6). HTTP 200 means accepted,
//! not refunded; the same number asks for the same refund, however often it is sent.

use reqwest::Method;
use serde::Serialize;

use super::{Pay, RefundFacts};
use crate::{kernel::Fen, wechat::WechatError};

/// WeChat counts the bytes of a reason, not its characters.
const MAX_REASON: usize = 80;

/// What is to go back. Repeating it with equal values is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    /// Our number of the refund, fixed once and for all: another one would refund twice.
    pub out_refund_no: String,
    /// WeChat's number of the payment.
    pub transaction_id: String,
    /// What the payer reads; cut to what WeChat accepts.
    pub reason: String,
    /// What goes back, fen.
    pub refund: Fen,
    /// The price of the whole order, fen.
    pub total: Fen,
}

#[derive(Serialize)]
struct Body<'a> {
    transaction_id: &'a str,
    out_refund_no: &'a str,
    reason: String,
    notify_url: &'a str,
    amount: Amount,
}

#[derive(Serialize)]
struct Amount {
    refund: Fen,
    total: Fen,
    currency: &'static str,
}

impl Pay {
    /// Asks for a refund, or repeats the request.
    pub async fn refund(&self, new: &NewRefund) -> Result<RefundFacts, WechatError> {
        let body = Body {
            transaction_id: &new.transaction_id,
            out_refund_no: &new.out_refund_no,
            reason: reason(&new.reason),
            // Without it WeChat would send its old XML, or nothing at all.
            notify_url: &self.refund_notify_url,
            amount: Amount { refund: new.refund, total: new.total, currency: "CNY" },
        };
        let body = serde_json::to_string(&body)
            .map_err(|_| WechatError::Config("the body is no JSON".into()))?;
        let answer = self.call(Method::POST, "/v3/refund/domestic/refunds", body).await?;
        self.read_refund(&answer, &new.out_refund_no)
    }

    /// Asks how a refund stands; nothing when WeChat has never heard of it.
    pub async fn query_refund(&self, no: &str) -> Result<Option<RefundFacts>, WechatError> {
        let path = format!("/v3/refund/domestic/refunds/{no}");
        match self.call(Method::GET, &path, String::new()).await {
            Ok(answer) => self.read_refund(&answer, no).map(Some),
            Err(error) if error.has_code("RESOURCE_NOT_EXISTS") => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_refund(&self, answer: &[u8], no: &str) -> Result<RefundFacts, WechatError> {
        let said = RefundFacts::read_for(answer, Some(&self.mch_id));
        let said = said.map_err(WechatError::Malformed)?;
        if said.out_refund_no == no {
            Ok(said)
        } else {
            Err(WechatError::Malformed("another refund"))
        }
    }
}

/// Basic-plane characters only, no control characters, at most 80 bytes.
fn reason(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars().filter(|c| c.len_utf8() < 4 && !c.is_control()) {
        if kept.len() + c.len_utf8() > MAX_REASON {
            break;
        }
        kept.push(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::pay::RefundState;

    #[test]
    fn a_reason_is_cut_on_a_character_and_within_eighty_bytes() {
        assert_eq!(reason("多缴\n退回😀"), "多缴退回");
        let long = reason(&"会费".repeat(40));
        assert!(long.len() <= MAX_REASON && long.chars().all(|c| "会费".contains(c)), "{long}");
    }

    #[test]
    fn answers_and_notices_name_the_state_differently() {
        let json = |state: &str| {
            format!(
                r#"{{"out_trade_no":"P1","transaction_id":"T1","out_refund_no":"R1",
                "refund_id":"5030","{state}":"PROCESSING","amount":{{"total":200,"refund":100}}}}"#
            )
        };
        for name in ["status", "refund_status"] {
            let said = RefundFacts::read_for(json(name).as_bytes(), Some("190000")).unwrap();
            assert_eq!((said.state, said.mch_id.as_str()), (RefundState::Processing, "190000"));
        }
        assert!(RefundFacts::read_for(json("status").as_bytes(), None).is_err(), "whose is it?");
    }
}
