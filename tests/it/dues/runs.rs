//! 账单批次: preview, approval, issue, recalculation (F65).

use std::time::Duration;

use huiyuan::{dues::run, staff::Role};

use super::{Browser, NEW_STANDARD, Page, TestApp, Unit};

const FORM: &str = "form[action='/admin/dues/runs']";

/// A product with so many members, who each have a bill for 2026.
pub async fn with_members(count: u32, settings: &[(&str, &str)]) -> TestApp {
    let test = TestApp::start_with(settings).await;
    for n in 1..=count {
        test.member(&Unit::sample(n)).await;
    }
    test
}

async fn begin(finance: &Browser, kind: &str, year: &str) -> Page {
    let page = finance.get("/admin/dues/runs").await;
    page.submit_form(FORM, &[("kind", kind), ("year", year)]).await
}

pub async fn approve(page: &Page) -> Page {
    let why = [("approve_reason", "按2026年会员代表大会决议执行")];
    page.submit_form("form[action$='/approve']", &why).await
}

/// Starts a run, previews it and approves it; its page.
pub async fn approved(test: &TestApp, finance: &Browser, kind: &str, year: &str) -> Page {
    let started = begin(finance, kind, year).await;
    assert_eq!(started.status, 303, "{}", started.text());
    run::work(&test.app).await.unwrap();
    let page = started.follow().await;
    let done = approve(&page).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.follow().await
}

async fn new_standard(finance: &Browser) {
    let page = finance.get("/admin/dues").await;
    let added = page.submit_form("form[action='/admin/dues']", &NEW_STANDARD).await;
    assert_eq!(added.status, 303, "{}", added.text());
}

pub async fn each_has_one_bill(test: &TestApp, year: i64, members: i64) {
    let live = format!("from dues_bill where year = {year} and active_key is not null");
    assert_eq!(test.db_count(&format!("select count(*) {live}")).await, members);
    let distinct = format!("select count(distinct member_id) {live}");
    assert_eq!(test.db_count(&distinct).await, members);
}

