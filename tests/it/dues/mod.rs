//! 会费: standards by tier, bills by year.

mod bills;
mod joining;
mod levels;
mod money;
mod runs;
mod table;
mod voiding;
mod waivers;

use huiyuan::staff::Role;

use crate::support::{Browser, TestApp, Unit, browser::Page};

/// The page of a member's dues as staff see it, and the page of its latest bill.
pub async fn member_page(test: &TestApp, staff: &Browser, unit: &Unit) -> Page {
    let sql = format!("select id from member where name = '{}'", unit.name);
    let id = test.db_text(&sql).await;
    staff.get(&format!("/admin/dues/members/{id}")).await
}

/// The page of a member's latest bill.
pub async fn bill_page(test: &TestApp, staff: &Browser, unit: &Unit) -> Page {
    let page = member_page(test, staff, unit).await;
    let link = page.attribute("td.acts a[href^='/admin/dues/bills/']", "href");
    staff.get(&link.unwrap_or_else(|| panic!("no bill:\n{}", page.text()))).await
}

/// What the general assembly decided, as a form.
pub const NEW_STANDARD: [(&str, &str); 4] = [
    ("tier", "四档"),
    ("from_year", "2027"),
    ("yuan", "2500"),
    ("resolution", "2026年会员代表大会决议"),
];

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
    let fields = NEW_STANDARD;
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

#[tokio::test]
async fn a_standard_is_corrected_by_another_version_and_keeps_its_resolution() {
    let test = TestApp::start().await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues").await;
    let form = "form[action='/admin/dues']";
    let bytes = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".to_vec();
    let pdf = [("file", "决议.pdf", "application/pdf", bytes)];
    let wrong = [("tier", "四档"), ("from_year", "2027"), ("to_year", "2026"), ("yuan", "x")];
    let refused = page.submit_files(form, &wrong, &pdf).await;
    assert_eq!(refused.status, 422);
    assert!(refused.error_of("to_year").contains("不能早于"));
    refused.must_say("已上传：决议.pdf");

    let right = [NEW_STANDARD.as_slice(), &[("to_year", "")]].concat();
    let done = refused.submit_form(form, &right).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let list = done.follow().await;
    let link = list.attribute("a[href$='/resolution']", "href").unwrap();
    let file = finance.get(&link).await;
    assert_eq!(file.status, 200);
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(test.staff(Role::Membership).await.get(&link).await.status, 403);

    let mut right = NEW_STANDARD.to_vec();
    right.retain(|(name, _)| *name != "yuan");
    right.extend([("yuan", "2600"), ("replaces", "1")]);
    let page = page.submit_form(form, &right).await.follow().await;
    page.must_say("第 2 版");
    page.must_say("已更正");
    page.must_say("￥2,600.00");
    assert_eq!(test.db_count("select count(*) from dues_standard where from_year = 2027").await, 2);
}

#[tokio::test]
async fn a_resolution_is_taken_by_its_content() {
    let test = TestApp::start().await;
    let finance = test.staff(Role::Finance).await;
    let page = finance.get("/admin/dues").await;
    let program = [("file", "决议.pdf", "application/pdf", b"MZ not a pdf".to_vec())];
    let refused = page.submit_files("form[action='/admin/dues']", &NEW_STANDARD, &program).await;
    assert_eq!(refused.status, 422);
    assert!(refused.error_of("file").contains("不是 JPG、PNG 图片或 PDF"));
    assert_eq!(test.db_count("select count(*) from dues_standard where from_year = 2027").await, 0);
}
