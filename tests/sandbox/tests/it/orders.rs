//! Orders: limits, the same number again, states, paying, refunds and bills.

use serde_json::{Value, json};
use wechat_sandbox::{APP_ID, MCH_ID, Mishap, PayError};

use crate::merchant::{Rig, order};

const NOTIFY: &str = "https://hy.example.cn/wechat/pay/notify";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn a_create_call_that_breaks_a_rule_is_refused() {
    let rig = Rig::start().await;
    let wrong: [(&str, Value); 14] = [
        ("/description", json!("会".repeat(43))),
        ("/description", json!("会费😀")),
        ("/description", json!("")),
        ("/description", Value::Null),
        ("/out_trade_no", json!("T2026")),
        ("/out_trade_no", json!("订单号订单号")),
        ("/out_trade_no", json!("T".repeat(33))),
        ("/notify_url", json!("http://hy.example.cn/n")),
        ("/notify_url", json!("https://hy.example.cn/n?x=1")),
        ("/amount/total", json!(0)),
        ("/amount/total", json!("100")),
        ("/amount/total", json!(1.5)),
        ("/amount/currency", json!("USD")),
        ("/mchid", json!("1900000001")),
    ];

    for (place, value) in wrong {
        let mut body = order("T20260101", 100, NOTIFY);
        *body.pointer_mut(place).unwrap() = value.clone();
        let answer = rig.call("POST", "/v3/pay/transactions/native", body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "PARAM_ERROR"),
            "{place} {value}"
        );
    }
    let mut body = order("T20260101", 100, NOTIFY);
    body["surprise"] = json!(1);
    assert_eq!(rig.call("POST", "/v3/pay/transactions/native", body.clone()).await.status, 400);
    body["surprise"].take();
    body["appid"] = json!("wx0000000000000000");
    body.as_object_mut().unwrap().remove("surprise");
    assert_eq!(
        rig.call("POST", "/v3/pay/transactions/native", body).await.code(),
        "APPID_MCHID_NOT_MATCH"
    );
}

#[tokio::test]
async fn the_same_number_again_needs_the_same_order() {
    let rig = Rig::start().await;
    let first = rig.native("T20260102", 100, NOTIFY).await.json()["code_url"].clone();

    let again = rig.native("T20260102", 100, NOTIFY).await;
    let changed = rig.native("T20260102", 101, NOTIFY).await;

    assert_eq!(again.status, 200);
    assert_ne!(again.json()["code_url"], first);
    assert_eq!((changed.status, changed.code().as_str()), (403, "OUT_TRADE_NO_USED"));
    rig.close("T20260102").await;
    assert_eq!(rig.native("T20260102", 100, NOTIFY).await.code(), "ORDER_CLOSED");
}

#[tokio::test]
async fn a_paid_order_cannot_be_closed_and_a_closed_one_not_paid_unless_forced() {
    let rig = Rig::start().await;
    rig.native("T20260103", 100, NOTIFY).await;
    rig.native("T20260104", 100, NOTIFY).await;

    rig.sandbox.pay("T20260103", "xiaolin").unwrap();
    let close_paid = rig.close("T20260103").await;
    assert_eq!(
        (rig.close("T20260104").await.status, rig.close("T20260104").await.status),
        (204, 204)
    );

    assert_eq!((close_paid.status, close_paid.code().as_str()), (400, "ORDERPAID"));
    assert_eq!(rig.sandbox.pay("T20260103", "xiaolin"), Err(PayError::Paid));
    assert_eq!(rig.sandbox.pay("T20260104", "xiaolin"), Err(PayError::Closed));
    rig.sandbox.force_pay("T20260104", "xiaolin").unwrap();
    let late = rig.query("T20260104").await.json();
    assert_eq!(
        (&late["trade_state"], &late["amount"]["payer_total"]),
        (&json!("SUCCESS"), &json!(100))
    );
}

#[tokio::test]
async fn codes_and_orders_run_out() {
    let rig = Rig::start().await;
    let code =
        rig.native("T20260105", 100, NOTIFY).await.json()["code_url"].as_str().unwrap().to_owned();

    rig.sandbox.advance(2 * 60 * 60 * 1000 + 1).await.unwrap();
    assert_eq!(rig.sandbox.pay(&code, "xiaolin"), Err(PayError::Expired));
    rig.sandbox.advance(7 * DAY_MS).await.unwrap();
    assert_eq!(rig.query("T20260105").await.json()["trade_state"], "CLOSED");
}

