//! Attacks on 微信扫码登录 without a password, and what does not come in that way.

use std::time::Duration;

use wechat_sandbox::Mishap;

use super::{
    direct::{at_code, logins, offered},
    is_in, poll, state,
};
use crate::support::PASSWORD;

/// Codes for one address in ten minutes.
const MOST_OF_AN_ADDRESS: u32 = 120;

#[tokio::test]
async fn a_wechat_that_is_bound_to_nothing_binds_nothing() {
    let (test, _) = offered().await;
    let (browser, scan) = at_code(&test).await;
    let phone = test.phone(1);
    phone.open(&test, &scan.qr_path()).await.must_say("该微信不能登录");
    assert_eq!(state(&browser, &scan).await, "mismatch");
    browser.get(&scan.poll_url()).await.must_say("改用密码登录");
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 1);
    // The right phone may still scan the same code; strangers do not get it for ever.
    for _ in 0..4 {
        phone.open(&test, &scan.qr_path()).await;
    }
    assert_eq!(state(&browser, &scan).await, "rejected");
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("二维码已失效");
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn who_only_saw_the_code_cannot_collect_it() {
    let (test, unit) = offered().await;
    let (browser, scan) = at_code(&test).await;
    test.phone(0).confirm(&test, &scan).await;
    let after_password = super::at_scan(&test, &unit).await.0;
    for observer in [test.browser(), at_code(&test).await.0, after_password] {
        assert_eq!(poll(&observer, &scan).await.status, 404);
        // Nor by the door of the code after the password.
        let other = scan.poll_url().replace("/login/direct/", "/login/scan/");
        assert_eq!(observer.get(&other).await.status, 404);
        assert!(!is_in(&observer).await);
    }
    test.enter(&browser, &scan).await;
}

#[tokio::test]
async fn its_secret_opens_no_code_of_another_kind() {
    let (test, unit) = offered().await;
    let (browser, scan) = super::at_scan(&test, &unit).await;
    browser.get("/login/direct").await;
    test.phone(0).confirm(&test, &scan).await;
    // The same browser holds both secrets, and neither is good for the other's codes.
    let direct = scan.poll_url().replace("/login/scan/", "/login/direct/");
    assert_eq!(browser.get(&direct).await.status, 404);
    assert!(!is_in(&browser).await);
    test.enter(&browser, &scan).await;
}

#[tokio::test]
async fn not_me_a_wrong_number_and_a_second_phone_end_as_after_a_password() {
    let (test, _) = offered().await;
    let (browser, scan) = at_code(&test).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    test.phone(1).open(&test, &scan.qr_path()).await.must_say("二维码已被扫描");
    let unpicked = asked.submit_form("form[action$='/confirm']", &[]).await;
    assert_eq!(unpicked.status, 422);
    asked.submit_form("form[action$='/reject']", &[]).await.must_say("已取消登录");
    assert_eq!(state(&browser, &scan).await, "rejected");
    let renewed = scan.submit_form("main form[action='/login/direct']", &[]).await.follow().await;
    let asked = test.phone(0).open(&test, &renewed.qr_path()).await;
    let wrong = if renewed.number() == "11" { "12" } else { "11" };
    asked.submit_form("form[action$='/confirm']", &[("number", wrong)]).await.must_say("数字不符");
    assert_eq!(state(&browser, &renewed).await, "rejected");
    assert_eq!(logins(&test).await, 0);
}

#[tokio::test]
async fn codes_expire_are_renewed_and_do_not_come_without_end() {
    let (test, _) = offered().await;
    let (browser, first) = at_code(&test).await;
    test.advance(Duration::from_secs(121)).await;
    assert_eq!(state(&browser, &first).await, "expired");
    test.phone(0).open(&test, &first.qr_path()).await.must_say("二维码已失效");
    let mut scan = browser.get("/login/direct").await;
    assert_ne!(first.qr_path(), scan.qr_path());
    for _ in 0..4 {
        let older = scan.qr_path();
        scan = scan.submit_form("main form[action='/login/direct']", &[]).await.follow().await;
        test.phone(0).open(&test, &older).await.must_say("二维码已失效");
    }
    let enough = scan.submit_form("main form[action='/login/direct']", &[]).await.follow().await;
    assert_eq!(enough.path, "/login");
    enough.must_say("二维码刷新次数过多");
}

