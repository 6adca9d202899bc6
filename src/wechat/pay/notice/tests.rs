//! True, forged and malformed notices (quality.md 6B).

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    kernel::Fen,
    wechat::pay::{RefundState, TradeState, signature::SCHEME, testing},
};

const PAID: &str = r#"{"mchid":"1900000109","appid":"wx2421b1c4370ec43b","out_trade_no":"T1",
    "transaction_id":"4200000000000000000000000001","trade_type":"NATIVE","trade_state":"SUCCESS",
    "success_time":"2026-01-01T08:00:00+08:00","payer":{"openid":"oUser_1-x"},"bank_type":"X",
    "amount":{"total":200000,"payer_total":199900,"currency":"CNY"},"promotion_detail":[{"a":1}]}"#;

fn open_body(body: &str) -> Result<PaymentNotice, NoticeError> {
    let signed = testing::signed(testing::NOW, body.as_bytes());
    let pay = testing::pay("http://127.0.0.1:1");
    open(&pay, &signed.headers(), body.as_bytes(), testing::NOW)
}

fn open_plain(plaintext: &str) -> Result<PaymentNotice, NoticeError> {
    open_body(&testing::envelope("TRANSACTION.SUCCESS", plaintext, testing::V3_KEY))
}

#[test]
fn a_true_notice_gives_its_facts() {
    let notice = open_plain(PAID).unwrap();
    assert_eq!((notice.notify_id.as_str(), notice.original_type.as_str()), ("EV-1", "transaction"));
    assert_eq!(notice.create_time, Some(testing::NOW));
    let Facts::Transaction(paid) = notice.facts else { panic!("{notice:?}") };
    assert_eq!(paid.trade_state, TradeState::Success);
    assert_eq!(paid.amount_total, Fen::yuan(2000));
    assert_eq!(paid.payer_total, Some(Fen::yuan(1999)));
    assert_eq!(paid.transaction_id.as_deref(), Some("4200000000000000000000000001"));
    assert_eq!(paid.payer_open_id.unwrap().as_str(), "oUser_1-x");
}

#[test]
fn a_notice_sealed_with_the_old_key_still_opens_and_with_a_strange_key_not() {
    let event = "TRANSACTION.SUCCESS";
    assert!(open_body(&testing::envelope(event, PAID, testing::OLD_V3_KEY)).is_ok());
    let strange = testing::envelope(event, PAID, "00000000000000000000000000000000");
    assert_eq!(open_body(&strange), Err(NoticeError::Decrypt));
}

#[test]
fn a_refund_notice_and_an_unknown_event_are_told_apart() {
    let refund = r#"{"mchid":"1900000109","transaction_id":"42","out_trade_no":"T1",
        "refund_id":"50","out_refund_no":"R1@x","refund_status":"ABNORMAL",
        "amount":{"total":200000,"refund":100000,"payer_total":200000,"payer_refund":100000}}"#;
    let body = testing::envelope("REFUND.ABNORMAL", refund, testing::V3_KEY);
    let Facts::Refund(facts) = open_body(&body).unwrap().facts else { panic!("not a refund") };
    assert_eq!(facts.state, RefundState::Abnormal);
    assert_eq!(facts.amount_refund, Fen::yuan(1000));

    let echo = testing::envelope("SECURITY_ECHO.SUCCESS", "{}", testing::V3_KEY);
    assert_eq!(open_body(&echo).unwrap().facts, Facts::Other);
}

#[test]
fn only_the_signed_bytes_are_accepted() {
    let pay = testing::pay("http://127.0.0.1:1");
    let body = testing::envelope("TRANSACTION.SUCCESS", PAID, testing::V3_KEY);
    let signed = testing::signed(testing::NOW, body.as_bytes());
    let true_headers = signed.headers();
    let refused = |headers: &NoticeHeaders<'_>, body: &str, now| {
        let error = open(&pay, headers, body.as_bytes(), now).unwrap_err();
        (error, error.status())
    };

    let wrong = (NoticeError::Signature, 401);
    assert_eq!(refused(&true_headers, &format!("{body} "), testing::NOW), wrong);
    assert_eq!(refused(&true_headers, "", testing::NOW), wrong);
    for signature in ["WECHATPAY/SIGNTEST/abc", "AAAA", "!", &"A".repeat(1400)] {
        let headers = NoticeHeaders { signature, ..true_headers };
        assert_eq!(refused(&headers, &body, testing::NOW), wrong, "{signature}");
    }
    let unknown =
        NoticeHeaders { serial: "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", ..true_headers };
    assert_eq!(refused(&unknown, &body, testing::NOW), (NoticeError::UnknownKey, 401));
    let late = testing::NOW + Duration::from_secs(301);
    assert_eq!(refused(&true_headers, &body, late), (NoticeError::Skew, 401));
    for signature_type in [None, Some("WECHATPAY2-SM2-WITH-SM3")] {
        let headers = NoticeHeaders { signature_type, ..true_headers };
        let bad = BadHeader("Wechatpay-Signature-Type").into();
        assert_eq!(refused(&headers, &body, testing::NOW), (bad, 400));
    }
    let still_fresh = testing::NOW + Duration::from_secs(299);
    assert!(open(&pay, &true_headers, body.as_bytes(), still_fresh).is_ok());
}

