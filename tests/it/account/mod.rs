//! Signing in: password, profile, login code, WeChat, and every way around them that is closed.
//!
//! | attack of wechat.md 10.2 | test |
//! |---|---|
//! | QRLJacking, consent phishing | `scan_attacks::a_foreign_code_names_its_browser_and_asks_for_a_number` |
//! | first-bind takeover | `binding::*` |
//! | observer hijack | `scan_attacks::who_only_saw_the_code_cannot_poll_it` |
//! | session fixation | `cookies::every_step_has_a_session_of_its_own` |
//! | login CSRF | `scan_attacks::the_secret_without_the_password_session_is_not_let_in`, `sign_in_attacks::a_login_form_needs_its_token` |
//! | OAuth CSRF, code injection | `oauth::a_callback_of_another_phone_is_refused` |
//! | guessing, brute force | `sign_in_attacks::*`, `scan_attacks::guessed_codes_are_not_found` |
//! | double login | `scan_attacks::confirming_twice_and_rejecting_at_once_has_one_outcome`, `scan_attacks::parallel_polls_collect_once` |
//! | silent confirm | `scan_attacks::opening_the_code_signs_nobody_in`, `scan_attacks::confirming_needs_a_form_of_ours` |
//! | second scanner | `scan_attacks::the_first_wechat_keeps_the_code` |
//! | forwarded image | `scan_attacks::confirming_too_late_is_told_so`, `scan::a_wrong_number_ends_it_and_no_number_is_asked_again` |
//! | token leakage | `cookies::tokens_stay_out_of_pages_caches_and_referrers` |
//! | open redirect | `oauth` (unit test `only_own_paths_are_followed`), `sign_in_attacks::a_wish_for_another_page_is_ignored` |
//! | cookie lost at callback | `phone::password_and_bound_wechat_lead_in_on_the_phone`, `cookies::cookies_are_as_strict_as_their_way_allows` |
//! | unlinked sessions | `password::*`, `reset::*`, `secretariat::*`, `profile::*` |
//! | enumeration | `cost::*`, `sign_in::unknown_account_and_wrong_password_are_told_the_same_to_the_end`, `reset::an_unknown_account_is_answered_like_a_known_one` |
//!
//! 微信扫码登录 without a password is guarded in the same way: `direct::*` and `direct_attacks::*`, a test for each row that
//! does not need the password.
//!
//! No sequence of steps leads in without password, profile and matched WeChat: `machine`.

mod binding;
mod cookies;
mod cost;
mod direct;
mod direct_attacks;
mod machine;
mod oauth;
mod password;
mod phone;
mod profile;
mod rescue;
mod reset;
mod scan;
mod scan_attacks;
mod secretariat;
mod sessions;
mod sign_in;
mod sign_in_attacks;

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

/// The secretariat's page of a unit's account.
async fn sheet(staff: &Browser, unit: &Unit) -> Page {
    let list = staff.get("/admin/members").await;
    let (_, url) = list.links().into_iter().find(|(text, _)| text.contains(&unit.name)).unwrap();
    staff.get(&format!("{url}/account")).await
}

/// Does something on that page.
async fn order(staff: &Browser, unit: &Unit, act: &str, reason: &str) -> Page {
    let page = sheet(staff, unit).await;
    page.submit_form(&format!("form[action$='/account/{act}']"), &[("reason", reason)]).await
}

/// The code that such an answer shows.
fn code(page: &Page) -> String {
    let shown = page.texts(".account-code").into_iter().next();
    shown.unwrap_or_else(|| panic!("{}", page.text())).split_whitespace().next().unwrap().to_owned()
}

#[test]
fn every_row_of_the_map_names_tests_that_exist() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/account");
    let map = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    let rows: Vec<_> = map.lines().filter(|line| line.starts_with("//! |")).collect();
    assert_eq!(rows.len(), 2 + 16, "a row for each attack of wechat.md 10.2");
    for attack in &rows[2..] {
        let names: Vec<_> = attack.split('`').filter(|text| text.contains("::")).collect();
        assert!(!names.is_empty(), "{attack}");
        for proof in names {
            let (module, test) = proof.split_once("::").unwrap();
            let code = std::fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap();
            let is_there = test == "*" || code.contains(&format!("async fn {test}()"));
            assert!(is_there, "{proof}");
        }
    }
}
