//! 换绑申请: request, evidence, approval, a day's pause, effect.

use std::time::Duration;

use huiyuan::{account::rescue, staff::Role};

use super::{at_scan, is_in, sheet};
use crate::support::{Browser, PASSWORD, TestApp, Unit, browser::Page};

const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T',
    0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I',
    b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// A unit whose WeChat is bound, and a browser that knows the password but has no phone.
async fn lost(test: &TestApp) -> (Unit, Browser) {
    let unit = Unit::sample(1);
    test.member(&unit).await;
    test.signed_in(&unit, 0).await;
    let (browser, _) = at_scan(test, &unit).await;
    (unit, browser)
}

async fn request(browser: &Browser) -> Page {
    let page = browser.get("/login/rescue").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let form = "main form[action='/login/rescue']";
    let file = ("evidence", "说明.png", "image/png", PNG.to_vec());
    page.submit_files(form, &[("reason", "手机丢失")], &[file]).await
}

async fn decide(staff: &Browser, unit: &Unit, decision: &str, words: &str) -> Page {
    decide_on(&sheet(staff, unit).await, decision, words).await
}

/// The decision on a page that was opened before.
async fn decide_on(page: &Page, decision: &str, words: &str) -> Page {
    let path = page.action("form[action$='/rescue/approve']").replace("approve", decision);
    let token = page.fields("form[action$='/rescue/approve']")["csrf"].clone();
    page.browser.post_raw(&path, &[("csrf", &token), ("reason", words)]).await
}

#[tokio::test]
async fn a_lost_wechat_is_replaced_after_evidence_approval_and_a_day() {
    let test = TestApp::start().await;
    let (unit, browser) = lost(&test).await;
    request(&browser).await.must_say("待核验");
    let staff = test.staff(Role::Membership).await;
    staff.get("/admin/rescues").await.must_say(&unit.name);
    let page = sheet(&staff, &unit).await;
    page.must_say("手机丢失");
    let evidence = staff.get(&format!("{}/rescue/evidence", page.path)).await;
    assert_eq!(
        (evidence.status, evidence.headers["content-type"].to_str().unwrap()),
        (200, "image/png")
    );
    assert_eq!(decide(&staff, &unit, "approve", "已电话核实").await.status, 303);
    assert!(!staff.get("/admin/rescues").await.says(&unit.name));
    browser.get("/login/rescue").await.must_say("2026-11-25 12:00");
    let told = "select count(*) from outbox where topic = 'account.wechat-change'";
    assert_eq!(test.db_count(told).await, 2, "asked and approved");
    // Not before its time: another WeChat is still a stranger.
    test.advance(Duration::from_hours(23)).await;
    assert_eq!(rescue::take_due(&test.app).await.unwrap(), 0);
    let (_, scan) = at_scan(&test, &unit).await;
    test.phone(1).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    test.advance(Duration::from_hours(1)).await;
    assert_eq!(rescue::take_due(&test.app).await.unwrap(), 1);
    assert_eq!(rescue::take_due(&test.app).await.unwrap(), 0, "once");
    let (fresh, scan) = at_scan(&test, &unit).await;
    test.phone(1).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&fresh, &scan).await;
    let (_, scan) = at_scan(&test, &unit).await;
    test.phone(0).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    let steps = "select count(*) from audit_log where action like 'wechat.rescue-%'";
    assert_eq!(test.db_count(steps).await, 3);
}

#[tokio::test]
async fn its_effect_does_not_wait_for_the_job() {
    let test = TestApp::start().await;
    let (unit, browser) = lost(&test).await;
    request(&browser).await;
    let staff = test.staff(Role::Super).await;
    decide(&staff, &unit, "approve", "已电话核实").await;
    test.advance(Duration::from_hours(24)).await;
    let (fresh, scan) = at_scan(&test, &unit).await;
    test.phone(1).confirm(&test, &scan).await.must_say("已确认登录");
    test.enter(&fresh, &scan).await;
}

#[tokio::test]
async fn the_old_wechat_ends_a_request_by_signing_in() {
    let test = TestApp::start().await;
    let (unit, browser) = lost(&test).await;
    request(&browser).await;
    let staff = test.staff(Role::Super).await;
    decide(&staff, &unit, "approve", "已电话核实").await;
    let owner = test.signed_in(&unit, 0).await;
    test.advance(Duration::from_hours(25)).await;
    assert_eq!(rescue::take_due(&test.app).await.unwrap(), 0);
    let (_, scan) = at_scan(&test, &unit).await;
    test.phone(1).open(&test, &scan.qr_path()).await.must_say("该微信与绑定微信不一致");
    sheet(&test.staff(Role::Super).await, &unit).await.must_say("已撤销");
    drop(owner);
}

#[tokio::test]
async fn a_refused_request_changes_nothing_and_may_be_sent_anew() {
    let test = TestApp::start().await;
    let (unit, browser) = lost(&test).await;
    let member = test.signed_in(&unit, 0).await;
    request(&browser).await;
    let page = browser.get("/login/rescue").await;
    let form = page.attribute("main form[action='/login/rescue']", "action");
    assert!(form.is_none(), "while one waits there is no other");
    let staff = test.staff(Role::Membership).await;
    let empty = decide(&staff, &unit, "reject", " ").await;
    assert_eq!(empty.status, 422);
    decide(&staff, &unit, "reject", "公章不清晰").await;
    browser.get("/login/rescue").await.must_say("公章不清晰");
    assert!(is_in(&member).await);
    request(&browser).await.must_say("待核验");
}

#[tokio::test]
async fn a_request_needs_the_password_a_reason_and_a_file() {
    let test = TestApp::start().await;
    let (_, browser) = lost(&test).await;
    let stranger = test.browser().get("/login/rescue").await;
    assert_eq!(stranger.location().as_deref(), Some("/login"));
    let page = browser.get("/login/rescue").await;
    let form = "main form[action='/login/rescue']";
    let empty = page.submit_files(form, &[("reason", "")], &[]).await;
    assert_eq!(empty.status, 422);
    assert!(!empty.error_of("reason").is_empty());
    let bare = page.submit_files(form, &[("reason", "手机丢失")], &[]).await;
    assert!(bare.error_of("evidence").contains("请上传"), "{}", bare.text());
    assert_eq!(test.db_count("select count(*) from wechat_rescue").await, 0);
    // A unit without a WeChat has nothing to replace.
    let second = Unit::sample(2);
    test.member(&second).await;
    let (fresh, _) = at_scan(&test, &second).await;
    request(&fresh).await.must_say("当前没有绑定微信");
    assert_eq!(test.log_in(&test.browser(), &second.uscc, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn of_two_who_decide_the_second_is_told() {
    let test = TestApp::start().await;
    let (unit, browser) = lost(&test).await;
    request(&browser).await;
    let (one, two) = (test.staff(Role::Super).await, test.staff(Role::Membership).await);
    let (first, second) = (sheet(&one, &unit).await, sheet(&two, &unit).await);
    let (yes, no) = tokio::join!(
        decide_on(&first, "approve", "已核实"),
        decide_on(&second, "reject", "材料不符")
    );
    let mut done = 0;
    for answer in [yes, no] {
        assert_eq!(answer.status, 303);
        done += u32::from(!answer.follow().await.says("您的操作未生效"));
    }
    assert_eq!(done, 1);
}