#[tokio::test]
async fn a_year_is_previewed_approved_and_issued() {
    let test = with_members(2, &[]).await;
    let finance = test.staff(Role::Finance).await;
    new_standard(&finance).await;
    let started = begin(&finance, "issue", "2027").await;
    let page = started.follow().await;
    page.must_say("正在试算");
    assert!(page.texts("form[action$='/approve']").is_empty(), "nothing to approve yet");
    let poll = page.poll_url();
    assert_eq!(finance.get(&poll).await.status, 204, "nothing has changed");

    run::work(&test.app).await.unwrap();
    assert!(finance.get(&poll).await.headers.contains_key("hx-redirect"));
    let page = finance.get(&started.location().unwrap()).await;
    for words in ["计划生成 2 户", "￥5,000.00", "￥4,000.00", "+￥500.00", "全年标准"]
    {
        page.must_say(words);
    }
    assert_eq!(test.db_count("select count(*) from dues_bill where year = 2027").await, 0);

    let empty = page.submit_form("form[action$='/approve']", &[("approve_reason", " ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.error_of("approve_reason").contains("不能为空"));
    assert!(empty.attribute("dialog#approve", "open").is_some(), "the question is asked again");
    assert_eq!(approve(&page).await.status, 303);
    assert_eq!(approve(&page).await.status, 409, "once is enough");
    run::work(&test.app).await.unwrap();

    let page = finance.get(&started.location().unwrap()).await;
    page.must_say("已生成（2）");
    page.must_say("已完成");
    each_has_one_bill(&test, 2027, 2).await;
    let told = "select count(*) from outbox where topic = 'dues.issued'";
    assert_eq!(test.db_count(told).await, 2);
    for action in ["dues.run-start", "dues.run-approve", "dues.run-done"] {
        let sql = format!("select count(*) from audit_log where action = '{action}'");
        assert_eq!(test.db_count(&sql).await, 1, "{action}");
    }
    let member = test.signed_in(&Unit::sample(1), 0).await;
    member.get("/dues").await.must_say("￥2,500.00");
}

#[tokio::test]
async fn a_run_that_is_killed_half_way_goes_on_with_the_standard_that_was_approved() {
    let test = with_members(3, &[("DUES__RUN_BATCH", "1")]).await;
    let finance = test.staff(Role::Finance).await;
    approved(&test, &finance, "issue", "2027").await;
    assert!(run::work_once(&test.app, "first").await.unwrap());
    each_has_one_bill(&test, 2027, 1).await;

    // The standard changes, a second run is tried, and another server takes a look.
    new_standard(&finance).await;
    let again = begin(&finance, "issue", "2027").await;
    assert_eq!(again.status, 422);
    assert!(again.error_of("year").contains("未结束的批次"));
    let other = test.second_server().await;
    assert_eq!(run::work(&other.app).await.unwrap(), 0, "the first worker has it");
    each_has_one_bill(&test, 2027, 1).await;

    // The first worker has died.
    test.advance(Duration::from_mins(3)).await;
    assert!(run::work(&other.app).await.unwrap() > 0);
    each_has_one_bill(&test, 2027, 3).await;
    let frozen = "select count(*) from dues_bill where year = 2027 and gross = 200000";
    assert_eq!(test.db_count(frozen).await, 3, "the standard of the preview");
    assert!(!run::work_once(&test.app, "first").await.unwrap(), "it is over");
}

#[tokio::test]
async fn two_servers_at_once_issue_each_bill_once() {
    let test = with_members(3, &[("DUES__RUN_BATCH", "1")]).await;
    let finance = test.staff(Role::Finance).await;
    approved(&test, &finance, "issue", "2027").await;
    let other = test.second_server().await;
    let (one, two) = tokio::join!(run::work(&test.app), run::work(&other.app));
    // A loser may have been told so; whatever it left is done now.
    assert!(one.is_ok() || two.is_ok());
    test.advance(Duration::from_mins(3)).await;
    run::work(&test.app).await.unwrap();
    each_has_one_bill(&test, 2027, 3).await;
    assert_eq!(test.db_count("select done from bill_run").await, 3);
    assert_eq!(test.db_count("select count(*) from bill_run where status = 'done'").await, 1);
}

#[tokio::test]
async fn open_bills_are_recalculated_and_paid_ones_never() {
    let test = with_members(2, &[]).await;
    let finance = test.staff(Role::Finance).await;
    approved(&test, &finance, "issue", "2027").await;
    run::work(&test.app).await.unwrap();
    let paid = test.db_text("select min(id) from dues_bill where year = 2027").await;
    pay(&test, &paid, 50_000).await;
    new_standard(&finance).await;

    let started = begin(&finance, "recalculate", "2027").await;
    run::work(&test.app).await.unwrap();
    let page = started.follow().await;
    page.must_say("计划调整 1 户");
    page.must_say("会费标准已调整");
    assert_eq!(approve(&page).await.status, 303);
    run::work(&test.app).await.unwrap();
    let gross = format!("select gross from dues_bill where year = 2027 and id <> '{paid}'");
    assert_eq!(test.db_count(&gross).await, 250_000);
    let old = format!("select gross from dues_bill where id = '{paid}'");
    assert_eq!(test.db_count(&old).await, 200_000, "money lies on it");

    // Everything is as it should be: a second one has nothing to approve.
    let started = begin(&finance, "recalculate", "2027").await;
    run::work(&test.app).await.unwrap();
    let page = started.follow().await;
    page.must_say("计划调整 0 户");
    assert!(page.texts("form[action$='/approve']").is_empty());
}

#[tokio::test]
async fn money_that_comes_between_preview_and_recalculation_protects_the_bill() {
    let test = with_members(1, &[]).await;
    let finance = test.staff(Role::Finance).await;
    approved(&test, &finance, "issue", "2027").await;
    run::work(&test.app).await.unwrap();
    new_standard(&finance).await;
    let page = approved(&test, &finance, "recalculate", "2027").await;
    let bill = test.db_text("select id from dues_bill where year = 2027").await;
    pay(&test, &bill, 200_000).await;
    run::work(&test.app).await.unwrap();
    finance.get(&page.path).await.must_say("批准后账单已变化（1）");
    let status = format!("select status from dues_bill where id = '{bill}'");
    assert_eq!(test.db_text(&status).await, "paid");
}

/// Puts money on a bill as the payment slices do.
pub async fn pay(test: &TestApp, bill: &str, fen: i64) {
    use huiyuan::{dues, kernel::Fen, ledger::Source};
    let app = &test.app;
    let source = Source { kind: "payment", id: app.ids.token() };
    let to = (&bill.parse().unwrap(), Fen::new(fen));
    dues::apply(&app.db, &app.ids, app.clock.now(), &source, to).await.unwrap();
}

#[tokio::test]
async fn a_run_needs_the_right_to_decide_and_another_one_to_approve() {
    let test = with_members(1, &[]).await;
    let finance = test.staff(Role::Finance).await;
    let started = begin(&finance, "issue", "2027").await;
    run::work(&test.app).await.unwrap();
    let path = started.location().unwrap();
    let auditor = test.staff(Role::Auditor).await;
    let page = auditor.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.texts("form[action$='/approve']").is_empty());
    assert!(auditor.get("/admin/dues/runs").await.texts(FORM).is_empty());
    assert_eq!(test.staff(Role::Membership).await.get(&path).await.status, 403);
    let lead = test.staff(Role::Lead).await;
    assert_eq!(approve(&lead.get(&path).await).await.status, 303, "the lead approves");
}
