//! The attacks of wechat.md 10.2 and quality.md F50–F58.

use std::time::Duration;

use super::{at_scan, is_in, poll, state};
use crate::support::{TestApp, Unit};

#[tokio::test]
async fn who_only_saw_the_code_cannot_poll_it() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    for observer in [test.browser(), at_scan(&test, &unit).await.0] {
        let answer = poll(&observer, &scan).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        assert!(!is_in(&observer).await);
    }
    let never = browser.get("/login/scan/AAAAAAAAAAAAAAAAAAAAAA/state").await;
    assert_eq!(never.status, 404);
    for strange in ["x", "..%2f..", "AAAAAAAAAAAAAAAAAAAAA%00", "%E4%BC%9A"] {
        let answer = browser.get(&format!("/login/scan/{strange}/state")).await;
        assert_eq!(answer.status, 404, "{strange}");
    }
}

#[tokio::test]
async fn the_secret_without_the_password_session_is_not_let_in() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    scan.submit_form("main form[action='/logout']", &[]).await;
    let answer = poll(&browser, &scan).await;
    assert!(!answer.headers.contains_key("hx-redirect"), "{}", answer.body);
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn opening_the_code_signs_nobody_in() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    // A preview fetches the address without WeChat; a phone opens it twice.
    let preview = test.browser().get(&scan.qr_path()).await;
    assert!(preview.location().unwrap().starts_with(&test.sandbox.base_url()));
    assert_eq!(state(&browser, &scan).await, "waiting");
    let phone = test.phone(0);
    phone.open(&test, &scan.qr_path()).await.must_say("登录确认");
    phone.open(&test, &scan.qr_path()).await.must_say("登录确认");
    assert_eq!(state(&browser, &scan).await, "scanned");
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn the_first_wechat_keeps_the_code() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let (first, second) = (test.phone(0), test.phone(1));
    let asked = first.open(&test, &scan.qr_path()).await;
    second.open(&test, &scan.qr_path()).await.must_say("二维码已被扫描");
    let number = scan.number();
    let path = format!("{}/confirm", scan.qr_path());
    let token = asked.fields("form[action$='/confirm']")["csrf"].clone();
    let forged = second.browser.post_raw(&path, &[("csrf", &token), ("number", &number)]).await;
    assert_eq!(forged.status, 403, "a form token belongs to its browser");
    asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
    test.enter(&browser, &scan).await;
}

#[tokio::test]
async fn confirming_needs_a_form_of_ours() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let phone = test.phone(0);
    phone.open(&test, &scan.qr_path()).await;
    let number = scan.number();
    let path = format!("{}/confirm", scan.qr_path());
    let answer = phone.browser.post_raw(&path, &[("number", &number)]).await;
    assert_eq!(answer.status, 403);
    assert_eq!(phone.browser.get(&path).await.status, 405);
    assert_eq!(state(&browser, &scan).await, "scanned");
}

#[tokio::test]
async fn confirming_twice_and_rejecting_at_once_has_one_outcome() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    let number = scan.number();
    let fields = [("number", number.as_str())];
    let (first, second, no) = tokio::join!(
        asked.submit_form("form[action$='/confirm']", &fields),
        asked.submit_form("form[action$='/confirm']", &fields),
        asked.submit_form("form[action$='/reject']", &[]),
    );
    let is_confirmed = first.says("已确认登录");
    for answer in [&first, &second, &no] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.says("已确认登录"), is_confirmed, "{}", answer.text());
    }
    let led_in = poll(&browser, &scan).await.headers.contains_key("hx-redirect");
    assert_eq!(led_in, is_confirmed);
    let bound = test.db_count("select count(*) from wechat_binding").await;
    assert_eq!(bound, i64::from(is_confirmed), "a rejection binds nothing");
}

