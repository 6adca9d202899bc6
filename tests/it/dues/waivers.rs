//! 减免与缓缴: asked for by one, approved by another, never changed afterwards.

use huiyuan::staff::Role;

use super::{Browser, Page, TestApp, Unit, bill_page};

async fn with_bill(settings: &[(&str, &str)]) -> (TestApp, Unit, Browser) {
    let test = TestApp::start_with(settings).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let finance = test.staff(Role::Finance).await;
    (test, unit, finance)
}

async fn ask(page: &Page, changes: &[(&str, &str)]) -> Page {
    let fields = [
        ("kind", "reduction"),
        ("yuan", "500"),
        ("until", ""),
        ("basis", "会员书面申请，经常务理事会同意"),
    ];
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            let change = changes.iter().find(|(changed, _)| *changed == name);
            (name, change.map_or(value, |(_, value)| value))
        })
        .collect();
    page.submit_form("form#waive", &fields).await
}

async fn approve(page: &Page) -> Page {
    page.submit_form("form[action$='/approve']", &[("approve_reason", "材料齐全")]).await
}

#[tokio::test]
async fn a_second_person_approves_and_the_bill_owes_less() {
    let (test, unit, finance) = with_bill(&[]).await;
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let own = asked.follow().await;
    own.must_say("须由另一人审批");
    assert!(own.texts("form[action$='/approve']").is_empty());
    let path = asked.location().unwrap();
    assert_eq!(test.db_count("select due from dues_bill").await, 200_000, "nothing changed yet");

    let lead = test.staff(Role::Lead).await;
    lead.get("/admin/dues/waivers").await.must_say("待审批（1）");
    let page = lead.get(&path).await;
    let empty = page.submit_form("form[action$='/refuse']", &[("refuse_reason", "")]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(approve(&page).await.status, 303);
    assert_eq!(approve(&page).await.status, 409, "decided is decided");

    let facts = "select count(*) from dues_bill where due = 150000 and reduction = 50000 \
                 and gross = 200000 and status = 'open'";
    assert_eq!(test.db_count(facts).await, 1);
    lead.get(&path).await.must_say("材料齐全");
    let member = test.signed_in(&unit, 0).await;
    member.get("/dues").await.must_say("￥1,500.00");
    let audited = "select count(*) from audit_log where action like 'dues.waiver-%'";
    assert_eq!(test.db_count(audited).await, 2);
    let told = "select count(*) from outbox where topic = 'dues.changed'";
    assert_eq!(test.db_count(told).await, 1);
}

#[tokio::test]
async fn whoever_asked_cannot_approve_even_without_the_page() {
    let (test, unit, finance) = with_bill(&[]).await;
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[]).await;
    let page = asked.follow().await;
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let path = format!("{}/approve", asked.location().unwrap());
    let fields = [("csrf", token.as_str()), ("approve_reason", "我同意")];
    let refused = finance.post_raw(&path, &fields).await;
    assert_eq!(refused.status, 409);
    refused.must_say("须由另一人审批");
    assert_eq!(test.db_count("select due from dues_bill").await, 200_000);
}

#[tokio::test]
async fn up_to_the_limit_one_person_is_enough() {
    let (test, unit, finance) = with_bill(&[("DUES__WAIVER_ALONE_YUAN", "500")]).await;
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[]).await;
    assert_eq!(approve(&asked.follow().await).await.status, 303);
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[("yuan", "500.01")]).await;
    asked.follow().await.must_say("须由另一人审批");
}

#[tokio::test]
async fn a_bill_that_is_waived_whole_is_settled_and_the_year_valid() {
    let (test, unit, finance) = with_bill(&[]).await;
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[("yuan", "2000")]).await;
    let lead = test.staff(Role::Lead).await;
    assert_eq!(approve(&lead.get(&asked.location().unwrap()).await).await.status, 303);
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues").await;
    page.must_say("有效（会费已减免）");
    page.must_say("没有待缴的会费");
}

#[tokio::test]
async fn a_deferral_moves_the_last_day() {
    let (test, unit, finance) = with_bill(&[]).await;
    let page = bill_page(&test, &finance, &unit).await;
    let early = ask(&page, &[("kind", "deferral"), ("until", "2026-12-31")]).await;
    assert_eq!(early.status, 422);
    assert!(early.error_of("until").contains("2026-12-31"));
    assert_eq!(early.fields("form#waive")["basis"], "会员书面申请，经常务理事会同意");
    let asked = ask(&page, &[("kind", "deferral"), ("until", "2027-03-31")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let lead = test.staff(Role::Lead).await;
    assert_eq!(approve(&lead.get(&asked.location().unwrap()).await).await.status, 303);
    assert_eq!(test.db_text("select due_on from dues_bill").await, "2027-03-31");
    test.advance(std::time::Duration::from_hours(24 * 60)).await;
    let page = bill_page(&test, &test.staff(Role::Finance).await, &unit).await;
    assert!(!page.says("已逾期"), "there is more time");
}

#[tokio::test]
async fn every_mistake_is_named_and_one_request_waits_at_a_time() {
    let (test, unit, finance) = with_bill(&[]).await;
    let page = bill_page(&test, &finance, &unit).await;
    let wrong = ask(&page, &[("yuan", "一百"), ("basis", "")]).await;
    assert_eq!(wrong.status, 422);
    for field in ["yuan", "basis"] {
        assert!(!wrong.error_of(field).is_empty(), "{field}");
    }
    let much = ask(&page, &[("yuan", "2000.01"), ("basis", "")]).await;
    assert!(much.error_of("yuan").contains("2,000.00"));
    assert!(!much.error_of("basis").is_empty(), "all at once");
    assert_eq!(ask(&page, &[]).await.status, 303);
    let second = ask(&page, &[]).await;
    assert_eq!(second.status, 422);
    assert!(second.error_of("kind").contains("待审批"));
    assert_eq!(test.db_count("select count(*) from waiver").await, 1);
}

#[tokio::test]
async fn money_that_came_meanwhile_is_never_waived() {
    let (test, unit, finance) = with_bill(&[]).await;
    let asked = ask(&bill_page(&test, &finance, &unit).await, &[]).await;
    let bill = test.db_text("select id from dues_bill").await;
    super::runs::pay(&test, &bill, 200_000).await;
    let lead = test.staff(Role::Lead).await;
    let refused = approve(&lead.get(&asked.location().unwrap()).await).await;
    assert_eq!(refused.status, 409);
    refused.must_say("账单已发生变化");
    assert_eq!(test.db_count("select due from dues_bill").await, 200_000);
    let waits = "select count(*) from waiver where status = 'waiting'";
    assert_eq!(test.db_count(waits).await, 1, "nothing was half decided");
}
