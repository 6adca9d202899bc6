//! From bills to an order: the server decides what it costs, and never makes two.

use std::time::Duration;

use wechat_sandbox::{Armed, Call, Fault, Mishap};

use super::{DUES, Payer};
use crate::support::Unit;

#[tokio::test]
async fn only_ones_own_open_bills_can_be_paid_and_the_amount_is_the_servers() {
    let payer = Payer::start().await;
    let own = payer.bill().await;
    let other = Unit::sample(2);
    payer.test.member(&other).await;
    let foreign = payer
        .test
        .db_text(&format!(
            "select b.id from dues_bill b join member m on m.id = b.member_id \
             where m.uscc = '{}'",
            other.uscc
        ))
        .await;

    for bills in [vec![foreign.as_str()], vec![&own, &foreign], vec!["nothing"], vec!["x' or 1"]] {
        assert_eq!(payer.check_out(&bills).await.status, 409, "{bills:?}");
    }
    let page = payer.pc.get("/dues").await;
    let token = page.fields("form[action='/dues/pay']")["csrf"].clone();
    let none = payer.pc.post_raw("/dues/pay", &[("csrf", &token)]).await.follow().await;
    none.must_say("请选择要缴纳的会费");
    assert_eq!(payer.count("payment_order").await, 0);

    let fields = [("bill", own.as_str()), ("bill", own.as_str()), ("amount", "1")];
    let done = page.submit_form("form[action='/dues/pay']", &fields).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(payer.test.db_count("select amount from payment_order").await, DUES);
    assert_eq!(payer.test.sandbox.orders()[0].total, DUES);

    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    let paid = payer.pc.post_raw("/dues/pay", &[("bill", &own)]).await;
    assert_eq!(paid.status, 403, "no form token");
}

#[tokio::test]
async fn the_same_bills_again_are_the_same_order() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    let first = payer.check_out(&[&bill]).await.location();
    let number = payer.number().await;

    assert_eq!(payer.check_out(&[&bill]).await.location(), first);

    assert_eq!(payer.number().await, number);
    assert_eq!(payer.test.sandbox.orders().len(), 1);
}

#[tokio::test]
async fn other_bills_close_the_order_that_holds_some_of_them() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    let old = payer.check_out(&[&bill]).await.follow().await;
    let first = payer.number().await;
    let more = payer.another_bill(2025).await;

    let page = payer.check_out(&[&bill, &more]).await.follow().await;

    page.must_say("4,000.00");
    page.must_say("2025、2026 年度会费");
    payer.pc.get(&old.path).await.must_say("订单已关闭");
    assert!(payer.test.sandbox.pay(&first, "xiaolin").is_err());
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    assert_eq!(payer.count("dues_bill where status = 'paid'").await, 2);
    payer.balanced().await;
}

#[tokio::test]
async fn an_order_that_was_paid_a_moment_ago_is_settled_instead_of_replaced() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    payer.check_out(&[&bill]).await;
    let number = payer.number().await;
    let more = payer.another_bill(2025).await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();

    let page = payer.check_out(&[&bill, &more]).await.follow().await;

    page.must_say("支付成功");
    assert_eq!(payer.count("payment_order").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn twenty_clicks_at_once_make_one_order_and_one_code() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    let page = payer.pc.get("/dues").await;
    let token = page.fields("form[action='/dues/pay']")["csrf"].clone();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (pc, token, bill) = (payer.pc.clone(), token.clone(), bill.clone());
        all.spawn(async move {
            pc.post_raw("/dues/pay", &[("csrf", &token), ("bill", &bill)]).await.location()
        });
    }

    let mut places = all.join_all().await;

    places.retain(Option::is_some);
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(payer.count("payment_order where status = 'pending'").await, 1);
    assert_eq!(payer.count("payment_attempt where live_key is not null").await, 1);
    assert_eq!(payer.test.sandbox.orders().len(), 1);
}

/// Presses 重新获取.
pub(super) async fn retry(page: &crate::support::browser::Page) -> crate::support::browser::Page {
    page.submit_form("form[action^='/pay/']", &[]).await.follow().await
}

#[tokio::test]
async fn a_notice_that_comes_before_the_answer_finds_its_attempt() {
    let payer = Payer::start().await;
    payer.test.sandbox.mishap(Mishap::NotifyBeforeAnswer);

    let page = payer.at_the_code().await;
    payer.test.sandbox.settle().await;

    payer.pc.get(&page.path).await.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn nobody_sees_the_order_of_another_member() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let other = Unit::sample(2);
    payer.test.member(&other).await;
    let stranger = payer.test.signed_in(&other, 1).await;

    for path in [page.path.clone(), format!("{}/state", page.path), "/pay/none".into()] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    assert!(!stranger.get("/payments").await.says("年度会费"));
    let visitor = payer.test.browser().get(&page.path).await;
    assert_eq!(visitor.location().as_deref(), Some("/login"));
}

#[tokio::test]
async fn an_order_that_wechat_cannot_close_is_not_replaced() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    payer.check_out(&[&bill]).await;
    let more = payer.another_bill(2025).await;
    let fault = Fault::Http500;
    for call in [Call::Query, Call::Close] {
        let mishap = Mishap::Api { call, fault };
        payer.test.sandbox.arm(Armed { mishap, sticky: true, out_trade_no: None });
    }

    let answer = payer.check_out(&[&bill, &more]).await;

    assert_eq!(answer.status, 409);
    answer.must_say("请稍后重试");
    assert_eq!(payer.count("payment_order where status = 'pending'").await, 1);
    payer.test.sandbox.clear_mishaps();
    payer.test.advance(Duration::from_secs(1)).await;
    assert_eq!(payer.check_out(&[&bill, &more]).await.status, 303);
}
