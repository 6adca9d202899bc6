//! 作废批次: what a run has made is taken back, as far as nothing has happened to it.

use huiyuan::{dues::run, staff::Role};

use super::runs::{approve, approved, each_has_one_bill, pay, with_members};
use super::{Browser, Page, TestApp};

/// The page of the run that takes back what the run on this page has made, previewed.
async fn voiding(test: &TestApp, page: &Page) -> Page {
    let begun = page.submit_form("dialog#void form", &[]).await;
    assert_eq!(begun.status, 303, "{}", begun.text());
    run::work(&test.app).await.unwrap();
    begun.follow().await
}

/// So many members whose bills of 2027 a run has made, and the page of that run.
async fn issued(count: u32, settings: &[(&str, &str)]) -> (TestApp, Browser, Page) {
    let test = with_members(count, settings).await;
    let finance = test.staff(Role::Finance).await;
    let page = approved(&test, &finance, "issue", "2027").await;
    run::work(&test.app).await.unwrap();
    each_has_one_bill(&test, 2027, i64::from(count)).await;
    let page = finance.get(&page.path).await;
    (test, finance, page)
}

#[tokio::test]
async fn only_untouched_bills_are_voided_and_the_others_are_listed() {
    let (test, finance, page) = issued(3, &[]).await;
    let paid = test.db_text("select min(id) from dues_bill where year = 2027").await;
    let waived = test.db_text("select max(id) from dues_bill where year = 2027").await;
    pay(&test, &paid, 50_000).await;
    let bill = finance.get(&format!("/admin/dues/bills/{waived}")).await;
    let fields = [("kind", "reduction"), ("yuan", "500"), ("until", ""), ("basis", "会员申请")];
    assert_eq!(bill.submit_form("form#waive", &fields).await.status, 303);

    let preview = voiding(&test, &page).await;

    preview.must_say("作废 2027 年度批次账单");
    preview.must_say("计划作废 1 户");
    preview.must_say("不能作废（2）");
    let others = finance.get(&format!("{}?tab=excluded", preview.path)).await;
    others.must_say("账单上有款项");
    others.must_say("有减免或缓缴");
    each_has_one_bill(&test, 2027, 3).await;
    assert_eq!(approve(&preview).await.status, 303);
    run::work(&test.app).await.unwrap();

    finance.get(&preview.path).await.must_say("已作废（1）");
    each_has_one_bill(&test, 2027, 2).await;
    let kept = format!(
        "select count(*) from dues_bill where id in ('{paid}', '{waived}') and active_key is not null"
    );
    assert_eq!(test.db_count(&kept).await, 2);
    let audited = "select count(*) from audit_log where action = 'dues.void'";
    assert_eq!(test.db_count(audited).await, 1);
    let told = "select count(*) from outbox where topic = 'dues.changed'";
    assert_eq!(test.db_count(told).await, 1);
}

#[tokio::test]
async fn what_happens_after_the_preview_protects_a_bill() {
    let (test, finance, page) = issued(2, &[]).await;
    let preview = voiding(&test, &page).await;
    preview.must_say("计划作废 2 户");
    assert_eq!(approve(&preview).await.status, 303);
    let paid = test.db_text("select min(id) from dues_bill where year = 2027").await;
    pay(&test, &paid, 200_000).await;
    run::work(&test.app).await.unwrap();
    finance.get(&preview.path).await.must_say("批准后账单已变化（1）");
    let status = format!("select status from dues_bill where id = '{paid}'");
    assert_eq!(test.db_text(&status).await, "paid");
}

#[tokio::test]
async fn after_voiding_the_year_can_be_issued_again() {
    let (test, finance, page) = issued(2, &[("DUES__RUN_BATCH", "1")]).await;
    let preview = voiding(&test, &page).await;
    assert_eq!(approve(&preview).await.status, 303);
    // It is killed half-way, and another worker goes on.
    assert!(run::work_once(&test.app, "first").await.unwrap());
    test.advance(std::time::Duration::from_mins(3)).await;
    run::work(&test.app).await.unwrap();
    each_has_one_bill(&test, 2027, 0).await;
    let again = approved(&test, &finance, "issue", "2027").await;
    run::work(&test.app).await.unwrap();
    finance.get(&again.path).await.must_say("已生成（2）");
    each_has_one_bill(&test, 2027, 2).await;
}

#[tokio::test]
async fn only_a_finished_run_of_new_bills_is_taken_back_and_a_cancelled_one_changes_nothing() {
    let (test, finance, page) = issued(1, &[]).await;
    let preview = voiding(&test, &page).await;
    assert!(preview.attribute("dialog#void form", "action").is_none(), "not of a voiding run");
    let token = preview.fields("form[action$='/cancel']")["csrf"].clone();
    let odd = finance.post_raw(&format!("{}/void", preview.path), &[("csrf", &token)]).await;
    assert_eq!(odd.status, 409, "{}", odd.text());
    odd.must_say("只有已完成的生成批次可以作废");
    let auditor = test.staff(Role::Auditor).await;
    assert!(auditor.get(&page.path).await.attribute("dialog#void form", "action").is_none());
    let why = [("cancel_reason", "不作废了")];
    assert_eq!(preview.submit_form("form[action$='/cancel']", &why).await.status, 303);
    run::work(&test.app).await.unwrap();
    each_has_one_bill(&test, 2027, 1).await;
}
