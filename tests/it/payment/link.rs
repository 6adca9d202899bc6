//! 付款链接: pays one bill, shows nothing personal, ends when it should.

use std::time::Duration;

use super::Payer;
use crate::support::{Unit, browser::Page};

impl Payer {
    /// The bill of the unit that this payer is, whoever else there is.
    async fn own_bill(&self) -> String {
        let uscc = Unit::sample(1).uscc;
        let of = format!("(select id from member where uscc = '{uscc}')");
        self.test.db_text(&format!("select id from dues_bill where member_id = {of}")).await
    }

    /// Makes a link; its page and its path.
    async fn link(&self) -> (Page, String) {
        let page = self.pc.get("/dues/links").await;
        let fields = [("bill", self.own_bill().await), ("days", "7".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let done = page.submit_form("form[action='/dues/links']", &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let shown = done.follow().await;
        let url = shown.attribute("[data-phone-url]", "data-phone-url").unwrap();
        let path = url[url.find("/pay/link/").unwrap()..].to_owned();
        (shown, path)
    }
}

#[tokio::test]
async fn the_accountant_pays_without_signing_in_and_sees_nothing_personal() {
    let payer = Payer::start().await;
    let (_, path) = payer.link().await;
    let accountant = payer.test.browser();

    let page = accountant.get(&path).await;

    page.must_say("2,000.00");
    page.must_say("2026 年度会费");
    let unit = Unit::sample(1);
    for secret in [unit.name, unit.uscc, unit.contact_mobile] {
        assert!(!page.body.contains(&secret), "{secret}");
    }
    let coded = page.submit_form(&format!("form[action='{path}']"), &[]).await.follow().await;
    coded.must_say("请用微信扫一扫付款");
    payer.test.sandbox.pay(&payer.number().await, "xiaozhou").unwrap();
    payer.test.sandbox.settle().await;
    let fragment = accountant.get(&coded.poll_url()).await;
    assert!(fragment.body.contains("支付成功") && !fragment.body.contains("data-poll="));
    accountant.get(&path).await.must_say("人民币贰仟元整");
    payer.pc.get("/payments").await.must_say("支付成功");
    payer.pc.get("/dues/links").await.must_say("会费已结清");
    assert_eq!(payer.count("audit_log where action = 'payment.link'").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn a_link_opens_on_the_phone_too() {
    let payer = Payer::start().await;
    let (_, path) = payer.link().await;
    let phone = payer.test.phone(1);
    let first = phone.browser.get(&path).await;
    assert_eq!(first.location(), Some(format!("/h5{path}")));
    let page = first.follow().await;
    page.must_say("2,000.00");

    let led = page.submit_form("form[action^='/h5/pay/link/']", &[]).await;

    let order = led.location().unwrap();
    assert!(order.starts_with("/h5/pay/"), "{order}");
    let opened = phone.open(&payer.test, &order).await;
    opened.must_say("2,000.00");
    assert_eq!(payer.count("payment_order where link_id is not null").await, 1);
}

#[tokio::test]
async fn a_revoked_link_is_dead_with_everything_that_was_begun_through_it() {
    let payer = Payer::start().await;
    let (shown, path) = payer.link().await;
    let accountant = payer.test.browser();
    let page = accountant.get(&path).await;
    let coded = page.submit_form(&format!("form[action='{path}']"), &[]).await.follow().await;
    let number = payer.number().await;

    let revoked = shown.submit_form("form[action$='/revoke']", &[]).await.follow().await;

    revoked.must_say("已作废");
    assert!(payer.test.sandbox.pay(&number, "xiaozhou").is_err(), "its code is closed");
    let dead = accountant.get(&path).await;
    assert_eq!(dead.status, 404);
    dead.must_say("付款链接不可用");
    assert_eq!(accountant.get(&coded.poll_url()).await.status, 404);
    assert_eq!(payer.count("audit_log where action = 'payment.link.revoke'").await, 1);
    // The very same words for what never was and for what is over.
    let never = accountant.get(&format!("/pay/link/{}", "0".repeat(32))).await;
    assert_eq!((never.status, never.text()), (404, dead.text()));

    let (_, path) = payer.link().await;
    payer.test.advance(Duration::from_hours(24 * 7)).await;
    assert_eq!(accountant.get(&path).await.text(), dead.text(), "expired");
    assert_eq!(accountant.get(&format!("/h5{path}")).await.status, 404);
}

#[tokio::test]
async fn links_are_made_for_ones_own_open_bills_and_the_token_is_stored_nowhere() {
    let payer = Payer::start().await;
    let bill = payer.bill().await;
    let other = Unit::sample(2);
    payer.test.member(&other).await;
    let stranger = payer.test.signed_in(&other, 1).await;
    let page = stranger.get("/dues/links").await;
    let form = "form[action='/dues/links']";
    for fields in [[("bill", bill.as_str()), ("days", "7")], [("bill", ""), ("days", "999")]] {
        let refused = page.submit_form(form, &fields).await;
        assert_eq!(refused.status, 422);
        refused.must_say("请选择一个待缴的年度");
    }
    let (shown, path) = payer.link().await;
    let token = path.rsplit('/').next().unwrap();
    let stored = format!("payment_link where id = '{token}' or token_index = '{token}'");
    assert_eq!(payer.count(&stored).await, 0);
    assert_eq!(stranger.get(&shown.path).await.status, 404);
    let revoke = format!("{}/revoke", shown.path);
    let token = page.fields(form)["csrf"].clone();
    assert_eq!(stranger.post_raw(&revoke, &[("csrf", &token)]).await.status, 404);
}
