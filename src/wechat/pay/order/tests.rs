//! Orders against a tiny server that signs like WeChat.

use super::*;
use crate::wechat::{pay::testing, testing as tiny};

fn no() -> OutTradeNo {
    "T20260101000001".parse().unwrap()
}

fn order() -> NewPrepay {
    NewPrepay {
        out_trade_no: no(),
        description: "2026 年度会费".into(),
        total: Fen::yuan(2000),
        time_expire: testing::NOW + std::time::Duration::from_mins(30),
    }
}

/// A client and a server that answers every request with this, signed.
async fn pay_answering(status: &'static str, body: &'static str) -> Pay {
    testing::pay(&tiny::answering(move |_| testing::signed_reply(status, body)).await)
}

/// A client and a server that answers every request with this, not signed.
async fn pay_refusing(status: &'static str, body: &'static str) -> Pay {
    testing::pay(&tiny::answering(move |_| tiny::reply(status, &[], body.as_bytes())).await)
}

#[test]
fn descriptions_are_cut_by_bytes_on_a_character() {
    assert_eq!(description("会费😀\n2026"), "会费2026");
    let long = description(&"会".repeat(100));
    assert_eq!((long.len(), long.chars().count()), (126, 42));
    assert_eq!(description(&"a".repeat(200)).len(), 127);
}

#[test]
fn amounts_that_nobody_can_pay_are_not_sent() {
    for fen in [0, -1, i64::from(i32::MAX) + 1] {
        assert!(amount(Fen::new(fen)).is_err(), "{fen}");
    }
}

#[tokio::test]
async fn a_native_order_is_signed_and_complete() {
    let base = tiny::answering(|request| {
        testing::assert_signed_by_merchant(request);
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /v3/pay/transactions/native HTTP/1.1"), "{head}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(body).unwrap(),
            serde_json::json!({
                "appid": "wx2421b1c4370ec43b",
                "mchid": "1900000109",
                "notify_url": "https://example.com/wechat/pay/notify",
                "description": "2026 年度会费",
                "out_trade_no": "T20260101000001",
                "amount": { "total": 200_000 },
                "time_expire": "2026-01-01T08:30:00+08:00",
            })
        );
        testing::signed_reply("200 OK", r#"{"code_url":"weixin://wxpay/bizpayurl?pr=a"}"#)
    });
    let code_url = testing::pay(&base.await).prepay_native(&order()).await.unwrap();
    assert_eq!(code_url.as_str(), "weixin://wxpay/bizpayurl?pr=a");
}

#[tokio::test]
async fn a_jsapi_order_names_its_payer() {
    let base = tiny::answering(|request| {
        assert!(request.starts_with("POST /v3/pay/transactions/jsapi HTTP/1.1"));
        assert!(request.contains(r#""payer":{"openid":"oUser_1-x"}"#), "{request}");
        testing::signed_reply("200 OK", r#"{"prepay_id":"wx1"}"#)
    });
    let payer = OpenId::parse("oUser_1-x").unwrap();
    let prepay_id = testing::pay(&base.await).prepay_jsapi(&order(), &payer).await.unwrap();
    assert_eq!(prepay_id.as_str(), "wx1");
}

#[tokio::test]
async fn an_answer_without_or_with_a_wrong_signature_is_not_trusted() {
    let good = r#"{"code_url":"weixin://x"}"#;
    let unsigned = pay_refusing("200 OK", good).await.prepay_native(&order()).await;
    assert_eq!(unsigned, Err(WechatError::Untrusted("it is not properly signed")));

    let base = tiny::answering(|_| {
        let reply = testing::signed_reply("200 OK", r#"{"code_url":"weixin://x"}"#);
        String::from_utf8(reply).unwrap().replace("weixin", "WEIXIN").into_bytes()
    });
    let tampered = testing::pay(&base.await).prepay_native(&order()).await;
    assert_eq!(tampered, Err(WechatError::Untrusted("its signature is wrong")));
}

#[tokio::test]
async fn a_query_is_signed_with_its_query_string() {
    let base = tiny::answering(|request| {
        testing::assert_signed_by_merchant(request);
        assert!(request.starts_with(
            "GET /v3/pay/transactions/out-trade-no/T20260101000001?mchid=1900000109 "
        ));
        let body =
            r#"{"appid":"a","mchid":"m","out_trade_no":"T20260101000001","trade_state":"NOTPAY"}"#;
        testing::signed_reply("200 OK", body)
    });
    let found = testing::pay(&base.await).query(&no()).await.unwrap().unwrap();
    assert_eq!(found.trade_state, crate::wechat::pay::TradeState::NotPay);
}

#[tokio::test]
async fn an_order_that_wechat_does_not_know_is_no_error() {
    for code in [r#"{"code":"ORDER_NOT_EXIST"}"#, r#"{"code":"ORDERNOTEXIST","message":"x"}"#] {
        assert_eq!(pay_refusing("404 Not Found", code).await.query(&no()).await, Ok(None));
    }
    let other = r#"{"appid":"a","mchid":"m","out_trade_no":"T2","trade_state":"NOTPAY"}"#;
    let failure = pay_answering("200 OK", other).await.query(&no()).await;
    assert_eq!(failure, Err(WechatError::Malformed("another order")));
}

#[tokio::test]
async fn closing_tells_closed_from_already_paid() {
    let closed = pay_answering("204 No Content", "").await.close(&no()).await;
    assert_eq!(closed, Ok(CloseOutcome::Closed));

    let paid = r#"{"code":"ORDERPAID","message":"该订单已支付"}"#;
    let too_late = pay_refusing("400 Bad Request", paid).await.close(&no()).await;
    assert_eq!(too_late, Ok(CloseOutcome::AlreadyPaid));

    let unsigned = pay_refusing("204 No Content", "").await.close(&no()).await;
    assert!(matches!(unsigned, Err(WechatError::Untrusted(_))));
}

#[tokio::test]
async fn a_refusal_keeps_status_and_code() {
    let body = r#"{"code":"PARAM_ERROR","message":"bad\nline","detail":{"field":"x"}}"#;
    let refused = pay_refusing("400 Bad Request", body).await.prepay_native(&order()).await;
    let (code, message) = ("PARAM_ERROR".into(), "badline".into());
    assert_eq!(refused, Err(WechatError::Refused { status: 400, code, message }));

    let html = pay_refusing("502 Bad Gateway", "<html>").await.prepay_native(&order()).await;
    let (code, message) = (String::new(), String::new());
    assert_eq!(html, Err(WechatError::Refused { status: 502, code, message }));
}
