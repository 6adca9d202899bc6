use huiyuan::staff::Role;

use super::{assert_history_gives_the_row, member, sheet};
use crate::support::{Browser, TestApp, browser::Page};

const FORM: &str = "form[action='/profile/changes']";

async fn ask(browser: &Browser, fields: &[(&str, &str)]) -> Page {
    let page = browser.get("/profile/changes").await;
    page.submit_files(FORM, fields, &[]).await
}

async fn queued(staff: &Browser) -> Page {
    let queue = staff.get("/admin/changes").await;
    let links = queue.links();
    let link = links.iter().find(|(_, href)| href.starts_with("/admin/changes/")).unwrap();
    staff.get(&link.1).await
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF".to_vec()
}

#[tokio::test]
async fn a_request_shows_the_difference_and_changes_nothing_before_it_is_approved() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile/changes").await;
    let nothing = page.submit_files(FORM, &[("note", "想改")], &[]).await;
    assert_eq!(nothing.status, 422);
    nothing.must_say("请至少修改一项");
    let fields = [("contact_mobile", "13900100088"), ("legal_person", "新法人")];
    let why = page.submit_files(FORM, &fields, &[]).await;
    assert_eq!(why.status, 422);
    assert!(why.error_of("note").contains("变更原因"));
    assert_eq!(why.attribute("#f-legal_person", "value").as_deref(), Some("新法人"));
    let fields =
        [("contact_mobile", "13900100088"), ("legal_person", "新法人"), ("note", "人员更替")];
    let licence = ("file", "执照.pdf", "application/pdf", pdf());
    let sent = page.submit_files(FORM, &fields, &[licence]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let lost = "select count(*) from file_object where free_ms is not null";
    assert_eq!(test.db_count(lost).await, 0, "nobody tidies it away");
    assert_eq!(sheet(&test, &unit).await.value("contact_mobile"), unit.contact_mobile);
    let page = browser.get("/profile/changes").await;
    page.must_say("正在审核");
    page.must_say("新法人");

    let staff = test.staff(Role::Membership).await;
    let request = queued(&staff).await;
    for word in ["联系人移动电话", &unit.contact_mobile, "13900100088", "新法人", "人员更替"]
    {
        request.must_say(word);
    }
    let file = request.links().into_iter().find(|(_, href)| href.contains("/files/")).unwrap();
    assert_eq!(staff.get(&file.1).await.status, 200);
    let refused = request.submit_form("form#approve", &[]).await;
    assert_eq!(refused.status, 422, "why?");
    let done = request.submit_form("form#approve", &[("reason", "已核对")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let now = sheet(&test, &unit).await;
    assert_eq!(now.value("contact_mobile"), "13900100088");
    assert_eq!(now.value("legal_person"), "新法人");
    assert_history_gives_the_row(&test, &unit).await;
    let login = test.log_in(&test.browser(), "13900100088", crate::support::PASSWORD).await;
    assert_eq!(login.status, 303, "the new mobile signs in");
    let queued = "select count(*) from outbox where topic = 'change.approved'";
    assert_eq!(test.db_count(queued).await, 1);
    browser.get("/profile/changes").await.must_say("已通过");
}

#[tokio::test]
async fn a_rejection_says_why_and_another_request_may_follow() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    assert_eq!(ask(&browser, &[("name", "新名称"), ("note", "更名")]).await.status, 303);
    let staff = test.staff(Role::Membership).await;
    let request = queued(&staff).await;
    let first = request.submit_form("form#reject", &[("reason", "请附营业执照")]).await;
    assert_eq!(first.status, 303);
    let second = request.submit_form("form#approve", &[("reason", "晚了")]).await;
    assert_eq!(second.status, 409, "the second is told");
    second.must_say("本次操作没有生效");
    browser.get("/profile/changes").await.must_say("请附营业执照");
    assert_eq!(sheet(&test, &unit).await.value("name"), unit.name);
    assert_eq!(ask(&browser, &[("name", "新名称"), ("note", "再次")]).await.status, 303);
    let queued = "select count(*) from outbox where topic = 'change.rejected'";
    assert_eq!(test.db_count(queued).await, 1);
}

#[tokio::test]
async fn one_request_waits_at_a_time_and_can_be_taken_back() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile/changes").await;
    let fields = [("legal_person", "甲"), ("note", "一")];
    assert_eq!(page.submit_files(FORM, &fields, &[]).await.status, 303);
    page.submit_files(FORM, &[("legal_person", "乙"), ("note", "二")], &[]).await;
    assert_eq!(test.db_count("select count(*) from change_request").await, 1);
    let page = browser.get("/profile/changes").await;
    let back = page.submit_form("form[action$='/withdraw']", &[]).await;
    assert_eq!(back.status, 303);
    browser.get("/profile/changes").await.must_say("已撤回");
    assert_eq!(ask(&browser, &[("legal_person", "丙"), ("note", "三")]).await.status, 303);
}

#[tokio::test]
async fn a_field_that_was_changed_meanwhile_is_marked_and_asks_for_another_look() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    assert_eq!(ask(&browser, &[("legal_person", "甲"), ("note", "一")]).await.status, 303);
    let staff = test.staff(Role::Membership).await;
    let request = queued(&staff).await;
    assert_eq!(browser.get("/profile").await.submit(&[("address", "新的")]).await.status, 303);
    let late = request.submit_form("form#approve", &[("reason", "好")]).await;
    assert_eq!(late.status, 409);
    late.must_say("刚刚被修改");
    assert_eq!(late.submit_form("form#approve", &[("reason", "好")]).await.status, 303);
}

#[tokio::test]
async fn a_member_reaches_its_own_requests_only() {
    let test = TestApp::start().await;
    let (_, browser) = member(&test, 1, 0).await;
    let (_, stranger) = member(&test, 2, 1).await;
    let page = browser.get("/profile/changes").await;
    let fields = [("legal_person", "甲"), ("note", "一")];
    let licence = ("file", "a.pdf", "application/pdf", pdf());
    assert_eq!(page.submit_files(FORM, &fields, &[licence]).await.status, 303);
    let page = browser.get("/profile/changes").await;
    let file = page.links().into_iter().find(|(_, href)| href.contains("/files/")).unwrap().1;
    assert_eq!(browser.get(&file).await.status, 200);
    assert_eq!(stranger.get(&file).await.status, 404);
    assert!(!stranger.get("/profile/changes").await.says("甲"));
    let csrf = stranger.get("/profile/changes").await;
    let csrf = csrf.attribute("input[name=csrf]", "value").unwrap();
    let withdraw = page.attribute("form[action$='/withdraw']", "action").unwrap();
    assert_eq!(stranger.post_raw(&withdraw, &[("csrf", &csrf)]).await.status, 404);
    let reader = test.staff(Role::Auditor).await;
    assert_eq!(reader.get("/admin/changes").await.status, 200);
    let id = file.split('/').nth(3).unwrap();
    assert_eq!(reader.get(&format!("/admin/changes/{id}")).await.status, 403);
}