#[tokio::test]
async fn jsapi_is_paid_by_its_own_payer_through_a_correctly_signed_bridge_call() {
    let rig = Rig::start().await;
    let payer = rig.sandbox.users()[1].clone();
    let mut body = order("T20260106", 30_000, NOTIFY);
    body["payer"] = json!({ "openid": payer.openid });
    let prepay = rig.call("POST", "/v3/pay/transactions/jsapi", body).await.json()["prepay_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let package = format!("prepay_id={prepay}");
    let signature = rig.pay_sign(&format!("{APP_ID}\n1795000000\nnonce\n{package}\n"));
    let good = json!({ "appId": APP_ID, "timeStamp": "1795000000", "nonceStr": "nonce", "package": package, "signType": "RSA", "paySign": signature });
    let open = async |values: &Value| {
        let url = format!("{}/__wechat/pay/open", rig.sandbox.webview_url());
        let request = rig.http.post(url).header("cookie", "wechat_user=xiaozhou").json(values);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };

    assert_eq!(open(&good).await["sheet"]["total"], 30_000);
    for (name, value) in [
        ("timeStamp", json!(1_795_000_000)),
        ("signType", json!("MD5")),
        ("nonceStr", json!("other")),
        ("package", json!(prepay)),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert!(open(&bad).await["error"].is_string(), "{name}");
    }
    assert_eq!(rig.sandbox.pay(&prepay, "xiaolin"), Err(PayError::OtherPayer));
    assert_eq!(rig.sandbox.pay(&prepay, "xiaozhou").unwrap().openid, payer.openid);
}

#[tokio::test]
async fn refunds_add_up_repeat_and_end() {
    let rig = Rig::start().await;
    rig.native("T20260107", 1000, NOTIFY).await;
    rig.sandbox.pay("T20260107", "xiaolin").unwrap();
    let refund = |number: &str, fen: i64| json!({ "out_trade_no": "T20260107", "out_refund_no": number, "notify_url": NOTIFY, "amount": { "refund": fen, "total": 1000, "currency": "CNY" } });
    let path = "/v3/refund/domestic/refunds";

    let first = rig.call("POST", path, refund("R1", 400)).await;
    let again = rig.call("POST", path, refund("R1", 400)).await;
    assert_eq!(first.json()["status"], "PROCESSING");
    assert_eq!(first.json()["refund_id"], again.json()["refund_id"]);
    assert_eq!(rig.call("POST", path, refund("R1", 500)).await.status, 400);
    assert_eq!(rig.call("POST", path, refund("R2", 601)).await.status, 400);
    rig.sandbox.mishap(Mishap::RefundAbnormal);
    rig.sandbox.advance(3_000).await.unwrap();
    assert_eq!(
        rig.call("GET", &format!("{path}/R1"), Value::Null).await.json()["status"],
        "ABNORMAL"
    );
    rig.sandbox.finish_refund("R1", wechat_sandbox::RefundStatus::Success);
    let ended = rig.call("GET", &format!("{path}/R1"), Value::Null).await.json();
    assert_eq!((&ended["status"], ended["success_time"].is_string()), (&json!("SUCCESS"), true));
    assert_eq!(rig.query("T20260107").await.json()["trade_state"], "REFUND");
}

#[tokio::test]
async fn a_bill_is_ready_at_ten_the_next_day_and_its_hash_is_over_the_plain_file() {
    let rig = Rig::start().await;
    // 2026-11-18 19:06:40 in Beijing.
    let target = "/v3/bill/tradebill?bill_date=2026-11-18&tar_type=GZIP";
    assert_eq!(rig.call("GET", target, Value::Null).await.code(), "PARAM_ERROR");
    rig.native("T20260108", 12_345, NOTIFY).await;
    rig.sandbox.pay("T20260108", "xiaolin").unwrap();
    rig.sandbox.advance(13 * 60 * 60 * 1000).await.unwrap();
    assert_eq!(rig.call("GET", target, Value::Null).await.code(), "STATEMENT_CREATING");
    rig.sandbox.advance(2 * 60 * 60 * 1000).await.unwrap();
    let empty = "/v3/bill/tradebill?bill_date=2026-11-17";
    assert_eq!(rig.call("GET", empty, Value::Null).await.code(), "NO_STATEMENT_EXIST");

    let bill = rig.call("GET", target, Value::Null).await;
    assert!(bill.verified, "{}", bill.body);
    let told = bill.json();
    let path = told["download_url"]
        .as_str()
        .unwrap()
        .strip_prefix(&rig.sandbox.base_url())
        .unwrap()
        .to_owned();
    let request = rig.http.get(format!("{}{path}", rig.sandbox.base_url()));
    let request = request
        .header("authorization", rig.authorization("GET", &path, "", 0))
        .header("user-agent", "test")
        .header("accept", "application/json");
    let answer = request.send().await.unwrap();
    assert!(answer.headers().get("wechatpay-signature").is_none());
    let mut plain = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::GzDecoder::new(&answer.bytes().await.unwrap()[..]),
        &mut plain,
    )
    .unwrap();

    let lines: Vec<&str> = plain.split("\r\n").collect();
    assert!(plain.starts_with("\u{feff}交易时间,公众账号ID,"), "{plain}");
    let cells: Vec<&str> = lines[1].trim_start_matches('`').split(",`").collect();
    assert_eq!(
        (cells.len(), cells[2], cells[6], cells[12], cells[24]),
        (27, MCH_ID, "T20260108", "123.45", "123.45")
    );
    assert!(lines[3].starts_with("`1.0,`123.45,`0.00,`0.00,`0.74070,`123.45,"), "{}", lines[3]);
    let hash = <sha1::Sha1 as sha1::Digest>::digest(plain.as_bytes());
    assert_eq!(told["hash_value"], format!("{hash:x}"));
}
