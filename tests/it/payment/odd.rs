//! Genuine notifications that contradict the order, and answers of the form that WeChat wants.

use huiyuan::staff::Role;
use serde_json::{Value, json};
use wechat_sandbox::{Mishap, SignNotice};

use super::{NOTIFY, Payer};

/// A success as WeChat would tell it, with some values changed.
fn success(number: &str, changes: &[(&str, Value)]) -> SignNotice {
    let mut plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": "4200009999202611240000000002",
        "trade_type": "NATIVE", "trade_state": "SUCCESS", "bank_type": "OTHERS",
        "success_time": "2026-11-24T12:00:00+08:00",
        "amount": {"total": 200_000, "payer_total": 200_000, "currency": "CNY"}
    });
    for (pointer, value) in changes {
        *plain.pointer_mut(pointer).unwrap() = value.clone();
    }
    SignNotice { plain: Some(plain), ..SignNotice::default() }
}

#[tokio::test]
async fn what_contradicts_the_order_is_kept_but_never_booked_on_the_bill() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    let cases: [(&str, Value, &str, i64); 7] = [
        ("/amount/total", json!(200_001), "amount", 2),
        ("/amount/total", json!(199_999), "amount", 2),
        ("/mchid", json!("1900000999"), "payee", 0),
        ("/appid", json!("wx0000000000000001"), "payee", 2),
        ("/amount/currency", json!("USD"), "currency", 0),
        ("/trade_state", json!("NOTPAY"), "state", 0),
        ("/out_trade_no", json!("NOBODY20261124"), "unknown", 2),
    ];
    for (i, (pointer, value, kind, lines)) in cases.into_iter().enumerate() {
        let transaction = format!("42000099992026112400000001{i:02}");
        let entries = payer.count("ledger_entry").await;
        let changes = [(pointer, value), ("/transaction_id", json!(transaction))];
        let sealed = payer.sign(&success(&number, &changes));

        assert_eq!(payer.post(&sealed).await.status, 204, "{pointer}");
        assert_eq!(payer.post(&sealed).await.status, 204, "{pointer} again");

        assert_eq!(payer.count("unexplained_payment").await, i64::try_from(i).unwrap() + 1);
        let kept = "select kind from unexplained_payment where transaction_id";
        let kept = payer.test.db_text(&format!("{kept} = '{transaction}'")).await;
        assert_eq!(kept, kind, "{pointer}");
        assert_eq!(payer.count("ledger_entry").await - entries, lines, "{pointer}");
    }
    assert_eq!(payer.count("allocation").await, 0);
    assert_eq!(payer.test.db_text("select status from payment_order").await, "pending");
    assert_eq!(payer.count("payment_notice").await, 7);
    let finance = payer.test.staff(Role::Finance).await;
    let page = finance.get("/admin/payments/unexplained").await;
    page.must_say("金额与订单不符");
    page.must_say("找不到对应订单");
}

#[tokio::test]
async fn a_wrong_total_is_corrected_when_wechat_tells_the_truth() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::WrongAmount { fen: 1 });
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    assert_eq!(payer.count("unexplained_payment where kind = 'amount'").await, 1);

    payer.test.advance(std::time::Duration::from_secs(6)).await;
    payer.sweep().await;

    assert_eq!(payer.test.db_text("select status from payment_attempt").await, "success");
    assert_eq!(payer.count("unexplained_payment where status = 'open'").await, 0);
    payer.balanced().await;
}

#[tokio::test]
async fn a_coupon_pays_its_part_and_the_total_counts() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::Coupon { fen: 500 });

    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;

    assert_eq!(payer.test.db_text("select status from dues_bill").await, "paid");
    payer.balanced().await;
}

#[tokio::test]
async fn plaintexts_that_are_no_payment_are_refused_and_leave_no_trace() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    let bad = [
        ("/amount/total", json!("200000")),
        ("/amount/total", json!(200_000.5)),
        ("/amount/total", json!(-200_000)),
        ("/amount/total", json!(0)),
        ("/amount/total", json!(9_223_372_036_854_775_808_u64)),
        ("/amount", json!(null)),
        ("/out_trade_no", json!("订单😀")),
        ("/out_trade_no", json!("x' or '1'='1")),
        ("/out_trade_no", json!("P".repeat(33))),
        ("/transaction_id", json!("")),
    ];
    for (pointer, value) in bad {
        let sealed = payer.sign(&success(&number, &[(pointer, value.clone())]));
        let answer = payer.post(&sealed).await;
        assert_eq!(answer.status, 400, "{pointer} {value}: {}", answer.body);
        assert!(answer.body.contains("\"code\":\"FAIL\""), "{}", answer.body);
    }
    for plain in ["", "null", "[]", "{}", "no json"] {
        let wanted = SignNotice { plain_text: Some(plain.into()), ..SignNotice::default() };
        assert_eq!(payer.post(&payer.sign(&wanted)).await.status, 400, "{plain}");
    }
    assert_eq!(payer.count("payment_notice").await, 0);
    assert_eq!(payer.count("unexplained_payment").await, 0);
}

#[tokio::test]
async fn a_refund_of_the_console_is_kept_for_a_person() {
    let payer = Payer::start().await;
    let wanted = SignNotice {
        plain: Some(json!({
            "mchid": wechat_sandbox::MCH_ID, "out_trade_no": "P1", "transaction_id": "4200001",
            "out_refund_no": "R1", "refund_id": "5000001", "refund_status": "SUCCESS",
            "amount": {"total": 100, "refund": 100, "payer_total": 100, "payer_refund": 100}
        })),
        event_type: Some("REFUND.SUCCESS".into()),
        original_type: Some("refund".into()),
        ..SignNotice::default()
    };
    let sealed = payer.sign(&wanted);
    let headers: Vec<(&str, &str)> =
        sealed.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let browser = payer.test.browser();

    let answer = browser.post_body("/wechat/refund/notify", &headers, sealed.bytes.clone()).await;
    assert_eq!(answer.status, 204);
    let unsigned = browser.post_body("/wechat/refund/notify", &[], sealed.bytes.clone()).await;
    assert_eq!(unsigned.status, 400);

    assert_eq!(payer.test.db_text("select outcome from payment_notice").await, "foreign");
}

#[tokio::test]
async fn the_answer_has_the_form_that_wechat_wants() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();

    let answer = payer.post(&payer.notice_of(&number)).await;

    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert!(!answer.headers.contains_key("set-cookie"));
    assert!(!answer.headers.contains_key("location"));
    for method in [reqwest::Method::GET, reqwest::Method::HEAD] {
        let answer = payer.test.browser().ask(method, NOTIFY, &[]).await;
        assert_eq!(answer.status, 405);
    }
}
