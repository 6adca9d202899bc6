//! What breaks in practice (wechat.md 9, 19 to 21): a part refunded is still paid, no answer makes
//! a second refund, and only notices of the new kind are understood.

use std::time::Duration;

use serde_json::json;
use wechat_sandbox::{Armed, Call, Fault, Mishap, SignNotice};

use super::Till;

/// Everything that a call can come back with but its answer.
const FAULTS: [Fault; 12] = [
    Fault::Http500,
    Fault::Html500,
    Fault::Http502,
    Fault::RateLimited,
    Fault::SignError,
    Fault::Unsigned,
    Fault::Tampered,
    Fault::Signtest,
    Fault::Truncated,
    Fault::Huge,
    Fault::Redirect,
    Fault::RedirectLoop,
];

#[tokio::test]
async fn a_payment_of_which_a_part_went_back_is_still_paid() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500")]).await;
    till.wait().await;
    assert_eq!(till.status().await, "success");
    let truth = till.test.sandbox.truth_of(&number).unwrap();
    // As a query, or the payment's notice, tells it now.
    let plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": truth.transaction_id.unwrap(),
        "trade_type": "NATIVE", "trade_state": "REFUND",
        "payer": {"openid": truth.openid},
        "amount": {"total": 200_000, "payer_total": 200_000, "currency": "CNY"}
    });
    let sealed = till.sign(&SignNotice { plain: Some(plain), ..SignNotice::default() });

    assert_eq!(till.post("/wechat/pay/notify", &sealed).await, 204);
    till.test.advance(Duration::from_mins(31)).await;
    huiyuan::payment::sweep::sweep_due(&till.test.app).await.unwrap();

    let order = till.test.db_text("select id from payment_order").await;
    till.pc.get(&format!("/pay/{order}")).await.must_say("支付成功");
    till.pc.get("/payments").await.must_say("已退款 500.00 元");
    assert_eq!(till.test.db_text("select status from payment_attempt").await, "success");
    assert_eq!(till.test.db_text("select status from dues_bill").await, "part-refunded");
    assert!(till.pc.get("/dues").await.attribute("input[name=bill]", "value").is_none());
    till.sound().await;
}

#[tokio::test]
async fn no_answer_to_a_request_makes_a_second_refund() {
    let till = Till::open().await;
    let number = till.paid().await;
    for fault in FAULTS {
        let mishap = Mishap::Api { call: Call::Refund, fault };
        till.test.sandbox.arm(Armed { mishap, sticky: false, out_trade_no: None });
    }
    till.refund(&number, &[("part-1", "700")]).await;
    let asked = till.test.db_text("select no from refund").await;

    // One fault at each try, until one of them was done at WeChat and the notice tells the end.
    for _ in 0..FAULTS.len() {
        till.test.advance(Duration::from_hours(2)).await;
        huiyuan::refund::push_due(&till.test.app).await.unwrap();
    }

    assert_eq!(till.status().await, "success");
    let refunds = till.test.sandbox.truth_of(&number).unwrap().refunds;
    assert_eq!(refunds.len(), 1);
    assert_eq!((refunds[0].out_refund_no.as_str(), refunds[0].refund), (asked.as_str(), 70_000));
    till.sound().await;
}

#[tokio::test]
async fn a_refund_has_gone_only_when_a_signed_answer_says_so() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::NoNotification);
    till.refund(&number, &[]).await;
    till.test.advance(Duration::from_mins(2)).await;
    for fault in FAULTS {
        let mishap = Mishap::Api { call: Call::RefundQuery, fault };
        till.test.sandbox.arm(Armed { mishap, sticky: false, out_trade_no: None });
        let mishap = Mishap::Api { call: Call::Refund, fault };
        till.test.sandbox.arm(Armed { mishap, sticky: false, out_trade_no: None });
        till.test.advance(Duration::from_hours(2)).await;
        huiyuan::refund::push_due(&till.test.app).await.unwrap();
        assert_eq!(till.status().await, "processing", "{fault:?}");
        till.test.sandbox.clear_mishaps();
    }
    till.test.advance(Duration::from_hours(2)).await;

    huiyuan::refund::push_due(&till.test.app).await.unwrap();

    assert_eq!(till.status().await, "success");
    till.sound().await;
}

#[tokio::test]
async fn the_end_of_a_refund_is_told_at_our_address_and_old_xml_is_refused() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.refund(&number, &[]).await;
    let xml = "<xml><return_code>SUCCESS</return_code><appid>wx</appid><mch_id>1</mch_id>\
               <nonce_str>n</nonce_str><req_info>AAAA</req_info></xml>";
    let signed = till.sign(&SignNotice { body: Some(xml.into()), ..SignNotice::default() });
    assert_eq!(till.post("/wechat/refund/notify", &signed).await, 400);
    let browser = till.test.browser();
    let bare = browser.post_body("/wechat/refund/notify", &[], xml.as_bytes().to_vec()).await;
    assert_eq!(bare.status, 400);
    assert_eq!(till.count("payment_notice").await, 1, "the payment's own");
    assert_eq!(till.status().await, "processing");

    // Nobody asks; WeChat tells, because every request names our address.
    till.test.advance(Duration::from_mins(2)).await;
    till.test.sandbox.settle().await;

    assert_eq!(till.status().await, "success");
    till.sound().await;
}
