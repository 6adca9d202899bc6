//! A confirmation and an online payment of the same bill: asked, closed, confirmed, in this order.

use huiyuan::staff::Role;
use wechat_sandbox::State;

use super::{
    decision::{confirm, ledger_balance, next_in_queue},
    report,
};
use crate::support::{Browser, TestApp, Unit};

/// A member with a report that waits and a payment code on the screen; the code's number.
async fn both_ways(test: &TestApp, n: u32) -> (Browser, String) {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let dues = member.get("/dues").await;
    dues.submit_form("form[action='/dues/pay']", &[]).await.follow().await;
    let number = test.db_text("select out_trade_no from payment_attempt").await;
    (member, number)
}

#[tokio::test]
async fn a_code_on_the_screen_is_closed_at_wechat_before_the_transfer_is_confirmed() {
    let test = TestApp::start().await;
    let (_, number) = both_ways(&test, 1).await;
    let finance = test.staff(Role::Finance).await;
    let done = confirm(&next_in_queue(&finance).await).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let truth = test.sandbox.truth_of(&number).unwrap();
    assert_eq!(truth.state, State::Closed, "nobody can pay it twice");
    assert!(test.sandbox.pay(&number, "xiaolin").is_err());
    assert_eq!(test.db_text("select status from payment_attempt").await, "closed");
    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    assert_eq!(ledger_balance(&test, "wechat-clearing").await, 0);
}

#[tokio::test]
async fn what_wechat_has_got_already_is_booked_and_finance_decides_anew() {
    let test = TestApp::start().await;
    let (member, number) = both_ways(&test, 2).await;
    test.sandbox.mishap(wechat_sandbox::Mishap::NoNotification);
    test.sandbox.pay(&number, "xiaolin").unwrap();
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    let refused = confirm(&detail).await;
    assert_eq!(refused.status, 409);
    refused.must_say("已在线支付成功并已入账");
    refused.must_say("不再欠费");
    assert_eq!(test.db_text("select status from offline_payment").await, "submitted");
    assert_eq!(ledger_balance(&test, "wechat-clearing").await, 200_000);
    assert_eq!(ledger_balance(&test, "bank").await, 0);
    let done = refused.submit_form("form#reject", &[("reason", "已在线缴清")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    member.get("/dues/records").await.must_say("自动确认");
}

#[tokio::test]
async fn while_wechat_is_silent_about_an_open_code_nothing_is_confirmed() {
    let test = TestApp::start().await;
    both_ways(&test, 3).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    test.sandbox.stop();
    let refused = confirm(&detail).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    refused.must_say("微信支付暂时没有明确答复");
    assert_eq!(test.db_text("select status from offline_payment").await, "submitted");
    assert_eq!(test.db_count("select count(*) from ledger_entry").await, 0);
}
