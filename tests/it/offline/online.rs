//! A confirmation and an online payment of the same bill: asked, closed, confirmed, in this order.

use huiyuan::staff::Role;
use wechat_sandbox::{Mishap, SignNotice, State};

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
    test.sandbox.mishap(Mishap::NoNotification);
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

#[tokio::test]
async fn odd_money_of_an_open_code_is_looked_at_before_the_transfer_is_confirmed() {
    let test = TestApp::start().await;
    let (member, number) = both_ways(&test, 4).await;
    test.sandbox.mishap(Mishap::NoNotification);
    test.sandbox.pay(&number, "xiaolin").unwrap();
    test.sandbox.mishap(Mishap::QueryWrongAmount { fen: 1 });
    let finance = test.staff(Role::Finance).await;

    let refused = confirm(&next_in_queue(&finance).await).await;

    assert_eq!(refused.status, 409);
    refused.must_say("收到一笔与订单不符的款项，已列入待处理款项");
    assert_eq!(test.db_text("select status from offline_payment").await, "submitted");
    assert_eq!(ledger_balance(&test, "bank").await, 0);
    assert_eq!(ledger_balance(&test, "suspense").await, -200_001, "what WeChat said");
    assert_eq!(test.db_text("select kind from unexplained_payment").await, "amount");
    assert_eq!(test.db_text("select status from payment_order").await, "closed");
    let open = "select count(*) from payment_attempt where live_key is not null \
                or next_query_ms is not null";
    assert_eq!(test.db_count(open).await, 0, "nothing more can be paid or asked");
    finance.get("/admin/payments/unexplained").await.must_say("金额与订单不符");

    // Finance has looked: the same transfer is confirmed now, and the bill is settled by it.
    let done = confirm(&next_in_queue(&finance).await).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    assert_eq!(test.db_count("select paid from dues_bill").await, 200_000);

    // And when WeChat tells the truth at last, it is money too much, of the right amount.
    let wanted = SignNotice { out_trade_no: Some(number), ..SignNotice::default() };
    let sealed = test.sandbox.sign_notice(&wanted).unwrap();
    let headers: Vec<(&str, &str)> =
        sealed.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = test.browser().post_body("/wechat/pay/notify", &headers, sealed.bytes).await;
    assert_eq!(answer.status, 204);
    assert_eq!(ledger_balance(&test, "suspense").await, -200_000);
    assert_eq!(ledger_balance(&test, "wechat-clearing").await, 200_000);
    assert_eq!(ledger_balance(&test, "dues-income").await, -200_000);
    assert_eq!(test.db_count("select paid from dues_bill").await, 200_000);
    member.get("/dues").await.must_say("已缴");
}
