//! 微信扫码登录 without a password, where the association offers it: off until it does, and guarded
//! like the scan after a password.

use super::{is_in, state};
use crate::support::{Browser, TestApp, Unit, browser::Page};

const ON: (&str, &str) = ("SECURITY__DIRECT_SCAN", "true");

/// A product that offers it, with one member whose WeChat is the first.
pub(super) async fn offered() -> (TestApp, Unit) {
    let test = TestApp::start_with(&[ON]).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    (test, unit)
}

/// A browser on a PC, at a login code that no password came before.
pub(super) async fn at_code(test: &TestApp) -> (Browser, Page) {
    let browser = test.browser();
    let scan = browser.get("/login/direct").await;
    assert_eq!(scan.status, 200, "{}", scan.text());
    (browser, scan)
}

pub(super) async fn logins(test: &TestApp) -> i64 {
    test.db_count("select count(*) from account_login where way = 'direct'").await
}

#[tokio::test]
async fn it_is_off_until_the_association_offers_it() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let login = browser.get("/login").await;
    assert!(!login.body.contains("/login/direct"));
    for path in ["/login/direct", "/login/direct/AAAAAAAAAAAAAAAAAAAAAA/state"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let token = login.fields("main form")["csrf"].clone();
    assert_eq!(browser.post_raw("/login/direct", &[("csrf", &token)]).await.status, 404);
}

#[tokio::test]
async fn the_bound_wechat_and_the_number_lead_in_and_the_new_browser_is_told() {
    let (test, unit) = offered().await;
    let told = "select count(*) from outbox where topic = 'account.signed-in-elsewhere'";
    let before = test.db_count(told).await;
    let (browser, scan) = at_code(&test).await;
    assert!(
        browser.get("/login").await.body.contains("/login/direct"),
        "the login page leads here"
    );
    assert_eq!(state(&browser, &scan).await, "waiting");
    assert_eq!(browser.get("/login/direct").await.qr_path(), scan.qr_path(), "a reload keeps it");
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    for words in ["不需要密码", "首次使用的浏览器", "Chrome（Windows）", "127.0.0.*", "2026-11-24"]
    {
        asked.must_say(words);
    }
    assert!(!asked.body.contains(&unit.name), "the name is masked");
    assert_eq!(state(&browser, &scan).await, "scanned");
    asked.submit_form("form[action$='/confirm']", &[("number", &scan.number())]).await;
    assert!(!is_in(&browser).await, "the PC has not collected yet");
    test.enter(&browser, &scan).await;
    assert_eq!(logins(&test).await, 1);
    assert_eq!(test.db_count(told).await, before + 1);
    browser.get("/account/sessions").await.must_say("微信扫码登录");
    assert_eq!(browser.get("/login/direct").await.location().as_deref(), Some("/"));
    assert_eq!(state(&browser, &scan).await, "consumed");
}

#[tokio::test]
async fn without_scripts_the_page_itself_leads_in() {
    let (test, _) = offered().await;
    let (browser, scan) = at_code(&test).await;
    test.phone(0).confirm(&test, &scan).await;
    assert_eq!(browser.get("/login/direct").await.location().as_deref(), Some("/"));
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn one_wechat_of_several_units_chooses_and_only_among_its_own() {
    let (test, first) = offered().await;
    let (second, foreign) = (Unit::sample(2), Unit::sample(3));
    test.member(&second).await;
    test.signed_in(&second, 0).await;
    test.member(&foreign).await;
    test.signed_in(&foreign, 1).await;
    let (browser, scan) = at_code(&test).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    assert_eq!(asked.attributes("input[name=unit]", "value").len(), 2);
    for unit in [&first, &second] {
        asked.must_say(&format!("信用代码尾号 {}", &unit.uscc[14..]));
    }
    let number = scan.number();
    let account = |unit: &Unit| format!("select id from account where uscc = '{}'", unit.uscc);
    let foreign = test.db_text(&account(&foreign)).await;
    for picked in ["", "x", &foreign] {
        let fields = [("number", number.as_str()), ("unit", picked)];
        let again = asked.submit_form("form[action$='/confirm']", &fields).await;
        assert_eq!(again.status, 422, "{picked}");
        again.must_say("请选择要登录的单位");
        assert_eq!(state(&browser, &scan).await, "scanned");
    }
    let picked = test.db_text(&account(&second)).await;
    let fields = [("number", number.as_str()), ("unit", picked.as_str())];
    asked.submit_form("form[action$='/confirm']", &fields).await.must_say("已确认登录");
    test.enter(&browser, &scan).await;
    browser.get("/").await.must_say(&second.name);
}
