//! Where a unit was signed in, what it is told, and signing out everywhere.

use super::{at_scan, is_in};
use crate::support::{TestApp, Unit};

const NEW_DEVICE: &str = "select count(*) from outbox where topic = 'account.signed-in-elsewhere'";

#[tokio::test]
async fn a_sign_in_in_a_new_browser_is_told_to_the_unit_and_an_old_one_is_not() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let first = test.signed_in(&unit, 0).await;
    assert_eq!(test.db_count(NEW_DEVICE).await, 1);
    first.get("/password").await.submit_form("form[action='/logout']", &[]).await;
    let scan = test.log_in(&first, &unit.uscc, crate::support::PASSWORD).await.follow().await;
    let asked = test.phone(0).open(&test, &scan.qr_path()).await;
    asked.must_say("本单位登录过的浏览器");
    test.phone(0).confirm(&test, &scan).await;
    test.enter(&first, &scan).await;
    assert_eq!(test.db_count(NEW_DEVICE).await, 1, "the browser is known");
    test.signed_in(&unit, 0).await;
    assert_eq!(test.db_count(NEW_DEVICE).await, 2);
    let payload = "select payload from outbox where topic = 'account.signed-in-elsewhere' limit 1";
    let told = test.db_text(payload).await;
    assert!(told.contains("Chrome（Windows）"), "{told}");
}

#[tokio::test]
async fn the_history_shows_every_sign_in_of_this_unit_alone() {
    let test = TestApp::start().await;
    let (unit, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&unit).await;
    test.member(&other).await;
    let browser = test.signed_in(&unit, 0).await;
    test.signed_in(&unit, 0).await;
    let stranger = test.signed_in(&other, 1).await;
    let page = browser.get("/account/sessions").await;
    page.must_say("登录过的浏览器");
    page.must_say("当前");
    page.must_say("密码 + 微信扫码");
    assert_eq!(page.texts("table[aria-label], table").len(), 2, "{}", page.text());
    let rows = |page: &crate::support::browser::Page| page.texts("tbody tr").len();
    assert_eq!(rows(&page), 4, "two browsers, two sign-ins");
    assert_eq!(rows(&stranger.get("/account/sessions").await), 2);
    assert_eq!(browser.get("/account/sessions?before=..%2f").await.status, 404);
}

#[tokio::test]
async fn the_history_is_paged_by_key() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let account = test.db_text("select id from account").await;
    for n in 100..125 {
        test.db_exec(&format!(
            "insert into account_login (id, account_id, at_ms, way, browser, ip, is_new_device) \
             values ('0{n}', '{account}', {n}, 'phone', '微信（iPhone）', '192.0.2.1', 0)"
        ))
        .await;
    }
    let page = browser.get("/account/sessions").await;
    let older = page.links().into_iter().find(|(_, url)| url.contains("before=")).unwrap().1;
    let second = browser.get(&older).await;
    // One browser on both pages; 20 and 6 sign-ins.
    assert_eq!(page.texts("tbody tr").len(), 21);
    assert_eq!(second.texts("tbody tr").len(), 7);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_every_code() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let (one, two) = (test.signed_in(&unit, 0).await, test.signed_in(&unit, 0).await);
    let (waiting, scan) = at_scan(&test, &unit).await;
    let page = one.get("/account/sessions").await;
    let out = page.submit_form("form[action='/account/sessions/end']", &[]).await;
    assert_eq!(out.location().as_deref(), Some("/login"));
    for browser in [&one, &two] {
        assert!(!is_in(browser).await);
    }
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("二维码已失效");
    assert_eq!(waiting.get("/login/scan").await.location().as_deref(), Some("/login"));
    let audit = "select count(*) from audit_log where action = 'account.sign-out-all'";
    assert_eq!(test.db_count(audit).await, 1);
}

#[tokio::test]
async fn a_dead_session_is_dead_on_every_server() {
    let test = TestApp::start().await;
    if !test.shares_state() {
        return;
    }
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let second = test.second_server().await;
    assert!(is_in(&browser.on(second.address)).await);
    let page = browser.get("/account/sessions").await;
    page.submit_form("form[action='/account/sessions/end']", &[]).await;
    assert!(!is_in(&browser.on(second.address)).await);
}

#[tokio::test]
async fn one_browser_is_signed_out_and_forgotten_and_the_others_stay() {
    let test = TestApp::start().await;
    let (unit, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&unit).await;
    test.member(&other).await;
    let (here, lost) = (test.signed_in(&unit, 0).await, test.signed_in(&unit, 0).await);
    let stranger = test.signed_in(&other, 1).await;
    let page = here.get("/account/sessions").await;
    let acts = page.attributes("form[action$='/end']", "action");
    let acts: Vec<_> = acts.iter().filter(|act| *act != "/account/sessions/end").collect();
    assert_eq!(acts.len(), 1, "not this browser, which has 退出: {acts:?}");
    page.must_say("已登录");
    // Another unit cannot do it, whatever address it knows.
    let token =
        stranger.get("/account/sessions").await.fields("form[action$='/end']")["csrf"].clone();
    assert_eq!(stranger.post_raw(acts[0], &[("csrf", &token)]).await.status, 404);
    assert!(is_in(&lost).await);
    let done = page.submit_form(&format!("form[action='{}']", acts[0]), &[]).await.follow().await;
    done.must_say("已退出该浏览器");
    assert!(!is_in(&lost).await);
    assert!(is_in(&here).await);
    assert!(is_in(&stranger).await);
    let audit = "select count(*) from audit_log where action = 'account.sign-out-one'";
    assert_eq!(test.db_count(audit).await, 1);
    // Its next sign-in is told as one in a new browser.
    let told = test.db_count(NEW_DEVICE).await;
    let scan = test.log_in(&lost, &unit.uscc, crate::support::PASSWORD).await.follow().await;
    test.phone(0).confirm(&test, &scan).await;
    test.enter(&lost, &scan).await;
    assert_eq!(test.db_count(NEW_DEVICE).await, told + 1);
}

#[tokio::test]
async fn a_sign_in_ends_the_session_that_the_browser_had_before() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    let sealed = "select session_sealed from account_device";
    let before = test.app.vault.open(&test.db_text(sealed).await).unwrap();
    // The login page leads home whoever is in; its form still works, as from an older tab.
    let token = browser.get("/password").await.fields("main form")["csrf"].clone();
    let password = crate::support::PASSWORD;
    let fields =
        [("csrf", token.as_str()), ("account", unit.uscc.as_str()), ("password", password)];
    let scan = browser.post_raw("/login", &fields).await.follow().await;
    test.phone(0).confirm(&test, &scan).await;
    test.enter(&browser, &scan).await;
    let kind = huiyuan::web::session::Kind::Member;
    let found = huiyuan::web::session::of_id(&test.app, kind, &before).await.unwrap();
    assert_eq!(found, None);
    assert!(is_in(&browser).await);
}
