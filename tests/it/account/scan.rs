use std::time::Duration;

use super::{at_scan, is_in, poll, state};
use crate::support::{TestApp, Unit};

#[tokio::test]
async fn password_profile_and_scan_lead_in_and_bind_the_wechat() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    assert_eq!(state(&browser, &scan).await, "waiting");
    let unchanged = browser.get(&scan.poll_url()).await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (204, ""));
    assert_eq!(unchanged.headers["cache-control"], "no-store");

    let phone = test.phone(0);
    let asked = phone.open(&test, &scan.qr_path()).await;
    asked.must_say("登录确认");
    asked.must_say("Chrome（Windows）");
    assert!(!asked.body.contains(&unit.name), "the name is masked");
    assert_eq!(state(&browser, &scan).await, "scanned");

    let number = scan.number();
    let done = asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
    done.must_say("已确认登录");
    assert!(!is_in(&browser).await, "the PC has not collected yet");
    let collected = poll(&browser, &scan).await;
    assert!(collected.body.contains("confirmed"), "{}", collected.body);
    assert_eq!(collected.headers["hx-redirect"], "/");
    assert!(is_in(&browser).await);
    assert_eq!(state(&browser, &scan).await, "consumed");
    let bound = "select count(*) from wechat_binding where active_key is not null";
    assert_eq!(test.db_count(bound).await, 1);
    let steps = "select count(*) from audit_log where action in \
                 ('scan.open', 'scan.confirm', 'wechat.bind', 'account.sign-in')";
    assert_eq!(test.db_count(steps).await, 4);
}

#[tokio::test]
async fn the_second_time_only_the_bound_wechat_leads_in() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let other = test.phone(1).open(&test, &scan.qr_path()).await;
    other.must_say("该微信与绑定微信不一致");
    assert_eq!(state(&browser, &scan).await, "mismatch");
    let panel = browser.get(&scan.poll_url()).await;
    panel.must_say("该微信与绑定微信不一致");
    // The right phone may still scan the same code.
    test.phone(0).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&browser, &scan).await;
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 1, "nothing moved");
}

#[tokio::test]
async fn five_strangers_kill_a_code() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    for _ in 0..5 {
        test.phone(1).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    }
    assert_eq!(state(&browser, &scan).await, "rejected");
    assert_ne!(test.phone(0).open(&test, &scan.qr_path()).await.text(), "登录确认");
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn not_me_ends_it() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let phone = test.phone(0);
    let asked = phone.open(&test, &scan.qr_path()).await;
    asked.submit_form("form[action$='/reject']", &[]).await.must_say("已取消登录");
    assert_eq!(state(&browser, &scan).await, "rejected");
    let number = scan.number();
    let late = asked.submit_form("form[action$='/confirm']", &[("number", &number)]).await;
    late.must_say("已取消登录");
    assert!(!is_in(&browser).await);
    assert_eq!(test.db_count("select count(*) from wechat_binding").await, 0);
}

#[tokio::test]
async fn a_wrong_number_ends_it_and_no_number_is_asked_again() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    let unpicked = asked.submit_form("form[action$='/confirm']", &[]).await;
    assert_eq!(unpicked.status, 422);
    unpicked.must_say("请先选择数字");
    let wrong = if scan.number() == "11" { "12" } else { "11" };
    let told = asked.submit_form("form[action$='/confirm']", &[("number", wrong)]).await;
    told.must_say("数字不符");
    assert_eq!(state(&browser, &scan).await, "rejected");
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn a_code_expires_and_a_new_one_kills_the_old() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, first) = at_scan(&test, &unit).await;
    test.advance(Duration::from_secs(121)).await;
    assert_eq!(state(&browser, &first).await, "expired");
    test.phone(0).open(&test, &first.qr_path()).await.must_say("二维码已失效");
    let second = browser.get("/login/scan").await;
    assert_ne!(first.qr_path(), second.qr_path());
    let reloaded = browser.get("/login/scan").await;
    assert_eq!(second.qr_path(), reloaded.qr_path(), "a reload shows the same code");
    let renewed = second.submit_form("main form[action='/login/scan']", &[]).await.follow().await;
    assert_ne!(second.qr_path(), renewed.qr_path());
    test.phone(0).open(&test, &second.qr_path()).await.must_say("二维码已失效");
    test.phone(0).confirm(&test, &renewed).await.must_say("已确认登录");
    test.enter(&browser, &renewed).await;
}

#[tokio::test]
async fn one_password_gives_six_codes_at_most() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, mut scan) = at_scan(&test, &unit).await;
    for _ in 0..5 {
        scan = scan.submit_form("main form[action='/login/scan']", &[]).await.follow().await;
        assert_eq!(scan.path, "/login/scan");
    }
    let enough = scan.submit_form("main form[action='/login/scan']", &[]).await.follow().await;
    assert_eq!(enough.path, "/login");
    enough.must_say("二维码刷新次数过多");
    let after = browser.get("/login/scan").await;
    assert_eq!(after.location().as_deref(), Some("/login"), "{} {}", after.status, after.text());
}

#[tokio::test]
async fn without_scripts_the_page_itself_leads_in() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    assert_eq!(browser.get("/login/scan").await.location().as_deref(), Some("/"));
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn another_server_takes_over_in_the_middle() {
    let test = TestApp::start().await;
    if !test.shares_state() {
        return;
    }
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (browser, scan) = at_scan(&test, &unit).await;
    test.phone(0).confirm(&test, &scan).await;
    let second = test.second_server().await;
    test.enter(&browser.on(second.address), &scan).await;
}
