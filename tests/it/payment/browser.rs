//! H5: paying from a phone's browser outside WeChat, and handing a payment over between channels
//! and servers.

use std::time::Duration;

use wechat_sandbox::Mishap;

use super::Payer;
use crate::support::{Browser, browser::Page};

const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari";
const FORM: &str = "form[action^='/h5/pay/']:not([action$='/check']):not([action$='/cancel'])";

impl Payer {
    /// The phone's page of an order, in a browser outside WeChat.
    async fn in_a_browser(&self, pay: &Page) -> Page {
        let browser = Browser::with_agent(self.test.address, IPHONE);
        let page = browser.get(&format!("/h5{}", pay.path)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        page
    }
}

/// What a browser at `url` gets to read, coming from `referer`.
async fn at_wechat(url: &str, referer: Option<&str>, agent: &str) -> String {
    let client = reqwest::Client::builder().user_agent(agent).no_proxy().build().unwrap();
    let mut request = client.get(url);
    if let Some(referer) = referer {
        request = request.header("referer", referer);
    }
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn a_browser_is_led_to_wechats_page_and_pays_there() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let code = payer.number().await;
    let page = payer.in_a_browser(&pc).await;

    let opened = page.submit_form(FORM, &[]).await.follow().await;

    let number = payer.number().await;
    assert_ne!(number, code);
    assert!(payer.test.sandbox.pay(&code, "xiaolin").is_err(), "the code on the PC is dead");
    let orders = payer.test.sandbox.orders();
    let order = orders.iter().find(|order| order.out_trade_no == number).unwrap();
    assert_eq!(order.request["scene_info"]["payer_client_ip"], "127.0.0.1");
    assert_eq!(order.request["scene_info"]["h5_info"]["type"], "iOS");
    assert_eq!(opened.headers["referrer-policy"], "origin", "WeChat wants to see our host");
    let away = opened.attribute("[data-pay-away]", "href").unwrap();
    let ours = opened.browser.url("/");
    let back = reqwest::Url::parse(&away).unwrap();
    let back = back.query_pairs().find(|(name, _)| name == "redirect_url").unwrap().1.into_owned();
    assert_eq!(back, opened.browser.url(&format!("/h5{}?back=1", pc.path)));
    let read = at_wechat(&away, Some(&ours), IPHONE).await;
    assert!(read.contains("2026 年度会费"), "{read}");
    payer.pc.get(&pc.path).await.must_say("请在手机上完成付款");
    let returned = opened.browser.get(&format!("/h5{}?back=1", pc.path)).await;
    returned.must_say("我已完成付款");

    payer.test.sandbox.pay(&number, "xiaozhou").unwrap();
    payer.test.sandbox.settle().await;

    opened.browser.get(&format!("/h5{}", pc.path)).await.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn wechats_page_opens_only_from_our_site_and_outside_wechat() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let opened = payer.in_a_browser(&pc).await.submit_form(FORM, &[]).await.follow().await;
    let away = opened.attribute("[data-pay-away]", "href").unwrap();
    let ours = opened.browser.url("/");

    let inside = format!("{IPHONE} MicroMessenger/8.0");
    for (referer, agent, wanted) in [
        (None, IPHONE, "商家参数格式有误"),
        (Some("https://elsewhere.example/"), IPHONE, "商家存在未配置的参数"),
        (Some(ours.as_str()), inside.as_str(), "请在微信外打开订单"),
    ] {
        let read = at_wechat(&away, referer, agent).await;
        assert!(read.contains(wanted), "{referer:?}: {read}");
    }
    let foreign = away.replace("redirect_url=", "redirect_url=https%3A%2F%2Fevil.example%2F%3F");
    let read = at_wechat(&foreign, Some(&ours), IPHONE).await;
    assert!(read.contains("商家存在未配置的参数"), "{read}");
    let from_pc = payer.pc.get(&format!("/h5{}", pc.path)).await;
    assert_eq!(from_pc.headers["referrer-policy"], "same-origin", "nothing leads away there");
}

#[tokio::test]
async fn a_page_of_wechat_is_renewed_before_its_five_minutes_are_over() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let opened = payer.in_a_browser(&pc).await.submit_form(FORM, &[]).await.follow().await;
    let (first, number) = (opened.attribute("[data-pay-away]", "href"), payer.number().await);
    payer.test.advance(Duration::from_secs(4 * 60 + 1)).await;
    let old = opened.browser.get(&format!("/h5{}", pc.path)).await;
    assert!(old.attribute("[data-pay-away]", "href").is_none(), "too old to be shown");

    let again = old.submit_form(FORM, &[]).await.follow().await;

    let fresh = again.attribute("[data-pay-away]", "href").unwrap();
    assert_ne!(Some(&fresh), first.as_ref());
    assert_eq!(payer.number().await, number, "the same attempt");
    payer.test.advance(Duration::from_mins(2)).await;
    let read = at_wechat(&fresh, Some(&again.browser.url("/")), IPHONE).await;
    assert!(read.contains("2026 年度会费"), "{read}");
}

#[tokio::test]
async fn a_payment_goes_through_every_channel_and_two_servers_and_is_paid_once() {
    let payer = Payer::start().await;
    let second = payer.test.second_server().await;
    let pc = payer.at_the_code().await;
    let code = payer.number().await;
    let browser = Browser::with_agent(second.address, IPHONE);
    let page = browser.get(&format!("/h5{}", pc.path)).await;
    page.submit_form(FORM, &[]).await;
    let h5 = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&h5, "xiaolin").unwrap();

    // The member takes the payment back to the PC, on the other server, and nobody has told us.
    let waiting = payer.pc.get(&pc.path).await;
    let back = waiting.submit_form("form[action^='/pay/']", &[]).await.follow().await;

    back.must_say("支付成功");
    assert!(payer.test.sandbox.pay(&code, "xiaozhou").is_err());
    assert_eq!(payer.count("payment_attempt where live_key is not null").await, 0);
    assert_eq!(payer.count("allocation").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn who_says_that_he_has_paid_is_believed_when_wechat_agrees() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let check = "form[action$='/check']";
    let not_yet = pc.submit_form(check, &[]).await.follow().await;
    assert!(not_yet.body.contains("暂未查到付款结果"), "{}", not_yet.text());
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&payer.number().await, "xiaolin").unwrap();

    let found = not_yet.submit_form(check, &[]).await.follow().await;

    found.must_say("支付成功");
    payer.balanced().await;
}

#[tokio::test]
async fn a_cancelled_payment_is_dead_at_wechat_and_its_bills_are_free() {
    let payer = Payer::start().await;
    let pc = payer.at_the_code().await;
    let number = payer.number().await;
    let cancel = "form[action$='/cancel']";

    let done = pc.submit_form(cancel, &[]).await;

    assert_eq!(done.location().as_deref(), Some("/dues"));
    assert!(payer.test.sandbox.pay(&number, "xiaolin").is_err());
    assert_eq!(payer.count("payment_order_bill where live_key is not null").await, 0);
    let closed = payer.pc.get(&pc.path).await;
    closed.must_say("订单已关闭");
    let again = closed.submit_form("form[action='/dues/pay']", &[]).await.follow().await;
    again.must_say("请用微信扫一扫付款");

    // A cancel that comes after the money is none.
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&payer.number().await, "xiaolin").unwrap();
    again.submit_form(cancel, &[]).await.follow().await.must_say("支付成功");
    payer.balanced().await;
}
