//! F42: WeChat answers, but nothing that can be believed. The attempt stays unknown under its one
//! number, the payer is told to wait, and no money is booked on a word that nobody signed.

use std::time::Duration;

use wechat_sandbox::{Armed, Call, Fault, Mishap};

use super::{Payer, checkout::retry, phone::FORM};

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

const WAIT: &str = "微信支付暂时没有响应，请稍后重试";

impl Payer {
    fn breaks(&self, call: Call, fault: Fault) {
        let mishap = Mishap::Api { call, fault };
        self.test.sandbox.arm(Armed { mishap, sticky: false, out_trade_no: None });
    }

    async fn attempt_status(&self) -> String {
        self.test.db_text("select status from payment_attempt").await
    }
}

#[tokio::test]
async fn a_code_that_cannot_be_believed_is_none_and_a_retry_keeps_the_number() {
    let payer = Payer::start().await;
    let mut page = None;
    for fault in FAULTS {
        payer.breaks(Call::Create, fault);
        let shown = match page {
            None => payer.at_the_code().await,
            Some(page) => retry(&page).await,
        };
        shown.must_say(WAIT);
        assert_eq!(payer.attempt_status().await, "unknown", "{fault:?}");
        page = Some(shown);
    }
    let number = payer.number().await;

    let page = retry(&page.unwrap()).await;

    page.must_say("请用微信扫一扫付款");
    assert_eq!(payer.number().await, number);
    assert_eq!(payer.count("payment_attempt").await, 1);
    assert_eq!(payer.test.sandbox.orders().len(), 1);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    payer.balanced().await;
}

#[tokio::test]
async fn an_answer_that_trickles_keeps_the_payer_no_longer_than_our_patience() {
    let payer = Payer::start().await;
    payer.breaks(Call::Create, Fault::Slow);

    let page = payer.at_the_code().await;

    page.must_say(WAIT);
    assert_eq!(payer.attempt_status().await, "unknown");
    let number = payer.number().await;
    retry(&page).await.must_say("请用微信扫一扫付款");
    assert_eq!(payer.number().await, number, "WeChat knows it under this number already");
    assert_eq!(payer.test.sandbox.orders().len(), 1);
}

#[tokio::test]
async fn while_the_first_may_live_no_other_way_and_no_other_order_gets_a_new_number() {
    let payer = Payer::start().await;
    // Done at WeChat, but we have not understood it: the code may be paid.
    payer.breaks(Call::Create, Fault::Truncated);
    let pc = payer.at_the_code().await;
    let number = payer.number().await;
    let phone = payer.test.phone(0);
    let mut page = phone.open(&payer.test, &format!("/h5{}", pc.path)).await;
    for fault in FAULTS {
        payer.breaks(Call::Query, fault);
        page = page.submit_form(FORM, &[]).await.follow().await;
        page.must_say(WAIT);
        assert_eq!(payer.count("payment_attempt").await, 1, "{fault:?}");
    }
    let more = payer.another_bill(2025).await;
    let bill = payer.test.db_text("select bill_id from payment_order_bill").await;
    for fault in [Fault::Unsigned, Fault::Html500] {
        payer.breaks(Call::Query, fault);
        let refused = payer.check_out(&[&bill, &more]).await;
        assert_eq!(refused.status, 409, "{fault:?}");
        assert_eq!(payer.count("payment_order").await, 1);
    }
    // The query is good, the close is not. The last one is done at WeChat, but nobody signed that.
    for fault in [
        Fault::Http500,
        Fault::Html500,
        Fault::Http502,
        Fault::RateLimited,
        Fault::SignError,
        Fault::Redirect,
        Fault::RedirectLoop,
        Fault::Unsigned,
    ] {
        payer.breaks(Call::Close, fault);
        page.submit_form(FORM, &[]).await.follow().await.must_say(WAIT);
        assert_eq!(payer.number().await, number, "{fault:?}");
    }

    page.submit_form(FORM, &[]).await;

    assert_ne!(payer.number().await, number);
    assert!(payer.test.sandbox.pay(&number, "xiaolin").is_err(), "it was closed first");
    assert_eq!(payer.count("payment_attempt where live_key is not null").await, 1);
}

#[tokio::test]
async fn an_order_that_wechat_does_not_know_yet_may_still_be_under_way() {
    let payer = Payer::start().await;
    payer.breaks(Call::Create, Fault::Html500);
    let pc = payer.at_the_code().await;
    let phone = payer.test.phone(0);
    let page = phone.open(&payer.test, &format!("/h5{}", pc.path)).await;
    page.submit_form(FORM, &[]).await.follow().await.must_say(WAIT);
    assert_eq!(payer.count("payment_attempt").await, 1);

    payer.test.advance(Duration::from_secs(31)).await;
    page.submit_form(FORM, &[]).await;

    assert_eq!(payer.count("payment_attempt").await, 2);
    assert_eq!(payer.count("payment_attempt where live_key is not null").await, 1);
}

#[tokio::test]
async fn paid_is_only_what_a_signed_answer_says() {
    let payer = Payer::start().await;
    let mut page = payer.at_the_code().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&payer.number().await, "xiaolin").unwrap();
    let check = "form[action$='/check']";
    for (turn, fault) in FAULTS.into_iter().enumerate() {
        // Everybody may ask a dozen times in two minutes.
        if turn % 10 == 9 {
            payer.test.advance(Duration::from_mins(2)).await;
        }
        payer.breaks(Call::Query, fault);
        page = page.submit_form(check, &[]).await.follow().await;
        page.must_say("暂未查到付款结果");
        assert_eq!(payer.count("ledger_entry").await, 0, "{fault:?}");
        assert_eq!(payer.count("unexplained_payment").await, 0, "{fault:?}");
    }
    payer.test.advance(Duration::from_mins(2)).await;

    page.submit_form(check, &[]).await.follow().await.must_say("支付成功");

    payer.balanced().await;
}