#[tokio::test]
async fn an_address_gets_so_many_codes_whatever_cookie_it_invents() {
    let (test, _) = offered().await;
    let mut seen = Vec::new();
    for n in 0..=MOST_OF_AN_ADDRESS {
        let invented = format!("direct={n:022}");
        let stranger = test.browser();
        let asked = stranger.client.get(stranger.url("/login/direct"));
        seen.push(asked.header("cookie", invented).send().await.unwrap().status().as_u16());
    }
    assert_eq!(seen.pop(), Some(429), "an address has its limit");
    assert!(seen.iter().all(|status| *status == 200), "{seen:?}");
}

#[tokio::test]
async fn frozen_and_incomplete_units_do_not_come_in_this_way() {
    let (test, _) = offered().await;
    for (break_it, mend, words) in [
        (
            "update account set status = 'frozen'",
            "update account set status = 'active'",
            "账号已停用",
        ),
        (
            "update member set profile_complete_ms = null",
            "update member set profile_complete_ms = 1",
            "完善单位信息",
        ),
    ] {
        let (browser, scan) = at_code(&test).await;
        test.db_exec(break_it).await;
        test.phone(0).open(&test, &scan.qr_path()).await.must_say(words);
        assert_eq!(state(&browser, &scan).await, "mismatch");
        test.db_exec(mend).await;
        // Broken after the question, and after the answer.
        let asked = test.phone(0).open(&test, &scan.qr_path()).await;
        let number = scan.number();
        test.db_exec(break_it).await;
        let told = asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
        assert!(!told.says("已确认登录"), "{}", told.text());
        test.db_exec(mend).await;
        let (browser, scan) = at_code(&test).await;
        test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
        test.db_exec(break_it).await;
        assert_eq!(state(&browser, &scan).await, "expired");
        assert!(!is_in(&browser).await);
        test.db_exec(mend).await;
    }
    assert_eq!(logins(&test).await, 0);
}

#[tokio::test]
async fn a_lock_holds_here_too_but_not_in_a_browser_that_the_account_knows() {
    let (test, unit) = offered().await;
    let owner = test.signed_in(&unit, 0).await;
    owner.get("/password").await.submit_form("form[action='/logout']", &[]).await;
    for _ in 0..8 {
        test.log_in(&test.browser(), &unit.uscc, "wrong-pass-1!").await;
    }
    let (_, scan) = at_code(&test).await;
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("账号已锁定");
    let scan = owner.get("/login/direct").await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    asked.must_say("本单位登录过的浏览器");
    asked.submit_form("form[action$='/confirm']", &[("number", &scan.number())]).await;
    test.enter(&owner, &scan).await;
}

#[tokio::test]
async fn unbinding_and_a_new_password_between_answer_and_collecting_end_it() {
    let (test, unit) = offered().await;
    let member = test.signed_in(&unit, 0).await;
    let (browser, scan) = at_code(&test).await;
    test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
    let fields = [
        ("old_password", PASSWORD),
        ("password", "Other-pass-2!"),
        ("password_again", "Other-pass-2!"),
    ];
    assert_eq!(member.get("/password").await.submit(&fields).await.status, 303);
    assert_eq!(state(&browser, &scan).await, "expired");
    assert!(!is_in(&browser).await);
    test.db_exec("update wechat_binding set active_key = null").await;
    let (_, scan) = at_code(&test).await;
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("该微信不能登录");
}

#[tokio::test]
async fn a_snapshot_visitor_and_a_foreign_form_confirm_nothing() {
    let (test, _) = offered().await;
    let (browser, scan) = at_code(&test).await;
    test.sandbox.mishap(Mishap::OauthSnapshot);
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("使用完整服务");
    assert_eq!(state(&browser, &scan).await, "waiting");
    let phone = test.phone(0);
    phone.open(&test, &scan.qr_path()).await;
    let path = format!("{}/confirm", scan.qr_path());
    assert_eq!(phone.browser.post_raw(&path, &[("number", &scan.number())]).await.status, 403);
    assert_eq!(browser.post_raw("/login/direct", &[]).await.status, 403);
    assert_eq!(state(&browser, &scan).await, "scanned");
}

#[tokio::test]
async fn parallel_polls_collect_once() {
    let (test, _) = offered().await;
    let (browser, scan) = at_code(&test).await;
    test.phone(0).confirm(&test, &scan).await;
    let (first, second, third) =
        tokio::join!(poll(&browser, &scan), poll(&browser, &scan), poll(&browser, &scan));
    let cookies = [first, second, third]
        .iter()
        .filter(|answer| {
            let all = answer.headers.get_all("set-cookie").iter();
            all.filter_map(|value| value.to_str().ok()).any(|cookie| cookie.starts_with("member="))
        })
        .count();
    assert_eq!(cookies, 1);
    assert_eq!(logins(&test).await, 1);
}
