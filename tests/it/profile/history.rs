use huiyuan::staff::Role;

use super::{admin_page, admin_path, assert_history_gives_the_row, member, sheet};
use crate::support::{PASSWORD, TestApp, Unit};

#[tokio::test]
async fn every_change_is_on_record_and_replaying_gives_the_row() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    assert_history_gives_the_row(&test, &unit).await;
    for (field, value) in [
        ("address", "示例路 2 号"),
        ("intro", "示例简介"),
        ("intro", ""),
        ("domains_0", "a.example.com"),
        ("unit_size", "micro"),
        ("address", "示例路 3 号"),
    ] {
        let saved = browser.get("/profile").await.submit(&[(field, value)]).await;
        assert_eq!(saved.status, 303, "{field}");
        assert_history_gives_the_row(&test, &unit).await;
    }
    let unchanged = test.db_count("select count(*) from member_change").await;
    assert_eq!(browser.get("/profile").await.submit(&[]).await.status, 303);
    assert_eq!(test.db_count("select count(*) from member_change").await, unchanged);
    let (_, page) = admin_page(&test, &unit).await;
    let events = page.texts(".history-event");
    assert!(events[0].contains("会员修改") && events[0].contains("示例路 3 号"), "{}", events[0]);
    assert!(events[1].contains("微型"), "words, not codes: {}", events[1]);
    page.must_say("入会审核通过");
    let audit = test.db_text("select detail from audit_log where action = 'member.profile'").await;
    assert!(!audit.contains("示例路"), "{audit}");
}

#[tokio::test]
async fn staff_edit_locked_fields_with_a_reason_and_the_login_follows() {
    let test = TestApp::start().await;
    let (unit, _) = member(&test, 1, 0).await;
    let other = Unit::sample(2);
    test.member(&other).await;
    let (staff, _) = admin_page(&test, &unit).await;
    let path = format!("{}/edit", admin_path(&test, &unit).await);
    let edit = staff.get(&path).await;
    let refused = edit.submit(&[("contact_mobile", "13900100077")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.error_of("reason"), "请填写修改原因");
    assert_eq!(refused.attribute("#f-contact_mobile", "value").as_deref(), Some("13900100077"));
    let taken = edit.submit(&[("uscc", &other.uscc), ("reason", "测试")]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.error_of("uscc").contains("已属于其他会员"));
    let code = Unit::sample(9).uscc;
    let changes = [("contact_mobile", "13900100077"), ("uscc", &code), ("reason", "换证")];
    assert_eq!(edit.submit(&changes).await.status, 303);
    assert_history_gives_the_row(&test, &unit).await;
    let page = staff.get(&admin_path(&test, &unit).await).await;
    let last = &page.texts(".history-event")[0];
    for word in ["秘书处修改", "换证", "13900100077", "staff-"] {
        assert!(last.contains(word), "{word}: {last}");
    }
    for login in [code.as_str(), "13900100077"] {
        let answer = test.log_in(&test.browser(), login, PASSWORD).await;
        assert_eq!(answer.status, 303, "{login}: {}", answer.text());
    }
    let old = test.log_in(&test.browser(), &unit.uscc, PASSWORD).await;
    assert_eq!(old.status, 422, "the old code is no login any more");
}

#[tokio::test]
async fn an_earlier_value_is_put_back_with_a_reason() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let before = sheet(&test, &unit).await.value("address");
    assert_eq!(browser.get("/profile").await.submit(&[("address", "错的")]).await.status, 303);
    let (staff, page) = admin_page(&test, &unit).await;
    let form = "form[action$='/restore']";
    let refused = page.submit_form(form, &[]).await;
    assert_eq!(refused.status, 422);
    refused.must_say("请填写恢复原因");
    let done = page.submit_form(form, &[("reason", "会员来电")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(sheet(&test, &unit).await.value("address"), before);
    assert_history_gives_the_row(&test, &unit).await;
    let late = page.submit_form(form, &[("reason", "再来一次")]).await;
    assert_eq!(late.status, 409, "the page was older than the change");
    // A change of another member is not found under this one.
    let (other, _) = member(&test, 2, 1).await;
    let other = admin_path(&test, &other).await;
    let id = page.attribute(&format!("{form} input[name=change]"), "value").unwrap();
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("change", id.as_str()), ("csrf", &csrf), ("reason", "x"), ("version", "2")];
    assert_eq!(staff.post_raw(&format!("{other}/restore"), &fields).await.status, 404);
}

#[tokio::test]
async fn only_the_membership_department_changes_members() {
    let test = TestApp::start().await;
    let (unit, _) = member(&test, 1, 0).await;
    let path = admin_path(&test, &unit).await;
    let reader = test.staff(Role::Auditor).await;
    let page = reader.get(&path).await;
    assert_eq!(page.status, 200);
    page.must_say("139****0001");
    assert!(!page.says(&unit.contact_mobile), "mobiles are masked for who only reads");
    assert!(page.attribute("form[action$='/standing']", "action").is_none());
    assert_eq!(reader.get(&format!("{path}/edit")).await.status, 403);
    let support = test.staff(Role::Support).await;
    assert_eq!(support.get(&path).await.status, 403);
    assert_eq!(support.get("/admin/members/nobody").await.status, 403);
    assert_eq!(reader.get("/admin/members/nobody").await.status, 404);
}

#[tokio::test]
async fn a_long_history_is_read_page_by_page() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    for n in 0..45 {
        let (address, intro) = (format!("示例路 {n} 号"), format!("第 {n} 版"));
        let page = browser.get("/profile").await;
        let saved = page.submit(&[("address", &address), ("intro", &intro)]).await;
        assert_eq!(saved.status, 303);
    }
    let (staff, mut page) = admin_page(&test, &unit).await;
    let mut seen = 0;
    for _ in 0..9 {
        seen += page.texts(".history-lines tbody tr").len();
        let Some(older) = page.attribute("#history a[rel=next]", "href") else { break };
        page = staff.get(older.split('#').next().unwrap()).await;
    }
    let rows = test.db_count("select count(*) from member_change").await;
    assert_eq!(i64::try_from(seen).unwrap(), rows, "every row once");
}

#[tokio::test]
async fn looking_at_a_member_in_full_leaves_a_trace_and_reading_it_masked_none() {
    let test = TestApp::start().await;
    let (unit, browser) = member(&test, 1, 0).await;
    let page = browser.get("/profile/changes").await;
    page.submit_files(
        "form[action='/profile/changes']",
        &[("legal_person", "甲"), ("note", "更替")],
        &[],
    )
    .await;
    let path = admin_path(&test, &unit).await;
    let seen = |action: &str| format!("select count(*) from audit_log where action = '{action}'");

    let reader = test.staff(Role::Finance).await.get(&path).await;

    reader.must_say("139****");
    assert_eq!(test.db_count(&seen("member.view")).await, 0);

    let staff = test.staff(Role::Membership).await;
    staff.get(&path).await;
    staff.get(&format!("{path}/edit")).await;
    assert_eq!(test.db_count(&seen("member.view")).await, 2);
    let queue = staff.get("/admin/changes").await;
    let links = queue.links();
    let (_, link) = links.iter().find(|(_, href)| href.starts_with("/admin/changes/")).unwrap();
    staff.get(link).await;
    assert_eq!(test.db_count(&seen("change.view")).await, 1);
}
