//! The money itself: paid once, told often, twice, late, at once.

use std::time::Duration;

use wechat_sandbox::{Mishap, SignNotice};

use super::Payer;

#[tokio::test]
async fn a_member_pays_by_code_and_everything_is_booked_once() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    page.must_say("请用微信扫一扫付款");
    page.must_say("2,000.00");
    page.must_say("人民币贰仟元整");
    let number = payer.number().await;
    assert_eq!(payer.state(&page).await, "pending");
    let unchanged = payer.pc.get(&page.poll_url()).await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (204, ""));

    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;

    assert_eq!(payer.test.sandbox.deliveries()[0].status, Some(204));
    assert_eq!(payer.state(&page).await, "paid");
    let fragment = payer.pc.get(&page.poll_url()).await;
    assert!(fragment.body.contains("支付成功") && !fragment.body.contains("data-poll="));
    let done = payer.pc.get(&page.path).await;
    done.must_say("支付成功");
    done.must_say(&payer.test.db_text("select transaction_id from payment_attempt").await);
    assert_eq!(payer.test.db_text("select status from dues_bill").await, "paid");
    assert_eq!(payer.count("outbox where topic = 'payment.received'").await, 1);
    assert_eq!(payer.count("audit_log where action = 'payment.settle'").await, 1);
    assert_eq!(payer.count("payment_notice where outcome = 'settled'").await, 1);
    payer.pc.get("/payments").await.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn a_hundred_copies_at_once_are_booked_once_and_all_answered() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    let sealed = payer.notice_of(&number);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (browser, sealed) = (payer.test.browser(), sealed.clone());
        all.spawn(async move {
            let headers: Vec<(&str, &str)> =
                sealed.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            browser.post_body(super::NOTIFY, &headers, sealed.bytes.clone()).await.status
        });
    }

    let statuses = all.join_all().await;

    let refused = statuses.iter().filter(|status| !matches!(status, 204 | 503)).count();
    assert_eq!(refused, 0, "{statuses:?}");
    assert!(statuses.contains(&204));
    assert_eq!(payer.post(&sealed).await.status, 204);
    assert_eq!(payer.count("ledger_entry").await, 2);
    assert_eq!(payer.count("allocation").await, 1);
    assert_eq!(payer.count("payment_notice").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn a_second_transaction_for_one_number_is_kept_for_refund() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    let genuine = payer.test.sandbox.deliveries()[0].clone();
    assert_eq!(genuine.status, Some(204));
    let plain = serde_json::json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": "4200009999202611240000000001",
        "trade_type": "NATIVE", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
        "success_time": "2026-11-24T12:00:00+08:00", "payer": {"openid": "oOther_1"},
        "amount": {"total": 200_000, "payer_total": 200_000, "currency": "CNY"}
    });
    let second = payer.sign(&SignNotice { plain: Some(plain), ..SignNotice::default() });

    assert_eq!(payer.post(&second).await.status, 204);
    assert_eq!(payer.post(&second).await.status, 204);

    assert_eq!(payer.count("unexplained_payment where kind = 'duplicate'").await, 1);
    assert_eq!(payer.test.db_count("select amount from unexplained_payment").await, super::DUES);
    assert_eq!(payer.count("ledger_entry").await, 4);
    assert_eq!(payer.test.db_text("select status from payment_attempt").await, "success");
}

#[tokio::test]
async fn money_for_a_closed_order_goes_to_its_bill_if_that_still_owes() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.advance(Duration::from_mins(31)).await;
    payer.sweep().await;
    payer.pc.get(&page.path).await.must_say("订单已关闭");
    assert_eq!(payer.test.db_text("select status from payment_order").await, "closed");

    payer.test.sandbox.force_pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;

    assert_eq!(payer.test.db_text("select status from payment_attempt").await, "late");
    assert_eq!(payer.test.db_text("select status from dues_bill").await, "paid");
    payer.pc.get(&page.path).await.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn two_attempts_paid_at_the_same_instant_pay_the_bill_once() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let first = payer.number().await;
    payer.test.advance(Duration::from_mins(31)).await;
    payer.sweep().await;
    let again = payer.at_the_code().await;
    let second = payer.number().await;
    assert_ne!(first, second);

    payer.test.sandbox.force_pay(&first, "xiaolin").unwrap();
    payer.test.sandbox.pay(&second, "xiaozhou").unwrap();
    payer.test.sandbox.settle().await;

    assert_eq!(payer.count("payment_attempt where status in ('success', 'late')").await, 1);
    assert_eq!(payer.count("payment_attempt where status = 'duplicate'").await, 1);
    assert_eq!(payer.count("unexplained_payment where kind = 'duplicate'").await, 1);
    let shown = payer.pc.get(&again.path).await;
    assert!(shown.says("支付成功") || shown.says("已收到付款，等待秘书处处理"));
    payer.balanced().await;
}

#[tokio::test]
async fn a_bill_paid_by_transfer_meanwhile_parks_the_online_money() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.db_exec("update dues_bill set status = 'waived'").await;

    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;

    payer.pc.get(&page.path).await.must_say("已收到付款，等待秘书处处理");
    assert_eq!(payer.test.db_text("select status from payment_attempt").await, "duplicate");
    assert_eq!(payer.count("outbox where topic = 'payment.received'").await, 0);
    payer.balanced().await;
}
