//! What a browser holds, and what is told to nobody (quality.md F54, F58).

use super::{at_scan, poll};
use crate::support::{PASSWORD, TestApp, Unit};

#[tokio::test]
async fn every_step_has_a_session_of_its_own() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    let login = browser.get("/login").await;
    let cookies = |page: &crate::support::browser::Page| -> Vec<String> {
        let all = page.headers.get_all("set-cookie").iter();
        all.map(|value| value.to_str().unwrap().to_owned()).collect()
    };
    let fields = [("account", unit.uscc.as_str()), ("password", PASSWORD)];
    let first = cookies(&login.submit(&fields).await);
    let second = cookies(&login.submit(&fields).await);
    let value = |all: &[String], name: &str| {
        let own = all.iter().find(|cookie| cookie.starts_with(&format!("{name}=")));
        own.unwrap_or_else(|| panic!("no {name} in {all:?}")).split(';').next().unwrap().to_owned()
    };
    assert_ne!(value(&first, "pre-auth"), value(&second, "pre-auth"));
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    let entered = cookies(&poll(&browser, &scan).await);
    assert!(value(&entered, "member").len() > 40);
    assert_eq!(value(&entered, "pre-auth"), "pre-auth=", "the session before is over");
}

#[tokio::test]
async fn tokens_stay_out_of_pages_caches_and_referrers() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let phone = test.phone(0).open(&test, &scan.qr_path()).await;
    assert_eq!(phone.headers["referrer-policy"], "no-referrer");
    let polled = poll(&browser, &scan).await;
    for page in [&scan, &phone, &polled] {
        assert_eq!(page.headers["cache-control"], "no-store");
    }
    let openid = &test.sandbox.users()[0].openid;
    let number = scan.number();
    assert!(!phone.body.contains(openid));
    assert!(!polled.body.contains(&number), "an answer in JSON carries the state alone");
    let logged = format!("select count(*) from audit_log where detail like '%{openid}%'");
    assert_eq!(test.db_count(&logged).await, 0);
    let ticket = scan.qr_path().rsplit('/').next().unwrap().to_owned();
    let logged = format!("select count(*) from audit_log where detail like '%{ticket}%'");
    assert_eq!(test.db_count(&logged).await, 0);
}

#[tokio::test]
async fn cookies_are_as_strict_as_their_way_allows() {
    let test = TestApp::start_with(&[("SERVER__PUBLIC_URL", "https://member.example.org")]).await;
    // Over plain HTTP a browser would not send these cookies back; only their making is looked at.
    for path in ["/login", "/h5/login"] {
        let page = test.browser().get(path).await;
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        for flag in ["__Host-visitor=", "HttpOnly", "Secure", "Path=/", "SameSite=Lax"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
    }
}

#[tokio::test]
async fn password_session_and_poll_secret_stay_with_our_own_pages() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.browser();
    let mut page = test.log_in(&browser, &unit.uscc, PASSWORD).await;
    let mut seen = Vec::new();
    let mut note = |page: &crate::support::browser::Page| {
        for cookie in page.headers.get_all("set-cookie") {
            seen.push(cookie.to_str().unwrap().to_owned());
        }
    };
    note(&page);
    page = page.follow().await.submit(crate::support::PROFILE).await.follow().await;
    note(&page);
    for name in ["pre-auth=", "scan="] {
        let cookie = seen.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        assert!(cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"), "{cookie}");
    }
}