#[tokio::test]
async fn parallel_polls_collect_once() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    let (first, second) = tokio::join!(poll(&browser, &scan), poll(&browser, &scan));
    for answer in [&first, &second] {
        assert_eq!(answer.headers["hx-redirect"], "/", "{}", answer.body);
    }
    let entered = "select count(*) from audit_log where action = 'account.sign-in'";
    assert_eq!(test.db_count(entered).await, 1);
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn confirming_too_late_is_told_so() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    test.advance(Duration::from_mins(2)).await;
    let number = scan.number();
    let late = asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
    late.must_say("二维码已失效");
    assert_eq!(state(&browser, &scan).await, "expired");
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 0);
}

#[tokio::test]
async fn what_changes_between_confirming_and_collecting_counts() {
    let test = TestApp::start().await;
    for (n, change) in [
        "update account set status = 'frozen'",
        "update account set session_generation = session_generation + 1",
        "update wechat_binding set active_key = null, ended_ms = 1",
    ]
    .into_iter()
    .enumerate()
    {
        let unit = Unit::sample(u32::try_from(n).unwrap() + 1);
        test.member(&unit).await;
        let (browser, scan) = at_scan(&test, &unit).await;
        test.phone(0).confirm(&test, &scan).await;
        test.db_exec(change).await;
        let answer = poll(&browser, &scan).await;
        assert!(!answer.headers.contains_key("hx-redirect"), "{change}: {}", answer.body);
        assert!(!is_in(&browser).await, "{change}");
    }
}

#[tokio::test]
async fn only_the_newest_code_of_an_account_lives() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (_, first) = at_scan(&test, &unit).await;
    let (second_browser, second) = at_scan(&test, &unit).await;
    test.phone(0).open(&test, &first.qr_path()).await.must_say("二维码已失效");
    test.phone(0).confirm(&test, &second).await.must_say("已确认登录");
    test.enter(&second_browser, &second).await;
}

#[tokio::test]
async fn an_older_page_is_told_that_its_code_is_over() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, first) = at_scan(&test, &unit).await;
    let second = first.submit_form("main form[action='/login/scan']", &[]).await.follow().await;
    // The tab that still shows the first code, and a PC elsewhere after a newer sign-in.
    let told = browser.get(&first.poll_url()).await;
    assert_eq!(told.status, 200);
    told.must_say("二维码已过期");
    told.must_say("重新生成二维码");
    assert!(told.attribute("[data-poll]", "data-poll").is_none(), "the asking ends");
    at_scan(&test, &unit).await;
    browser.get(&second.poll_url()).await.must_say("二维码已过期");
}

#[tokio::test]
async fn a_foreign_code_names_its_browser_and_asks_for_a_number() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    // The attacker has the password, makes a code and shows it to the owner.
    let (attacker, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    for words in
        ["首次使用的浏览器，请仔细核对", "Chrome（Windows）", "127.0.0.*", "2026-11-24 12:00"]
    {
        asked.must_say(words);
    }
    let acts = asked.attributes(".ask-acts button", "class");
    assert_eq!(acts.len(), 2);
    assert_eq!(acts[0], acts[1], "不是我 weighs as much as 确认登录");
    assert!(asked.attributes("input[name=number][checked]", "value").is_empty());
    // The owner sees no number and picks one.
    let wrong = if scan.number() == "11" { "12" } else { "11" };
    asked.submit_form("form[action$='/confirm']", &[("number", wrong)]).await;
    assert_eq!(state(&attacker, &scan).await, "rejected");
    assert!(!is_in(&attacker).await);
}

#[tokio::test]
async fn guessed_codes_are_not_found() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    for n in 0..200 {
        let guess = format!("AAAAAAAAAAAAAAAAAAA{n:03}");
        let answer = browser.get(&format!("/login/scan/{guess}/state")).await;
        assert_eq!(answer.status, 404);
        test.browser().get(&format!("/h5/scan/{guess}")).await.must_say("二维码已失效");
    }
    assert_eq!(state(&browser, &scan).await, "waiting");
}
