//! Signing in: password, profile, login code, WeChat, and every way around them that is closed.

mod oauth;
mod password;
mod phone;
mod profile;
mod scan;
mod scan_attacks;
mod sign_in;

use crate::support::{Browser, PASSWORD, PROFILE, TestApp, Unit, browser::Page};

/// A PC browser with a right password and a complete profile, at the page with the login code.
async fn at_scan(test: &TestApp, unit: &Unit) -> (Browser, Page) {
    let browser = test.browser();
    let mut page = test.log_in(&browser, &unit.uscc, PASSWORD).await;
    assert_eq!(page.status, 303, "{}", page.text());
    if page.location().as_deref() == Some("/profile") {
        page = page.follow().await.submit(PROFILE).await;
    }
    let scan = page.follow().await;
    assert_eq!(scan.path, "/login/scan", "{}", scan.text());
    (browser, scan)
}

/// How the PC's page learns the state, as a script would ask.
async fn poll(browser: &Browser, scan: &Page) -> Page {
    let path = scan.poll_url();
    let bare = path.split('?').next().unwrap();
    browser.ask("GET".parse().unwrap(), bare, &[("accept", "application/json")]).await
}

/// The state's word.
async fn state(browser: &Browser, scan: &Page) -> String {
    let answer = poll(browser, scan).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    json["state"].as_str().unwrap().to_owned()
}

/// True when the member pages are open to this browser.
async fn is_in(browser: &Browser) -> bool {
    browser.get("/password").await.status == 200
}
