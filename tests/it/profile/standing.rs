use super::{admin_page, admin_path, member};
use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn freezing_ends_the_session_at_once_and_bars_the_door_until_it_is_lifted() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let (staff, page) = admin_page(&test, &unit).await;
    let form = "form[action$='/standing']";
    let refused = page.submit_form(form, &[("to", "frozen")]).await;
    assert_eq!(refused.status, 422);
    refused.must_say("请填写原因");
    assert_eq!(browser.get("/profile").await.status, 200);
    let done = page.submit_form(form, &[("to", "frozen"), ("reason", "资料不实")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_ne!(browser.get("/profile").await.status, 200, "at once");
    let login = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    assert_eq!(login.status, 422);
    login.must_say("停用");
    let late = page.submit_form(form, &[("to", "withdrawn"), ("reason", "晚了")]).await;
    assert_eq!(late.status, 409, "the page was older than the change");
    let queued = "select count(*) from outbox where topic = 'member.standing'";
    assert_eq!(test.db_count(queued).await, 1);

    let page = staff.get(&admin_path(&test, &unit).await).await;
    page.must_say("资料不实");
    let lifted = page.submit_form(form, &[("to", "active"), ("reason", "已补正")]).await;
    assert_eq!(lifted.status, 303);
    assert_ne!(browser.get("/profile").await.status, 200, "the old session stays dead");
    assert_eq!(test.log_in(&test.browser(), &unit.uscc, PASSWORD).await.status, 303);
    let audit = "select count(*) from audit_log where action = 'member.standing'";
    assert_eq!(test.db_count(audit).await, 2);
}

#[tokio::test]
async fn a_unit_that_left_or_was_expelled_can_only_be_brought_back() {
    let test = TestApp::start().await;
    let form = "form[action$='/standing']";
    for (n, to, label) in [(1, "withdrawn", "退会"), (2, "expelled", "除名")] {
        let (unit, _) = member(&test, n, n as usize - 1).await;
        let (staff, page) = admin_page(&test, &unit).await;
        let done = page.submit_form(form, &[("to", to), ("reason", "决议")]).await;
        assert_eq!(done.status, 303);
        let page = staff.get(&admin_path(&test, &unit).await).await;
        page.must_say(label);
        let never = page.submit_form(form, &[("to", "frozen"), ("reason", "x")]).await;
        assert_eq!(never.status, 422);
        let list = staff.get(&format!("/admin/members?state={to}")).await;
        list.must_say(&unit.name);
    }
}

#[tokio::test]
async fn tags_are_given_found_and_shown_to_the_member() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let (other, _) = member(&test, 2, 1).await;
    let (staff, page) = admin_page(&test, &unit).await;
    let form = "form[action$='/tags']";
    let long = "长".repeat(21);
    let refused = page.submit_form(form, &[("tags", &long)]).await;
    assert_eq!(refused.status, 422);
    let done = page.submit_form(form, &[("tags", "云计算、重点，重点")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let list = staff.get("/admin/members?tag=%E4%BA%91%E8%AE%A1%E7%AE%97").await;
    list.must_say(&unit.name);
    assert!(!list.says(&other.name));
    browser.get("/profile").await.must_say("云计算");
    let late = page.submit_form(form, &[("tags", "")]).await;
    assert_eq!(late.status, 409);
}