#[test]
fn each_header_is_needed_exactly_once() {
    let all: Vec<(&str, &[u8])> = vec![
        ("wechatpay-TIMESTAMP", b"1"),
        ("Wechatpay-Nonce", b"n"),
        ("Wechatpay-Signature", b"s"),
        ("Wechatpay-Serial", b"k"),
        ("Wechatpay-Signature-Type", SCHEME.as_bytes()),
        ("User-Agent", b"\xff"),
    ];
    assert!(NoticeHeaders::pick(all.clone()).is_ok());
    let long = [b'x'; 8192];
    for at in 0..4 {
        let mut missing = all.clone();
        missing.remove(at);
        assert!(NoticeHeaders::pick(missing).is_err(), "without {at}");
    }
    for at in 0..5 {
        let mut doubled = all.clone();
        doubled.push(all[at]);
        assert!(NoticeHeaders::pick(doubled).is_err(), "doubled {at}");
        for bad in [&b""[..], b"\xe4\xbc\x9a", b"a b", b"a\n", &long] {
            let mut odd = all.clone();
            odd[at].1 = bad;
            assert!(NoticeHeaders::pick(odd).is_err(), "{at} {bad:?}");
        }
    }
}

#[test]
fn signed_nonsense_is_refused_without_harm() {
    let good = testing::envelope("TRANSACTION.SUCCESS", PAID, testing::V3_KEY);
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let nested = good.replacen('{', &format!(r#"{{"x":{deep},"#), 1);
    assert!(open_body(&nested).is_ok(), "an unknown field is skipped, however deep");
    let bodies = [
        String::new(),
        "{}".into(),
        "null".into(),
        "[]".into(),
        "\0".into(),
        good[..good.len() - 1].into(),
        format!("\u{feff}{good}"),
        good.replacen('{', r#"{"id":"EV-2","#, 1),
        good.replace("EV-1", ""),
        good.replace("\"EV-1\"", &deep),
        good.replace("AEAD_AES_256_GCM", "NONE"),
        " ".repeat(MAX_BODY + 1),
    ];
    for body in bodies {
        let error = open_body(&body).unwrap_err();
        assert!(matches!(error, NoticeError::Envelope(_)), "{error} {body:.60}");
        assert_eq!(error.status(), 400);
    }
    for nonce in ["", "abcdefghijk", "abcdefghijklm", &"a".repeat(64)] {
        let odd = good.replace("\"abcdefghijkl\"", &format!("\"{nonce}\""));
        assert_eq!(open_body(&odd), Err(NoticeError::Decrypt));
    }
}

#[test]
fn a_plaintext_that_is_not_a_clean_payment_is_refused() {
    for total in ["0", "-1", "200000.0", "\"200000\"", "9223372036854775808", "null", "2e5", "[]"] {
        let plaintext = PAID.replace(r#""total":200000"#, &format!(r#""total":{total}"#));
        let error = open_plain(&plaintext).unwrap_err();
        assert!(matches!(error, NoticeError::Plaintext(_)), "{total}: {error}");
    }
    let long = "1".repeat(33);
    for number in ["", "'; drop table x", "会费", "😀", long.as_str()] {
        let plaintext = PAID.replace(r#""T1""#, &format!("{number:?}"));
        assert!(matches!(open_plain(&plaintext), Err(NoticeError::Plaintext(_))), "{number}");
    }
    for broken in ["", "not json", "{}", &PAID.replace("transaction_id", "other")] {
        assert!(matches!(open_plain(broken), Err(NoticeError::Plaintext(_))), "{broken}");
    }
}

#[test]
fn optional_fields_may_be_missing_and_words_may_be_new() {
    let bare = r#"{"appid":"a","mchid":"m","out_trade_no":"T1","transaction_id":"42",
        "trade_state":"SUCCESS","amount":{"total":1}}"#;
    assert!(open_plain(bare).is_ok());
    let unpaid = r#"{"appid":"a","mchid":"m","out_trade_no":"T1","transaction_id":"",
        "trade_state":"ACCEPT","payer":{},"success_time":""}"#;
    let Facts::Transaction(order) = open_plain(unpaid).unwrap().facts else { panic!("no order") };
    assert_eq!(order.trade_state, TradeState::Other("ACCEPT".into()));
    // A missing currency is told from 人民币: settling asks WeChat before it believes.
    assert_eq!((order.transaction_id, order.currency.as_str()), (None, ""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_opening_panic(
        body in prop::collection::vec(any::<u8>(), 0..300),
        value in prop::collection::vec(any::<u8>(), 0..40),
        plaintext in ".{0,80}",
    ) {
        let signed = testing::signed(testing::NOW, &body);
        let pay = testing::pay("http://127.0.0.1:1");
        prop_assert!(open(&pay, &signed.headers(), &body, testing::NOW).is_err());
        prop_assert!(open_plain(&plaintext).is_err());
        let _ = NoticeHeaders::pick([("Wechatpay-Timestamp", value.as_slice())]);
    }
}
