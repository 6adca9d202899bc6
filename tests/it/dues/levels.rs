//! Changes of level: history, first day, and the difference by rule.

use std::time::Duration;

use huiyuan::{dues, staff::Role};

use super::{Browser, Page, TestApp, Unit, member_page};

async fn with_member(rule: &str) -> (TestApp, Unit, Browser) {
    let test = TestApp::start_with(&[("DUES__LEVEL_CHANGE", rule)]).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let staff = test.staff(Role::Super).await;
    (test, unit, staff)
}

async fn change(page: &Page, level: &str, from_on: &str) -> Page {
    let fields = [("level", level), ("from_on", from_on), ("reason", "换届选举")];
    page.submit_form("form#level", &fields).await
}

#[tokio::test]
async fn a_higher_level_makes_a_bill_for_the_difference() {
    let (test, unit, staff) = with_member("difference").await;
    let done = change(&member_page(&test, &staff, &unit).await, "director", "2026-11-24").await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = done.follow().await;
    page.must_say("等级调整差额");
    page.must_say("￥8,000.00");
    page.must_say("已生效");
    assert_eq!(test.db_text("select level_id from member").await, "director");
    let total = "select cast(sum(gross) as signed) from dues_bill where year = 2026";
    assert_eq!(test.db_count(total).await, 1_000_000, "together the new standard");

    // Down again: nothing is given back, nothing more is owed.
    let down = change(&page, "member", "2026-11-24").await;
    assert_eq!(down.status, 303);
    assert_eq!(test.db_count("select count(*) from dues_bill").await, 2);
    let audited = "select count(*) from audit_log where action = 'member.level-change'";
    assert_eq!(test.db_count(audited).await, 2);
    let member = test.signed_in(&unit, 0).await;
    let dues = member.get("/dues").await;
    assert_eq!(dues.attributes("input[name=bill][checked]", "value").len(), 2);
    dues.must_say("已选 2 个，合计 ￥10,000.00");
}

#[tokio::test]
async fn or_nothing_until_the_next_year() {
    let (test, unit, staff) = with_member("next-year").await;
    let done = change(&member_page(&test, &staff, &unit).await, "director", "2026-11-24").await;
    done.follow().await.must_say("从下一年度的账单起");
    assert_eq!(test.db_count("select count(*) from dues_bill").await, 1);
}

#[tokio::test]
async fn a_change_of_a_later_day_waits_for_it_but_counts_in_next_years_run() {
    let (test, unit, staff) = with_member("difference").await;
    let page = member_page(&test, &staff, &unit).await;
    change(&page, "director", "2027-01-01").await.follow().await.must_say("未生效");
    assert_eq!(test.db_text("select level_id from member").await, "member");
    let runs = staff.get("/admin/dues/runs").await;
    let wish = [("kind", "issue"), ("year", "2027")];
    let started = runs.submit_form("form[action='/admin/dues/runs']", &wish).await;
    dues::work(&test.app).await.unwrap();
    let run = started.follow().await;
    run.must_say("理事单位");
    run.must_say("￥10,000.00");
    let why = [("cancel_reason", "演练")];
    assert_eq!(run.submit_form("form[action$='/cancel']", &why).await.status, 303);

    test.advance(Duration::from_hours(24 * 40)).await;
    assert_eq!(dues::work(&test.app).await.unwrap(), 1);
    assert_eq!(test.db_text("select level_id from member").await, "director");
    assert_eq!(dues::work(&test.app).await.unwrap(), 0, "once");
}

#[tokio::test]
async fn a_level_without_dues_is_valid_without_a_bill() {
    let (test, unit, staff) = with_member("next-year").await;
    test.db_exec("update dues_bill set status = 'void', active_key = null").await;
    let page = member_page(&test, &staff, &unit).await;
    page.must_say("账单未生成");
    change(&page, "adviser", "2026-11-24").await;
    member_page(&test, &staff, &unit).await.must_say("有效（所属等级不收会费）");
}

#[tokio::test]
async fn mistakes_are_named_and_only_the_membership_office_changes_levels() {
    let (test, unit, staff) = with_member("next-year").await;
    let page = member_page(&test, &staff, &unit).await;
    let wrong = page
        .submit_form(
            "form#level",
            &[("level", "member"), ("from_on", "2020-01-01"), ("reason", "")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    for field in ["level", "from_on", "reason"] {
        assert!(!wrong.error_of(field).is_empty(), "{field}");
    }
    let finance = test.staff(Role::Finance).await;
    let read_only = member_page(&test, &finance, &unit).await;
    assert_eq!(read_only.status, 200);
    assert!(read_only.texts("form#level").is_empty());
    let support = test.staff(Role::Support).await;
    assert_eq!(member_page(&test, &support, &unit).await.status, 403);
    assert_eq!(test.db_count("select count(*) from member_level_history").await, 0);
}
