//! When notifications do not come: the sweep asks.

use std::time::Duration;

use wechat_sandbox::{Armed, Call, Fault, Mishap};

use super::Payer;

#[tokio::test]
async fn a_payment_that_nobody_told_us_about_is_found() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.sweep().await;
    assert_eq!(payer.state(&page).await, "pending", "it is not due yet");

    payer.test.advance(Duration::from_secs(5)).await;
    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "paid");
    let late = payer.post(&payer.notice_of(&number)).await;
    assert_eq!(late.status, 204);
    assert_eq!(payer.count("payment_notice where outcome = 'repeat'").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn what_nobody_pays_is_closed_in_time_here_and_there() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;

    payer.test.advance(Duration::from_mins(31)).await;
    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "closed");
    assert_eq!(payer.count("payment_attempt where status = 'closed'").await, 1);
    assert_eq!(payer.count("payment_order_bill where live_key is not null").await, 0);
    assert!(payer.test.sandbox.pay(&number, "xiaolin").is_err());
    let queries = payer.test.db_count("select query_count from payment_attempt").await;
    payer.sweep().await;
    let again = payer.test.db_count("select query_count from payment_attempt").await;
    assert_eq!(again, queries, "a closed attempt is not asked about");
    payer.at_the_code().await.must_say("请用微信扫一扫付款");
}

#[tokio::test]
async fn a_code_that_never_reached_wechat_is_given_up_in_time() {
    let payer = Payer::start().await;
    let mishap = Mishap::Api { call: Call::Create, fault: Fault::Http500 };
    payer.test.sandbox.arm(Armed { mishap, sticky: true, out_trade_no: None });
    let page = payer.at_the_code().await;
    page.must_say("微信支付暂时没有响应");

    payer.test.advance(Duration::from_mins(31)).await;
    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "closed");
    assert_eq!(payer.count("payment_attempt where next_query_ms is not null").await, 0);
}

#[tokio::test]
async fn paid_between_question_and_close_is_paid() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.advance(Duration::from_mins(31)).await;
    payer.test.sandbox.force_pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.mishap(Mishap::QueryDisagrees { trade_state: "NOTPAY".into() });

    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "paid");
    payer.balanced().await;
}

#[tokio::test]
async fn a_sweep_without_wechat_asks_again_later() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    let mishap = Mishap::Api { call: Call::Query, fault: Fault::Http502 };
    payer.test.sandbox.arm(Armed { mishap, sticky: true, out_trade_no: None });
    payer.test.advance(Duration::from_secs(5)).await;
    payer.sweep().await;
    assert_eq!(payer.state(&page).await, "pending");

    payer.test.sandbox.clear_mishaps();
    payer.test.advance(Duration::from_secs(30)).await;
    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "paid");
    payer.balanced().await;
}

#[tokio::test]
async fn two_sweeps_at_once_ask_once() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    payer.test.advance(Duration::from_secs(5)).await;

    tokio::join!(payer.sweep(), payer.sweep());

    assert_eq!(payer.test.db_count("select query_count from payment_attempt").await, 1);
}
