//! Paying on the phone: an address that cannot be guessed, one payer, and never two ways at once.

use std::time::Duration;

use super::Payer;
use crate::support::{Phone, browser::Page};

impl Payer {
    /// The phone's page of an order, opened in WeChat.
    async fn on_the_phone(&self, pay: &Page, which: usize) -> (Phone, Page) {
        let phone = self.test.phone(which);
        let page = phone.open(&self.test, &format!("/h5{}", pay.path)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        (phone, page)
    }
}

pub(super) const FORM: &str =
    "form[action^='/h5/pay/']:not([action$='/check']):not([action$='/cancel'])";

#[tokio::test]
async fn the_phone_takes_over_from_the_code_and_pays() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let first = payer.number().await;
    let (phone, page) = payer.on_the_phone(&pc, 0).await;
    page.must_say("2,000.00");
    assert!(!page.says("示例网络科技（1）有限公司"), "the unit is masked");

    let opened = page.submit_form(FORM, &[]).await.follow().await;

    let second = payer.number().await;
    assert_ne!(first, second);
    assert!(payer.test.sandbox.pay(&first, "xiaolin").is_err(), "the code is dead");
    let package = opened.attribute("[data-wechat-pay]", "data-package").unwrap();
    let prepay = package.strip_prefix("prepay_id=").unwrap();
    assert_eq!(opened.attribute("[data-wechat-pay]", "data-sign-type").unwrap(), "RSA");
    payer.pc.get(&pc.path).await.must_say("请在手机上完成付款");
    payer.test.sandbox.pay(prepay, &phone.user).unwrap();
    payer.test.sandbox.settle().await;
    let state = phone.browser.get(&opened.poll_url()).await;
    assert!(state.body.contains("支付成功"), "{}", state.body);
    payer.pc.get(&pc.path).await.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn the_code_can_be_taken_back_from_the_phone() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let (_, page) = payer.on_the_phone(&pc, 0).await;
    page.submit_form(FORM, &[]).await;
    let on_phone = payer.number().await;

    let waiting = payer.pc.get(&pc.path).await;
    let back = waiting.submit_form("form[action^='/pay/']", &[]).await.follow().await;

    back.must_say("请用微信扫一扫付款");
    assert!(payer.test.sandbox.pay(&on_phone, "xiaolin").is_err());
    assert_eq!(payer.count("payment_attempt where live_key is not null").await, 1);
}

#[tokio::test]
async fn another_phone_gets_a_payment_of_its_own() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let (_, page) = payer.on_the_phone(&pc, 0).await;
    page.submit_form(FORM, &[]).await;
    let first = payer.number().await;

    let (phone, page) = payer.on_the_phone(&pc, 1).await;
    assert!(page.attribute("[data-wechat-pay]", "data-package").is_none(), "not for this one");
    page.submit_form(FORM, &[]).await;

    let second = payer.number().await;
    assert_ne!(first, second);
    payer.test.sandbox.pay(&second, &phone.user).unwrap();
    payer.test.sandbox.settle().await;
    payer.balanced().await;
}

#[tokio::test]
async fn a_payment_by_code_that_was_not_heard_of_is_settled_when_the_phone_starts() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let number = payer.number().await;
    let (_, page) = payer.on_the_phone(&pc, 0).await;
    payer.test.sandbox.mishap(wechat_sandbox::Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();

    let opened = page.submit_form(FORM, &[]).await.follow().await;

    opened.must_say("支付成功");
    assert_eq!(payer.count("payment_attempt").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn unknown_orders_are_not_found_and_old_ones_not_payable() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let phone = payer.test.phone(0);
    for path in ["/h5/pay/none", "/h5/pay/none/state", "/h5/pay/x'"] {
        assert_eq!(phone.browser.get(path).await.status, 404, "{path}");
    }
    payer.test.advance(Duration::from_mins(31)).await;
    let (_, page) = payer.on_the_phone(&pc, 0).await;
    page.must_say("订单已关闭");
}

const CANCEL: &str = "form[action$='/cancel']";

#[tokio::test]
async fn whoever_holds_the_address_can_pay_but_not_cancel_what_others_have_opened() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let code = payer.number().await;
    let (_, page) = payer.on_the_phone(&pc, 1).await;
    assert!(page.attribute(CANCEL, "action").is_none(), "nothing here is theirs");
    let cancel = format!("/h5{}/cancel", pc.path);
    let token = page.fields(FORM)["csrf"].clone();

    let refused = page.browser.post_raw(&cancel, &[("csrf", &token)]).await.follow().await;

    assert!(refused.body.contains("只有登录的会员或打开这笔支付的付款人可以取消支付"));
    assert_eq!(payer.number().await, code);
    assert_eq!(payer.count("payment_order where status = 'pending'").await, 1);

    // Another member is nobody here either.
    let other = crate::support::Unit::sample(2);
    payer.test.member(&other).await;
    let stranger = payer.test.signed_in(&other, 1).await;
    let seen = stranger.get(&format!("/h5{}", pc.path)).await;
    assert!(seen.attribute(CANCEL, "action").is_none());
    let token = seen.fields(FORM)["csrf"].clone();
    stranger.post_raw(&cancel, &[("csrf", &token)]).await;
    assert_eq!(payer.number().await, code);
    payer.test.sandbox.pay(&code, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    payer.balanced().await;
}

#[tokio::test]
async fn a_payer_cancels_the_own_payment_and_the_order_waits_for_another() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let (_, page) = payer.on_the_phone(&pc, 0).await;
    let opened = page.submit_form(FORM, &[]).await.follow().await;
    let number = payer.number().await;
    let (_, other) = payer.on_the_phone(&pc, 1).await;
    assert!(other.attribute(CANCEL, "action").is_none(), "another phone");

    let done = opened.submit_form(CANCEL, &[]).await.follow().await;

    assert!(done.body.contains("支付已取消，没有扣款"), "{}", done.text());
    assert!(payer.test.sandbox.pay(&number, "xiaolin").is_err());
    assert_eq!(payer.count("payment_order where status = 'pending'").await, 1);
    let back = payer.pc.get(&pc.path).await;
    let coded = back.submit_form("form[action^='/pay/']", &[]).await.follow().await;
    coded.must_say("请用微信扫一扫付款");
    payer.test.sandbox.pay(&payer.number().await, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    payer.balanced().await;
}

#[tokio::test]
async fn the_member_cancels_the_order_from_the_phone_whoever_is_paying_it() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let (_, page) = payer.on_the_phone(&pc, 1).await;
    page.submit_form(FORM, &[]).await;
    let number = payer.number().await;
    let mine = payer.pc.get(&format!("/h5{}", pc.path)).await;

    let done = mine.submit_form(CANCEL, &[]).await.follow().await;

    assert!(done.body.contains("订单已取消，没有扣款"), "{}", done.text());
    assert!(payer.test.sandbox.pay(&number, "xiaozhou").is_err());
    assert_eq!(payer.count("payment_order where status = 'closed'").await, 1);
    assert_eq!(payer.count("payment_order_bill where live_key is not null").await, 0);
}
