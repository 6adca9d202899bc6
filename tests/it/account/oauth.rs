use wechat_sandbox::Mishap;

use super::{at_scan, state};
use crate::support::{Phone, TestApp, Unit};

/// The callback addresses that WeChat gives a phone which opens a login code.
async fn callbacks(test: &TestApp, phone: &Phone, path: &str) -> Vec<String> {
    let asked = phone.browser.get(path).await.location().unwrap();
    test.sandbox.authorize(&asked, &phone.user).unwrap()
}

async fn scanning() -> (TestApp, crate::support::Browser, crate::support::browser::Page) {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    (test, browser, scan)
}

#[tokio::test]
async fn the_state_fits_wechat_and_the_code_leaves_the_address() {
    let (test, _, scan) = scanning().await;
    let phone = test.phone(0);
    let asked = phone.browser.get(&scan.qr_path()).await.location().unwrap();
    let state = asked.split("state=").nth(1).unwrap().split(['&', '#']).next().unwrap().to_owned();
    assert!(state.len() >= 26 && state.bytes().all(|b| b.is_ascii_alphanumeric()), "{state}");
    assert!(asked.contains("scope=snsapi_base") && asked.ends_with("#wechat_redirect"), "{asked}");
    let back = test.sandbox.authorize(&asked, &phone.user).unwrap().remove(0);
    let answer = phone.browser.get(&back).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location().as_deref(), Some(scan.qr_path().as_str()));
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn calling_back_twice_with_one_code_or_two_gives_one_result() {
    for mishap in [Mishap::OauthDoubleCallback, Mishap::OauthTwoCodes] {
        let (test, browser, scan) = scanning().await;
        test.sandbox.mishap(mishap.clone());
        let phone = test.phone(0);
        let back = callbacks(&test, &phone, &scan.qr_path()).await;
        assert_eq!(back.len(), 2, "{mishap:?}");
        let (first, second) =
            tokio::join!(phone.browser.get(&back[0]), phone.browser.get(&back[1]));
        for answer in [first, second, phone.browser.get(&back[0]).await] {
            assert_eq!(answer.location(), Some(scan.qr_path()), "{mishap:?}: {}", answer.text());
        }
        phone.browser.get(&scan.qr_path()).await.must_say("登录确认");
        assert_eq!(state(&browser, &scan).await, "scanned");
    }
}

#[tokio::test]
async fn a_callback_of_another_phone_is_refused() {
    let (test, browser, scan) = scanning().await;
    let (attacker, victim) = (test.phone(1), test.phone(0));
    let prepared = callbacks(&test, &attacker, &scan.qr_path()).await.remove(0);
    for browser in [&victim.browser, &test.browser()] {
        let answer = browser.get(&prepared).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        answer.must_say("微信授权已失效");
    }
    assert_eq!(state(&browser, &scan).await, "waiting");
}

#[tokio::test]
async fn callbacks_that_nobody_asked_for_are_clear_pages() {
    let test = TestApp::start().await;
    let browser = test.browser();
    let long = "A".repeat(200);
    for query in [
        "",
        "?code=x",
        "?state=x",
        "?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAA",
        &format!("?code=x&state={long}"),
        "?code=x&state=%00%0a",
        "?code=x&code=y&state=z&state=q",
    ] {
        let answer = browser.get(&format!("/wechat/oauth/callback{query}")).await;
        assert_eq!(answer.status, 403, "{query}");
        answer.must_say("微信授权已失效");
    }
}

#[tokio::test]
async fn an_invalid_code_starts_again_twice_and_then_asks_the_user() {
    let (test, _, scan) = scanning().await;
    let phone = test.phone(0);
    let mut path = scan.qr_path();
    for round in 0..3 {
        test.sandbox.mishap(Mishap::OauthExpiredCode);
        let asked =
            if round == 0 { phone.browser.get(&path).await.location().unwrap() } else { path };
        let back = test.sandbox.authorize(&asked, &phone.user).unwrap().remove(0);
        let answer = phone.browser.get(&back).await;
        if round == 2 {
            answer.must_say("微信授权没有完成");
            assert_eq!(answer.attribute("main a", "href"), Some(scan.qr_path()));
            return;
        }
        path = answer.location().unwrap_or_else(|| panic!("{round}: {}", answer.text()));
        assert!(path.starts_with(&test.sandbox.base_url()));
    }
}

#[tokio::test]
async fn a_snapshot_visitor_is_nobody() {
    let (test, browser, scan) = scanning().await;
    test.sandbox.mishap(Mishap::OauthSnapshot);
    let answer = test.phone(0).open(&test, &scan.qr_path()).await;
    assert_eq!(answer.status, 403);
    answer.must_say("使用完整服务");
    assert_eq!(state(&browser, &scan).await, "waiting");
}

#[tokio::test]
async fn a_wechat_that_is_busy_or_broken_is_told_and_tried_again() {
    let (test, _, scan) = scanning().await;
    for (mishap, words) in
        [(Mishap::OauthHttp500, "暂时无法连接微信"), (Mishap::OauthBusyThenUsed, "微信暂时繁忙")]
    {
        test.sandbox.mishap(mishap);
        let phone = test.phone(0);
        let answer = phone.open(&test, &scan.qr_path()).await;
        assert_eq!(answer.status, 503, "{}", answer.text());
        answer.must_say(words);
        phone.open(&test, &scan.qr_path()).await.must_say("登录确认");
    }
}

#[tokio::test]
async fn a_user_who_refuses_changes_nothing() {
    let (test, browser, scan) = scanning().await;
    test.sandbox.mishap(Mishap::OauthRefuse);
    assert!(callbacks(&test, &test.phone(0), &scan.qr_path()).await.is_empty());
    assert_eq!(state(&browser, &scan).await, "waiting");
}
