//! Who may call, and what the answers carry.

use serde_json::{Value, json};
use wechat_sandbox::{Call, Fault, MCH_ID, Mishap};

use crate::merchant::{Rig, order};

const NOTIFY: &str = "https://hy.example.cn/wechat/pay/notify";
const NATIVE: &str = "/v3/pay/transactions/native";

#[tokio::test]
async fn every_2xx_is_signed_and_no_refusal_is() {
    let rig = Rig::start().await;

    let created = rig.native("T20260001", 100, NOTIFY).await;
    let closed = rig.close("T20260001").await;
    let unknown = rig.query("T20269999").await;

    assert!((created.status, created.verified) == (200, true), "{}", created.body);
    assert!((closed.status, closed.verified, closed.body.as_str()) == (204, true, ""));
    assert!(
        (unknown.status, unknown.verified, unknown.code().as_str())
            == (404, false, "ORDER_NOT_EXIST")
    );
}

#[tokio::test]
async fn a_request_that_is_not_signed_right_is_refused_before_anything_else() {
    let rig = Rig::start().await;
    let body = order("T20260002", 100, NOTIFY).to_string();
    let good = rig.authorization("POST", NATIVE, &body, 0);
    let wrong = [
        String::new(),
        good.replace("WECHATPAY2", "WECHATPAY"),
        good.replace(MCH_ID, "1900000001"),
        good.replace(&rig.env("WECHAT_PAY__MERCHANT_SERIAL"), "0123456789"),
        rig.authorization("POST", NATIVE, &format!("{body} "), 0),
        rig.authorization("GET", NATIVE, &body, 0),
        rig.authorization("POST", "/v3/pay/transactions/native?", &body, 0),
        rig.authorization("POST", NATIVE, &body, 301),
        rig.authorization("POST", NATIVE, &body, -301),
    ];

    for authorization in wrong {
        let answer = rig.send("POST", NATIVE, &body, &authorization).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "SIGN_ERROR"), "{authorization}");
        let junk = rig.send("POST", NATIVE, "not json", &authorization).await;
        assert_eq!(junk.status, 401, "{authorization}");
    }

    assert!(rig.sandbox.orders().is_empty());
    let late = rig.authorization("POST", NATIVE, &body, -299);
    assert_eq!(rig.send("POST", NATIVE, &body, &late).await.status, 200);
}

#[tokio::test]
async fn the_query_string_is_part_of_what_is_signed() {
    let rig = Rig::start().await;
    rig.native("T20260003", 100, NOTIFY).await;
    let path = "/v3/pay/transactions/out-trade-no/T20260003";
    let target = format!("{path}?mchid={MCH_ID}");

    let unsigned_query = rig.send("GET", &target, "", &rig.authorization("GET", path, "", 0)).await;
    let no_merchant = rig.call("GET", path, Value::Null).await;

    assert_eq!(unsigned_query.status, 401);
    assert_eq!(no_merchant.code(), "PARAM_ERROR");
    assert_eq!(rig.query("T20260003").await.json()["trade_state"], "NOTPAY");
}

#[tokio::test]
async fn faults_of_the_api_come_as_ordered() {
    let rig = Rig::start().await;
    let arm = |fault| rig.sandbox.mishap(Mishap::Api { call: Call::Create, fault });

    for (fault, status) in [
        (Fault::Http500, 500),
        (Fault::Http502, 502),
        (Fault::RateLimited, 429),
        (Fault::SignError, 401),
    ] {
        arm(fault);
        assert_eq!(rig.native("T20260004", 100, NOTIFY).await.status, status);
    }
    assert!(rig.sandbox.orders().is_empty());
    for fault in [Fault::Unsigned, Fault::Tampered, Fault::Signtest] {
        arm(fault);
        let answer = rig.native("T20260004", 100, NOTIFY).await;
        assert_eq!((answer.status, answer.verified), (200, false), "{fault:?}");
    }
    assert!(rig.native("T20260004", 100, NOTIFY).await.verified);
}

#[tokio::test]
async fn control_does_over_http_what_the_handle_does() {
    let rig = Rig::start().await;

    let armed = rig
        .control(
            "mishap",
            json!({ "name": "api", "call": "create", "fault": { "kind": "http500" } }),
        )
        .await;
    assert_eq!(armed[0]["mishap"]["name"], "api", "{armed}");
    assert_eq!(rig.native("T20260005", 100, NOTIFY).await.status, 500);
    let code = rig.native("T20260005", 100, NOTIFY).await.json()["code_url"].clone();
    let shown = rig.control("scan", json!({ "url": code, "user": "xiaolin" })).await;
    assert_eq!(shown["sheet"]["amount"], "￥1.00", "{shown}");
    let paid = rig.control("pay", json!({ "code_url": code, "user": "xiaolin" })).await;
    assert_eq!(paid["transaction_id"].as_str().unwrap().len(), 28, "{paid}");
    let truth = rig.plain("/control/truth").await;
    assert_eq!(truth[0]["state"], "SUCCESS");
    let moved = rig.control("clock/advance", json!({ "ms": 1000 })).await;
    assert_eq!(moved["now_ms"].as_i64().unwrap(), rig.sandbox.now_ms());
}
