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

pub(super) const FORM: &str = "form[action^='/h5/pay/']:not([action$='/check']):not([action$='/cancel'])";

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
