//! 会费: standards by tier, bills by year.

use huiyuan::staff::Role;

use crate::support::{TestApp, Unit};

#[tokio::test]
async fn an_approved_member_owes_the_year_by_its_level() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues").await;
    page.must_say("2026");
    page.must_say("￥2,000.00");
    page.must_say("会员单位");
    page.must_say("2026-12-31");
    assert_eq!(page.attributes("input[name=bill][checked]", "value").len(), 1);
    assert_eq!(page.action("main form[method=post]"), "/dues/pay");
}

#[tokio::test]
async fn finance_adds_a_standard_and_nobody_changes_one() {
    let test = TestApp::start().await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues").await;
    page.must_say("不收会费的等级：顾问、副秘书长、秘书长");
    let form = "form[action='/admin/dues']";
    let fields = [
        ("tier", "四档"),
        ("from_year", "2027"),
        ("yuan", "2500"),
        ("resolution", "2026年会员代表大会决议"),
    ];
    let added = page.submit_form(form, &fields).await;
    assert_eq!(added.status, 303, "{}", added.text());
    added.follow().await.must_say("￥2,500.00");
    let again = page.submit_form(form, &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.error_of("from_year").contains("已有标准"));
    assert_eq!(again.fields(form)["resolution"], "2026年会员代表大会决议");
    let wrong = page.submit_form(form, &[("tier", ""), ("yuan", "很多")]).await;
    assert_eq!(wrong.status, 422);
    for field in ["tier", "from_year", "yuan", "resolution"] {
        assert!(!wrong.error_of(field).is_empty(), "{field}");
    }
    let audited = "select count(*) from audit_log where action = 'dues.standard-add'";
    assert_eq!(test.db_count(audited).await, 1);
}

#[tokio::test]
async fn a_fifth_tier_is_warned_about() {
    let test = TestApp::start().await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues").await;
    assert!(!page.says("超过四档"));
    let fields = [
        ("tier", "五档"),
        ("level", "顾问"),
        ("from_year", "2026"),
        ("yuan", "500"),
        ("resolution", "决议"),
    ];
    let added = page.submit_form("form[action='/admin/dues']", &fields).await;
    let page = added.follow().await;
    page.must_say("超过四档");
    assert!(page.says("五档") && !page.says("不收会费的等级：顾问"));
}

#[tokio::test]
async fn only_money_roles_see_and_set_standards() {
    let test = TestApp::start().await;
    let lead = test.staff(Role::Lead).await;
    let page = lead.get("/admin/dues").await;
    assert_eq!(page.status, 200);
    assert!(page.texts("form[action='/admin/dues']").is_empty());
    for role in [Role::Membership, Role::Support] {
        assert_eq!(test.staff(role).await.get("/admin/dues").await.status, 403, "{role:?}");
    }
}
