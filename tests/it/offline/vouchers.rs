//! 缴费凭证 over time: sealed at rest, kept while they are evidence, gone when they are none.

use std::time::Duration;

use huiyuan::{
    db::{Bytes, Run as _},
    file::tidy::delete_abandoned,
    staff::Role,
};

use super::{decision::next_in_queue, photo, report, voucher};
use crate::support::{Browser, TestApp, Unit, browser::Page};

const LONG: [(&str, &str); 2] =
    [("SECURITY__SESSION_IDLE_SECONDS", "99999999"), ("SECURITY__SESSION_SECONDS", "99999999")];

async fn start() -> (TestApp, Browser) {
    let test = TestApp::start_with(&LONG).await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let sent = report(&member, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    (test, member)
}

async fn form_of(member: &Browser) -> Page {
    let records = member.get("/dues/records").await;
    let link = records.attribute("td.acts a[href^='/dues/offline/']", "href").unwrap();
    member.get(&link).await
}

/// Sends the report in again with another voucher in place of the first one.
async fn replace(member: &Browser) {
    let form = form_of(member).await;
    let sent = form.submit_files("form#offline", &[("kept", "")], &voucher()).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

async fn files(test: &TestApp) -> i64 {
    test.db_count("select count(*) from file_object").await
}

#[tokio::test]
async fn a_voucher_cannot_be_read_in_the_database() {
    let (test, _member) = start().await;
    let sql = "select bytes from file_chunk";
    let chunks: Vec<Bytes> = test.app.db.fetch(sql, Vec::new()).await.unwrap();
    let plain = photo();
    for chunk in chunks {
        assert_ne!(chunk.0[..2], plain[..2], "a picture begins with its mark");
        assert!(image::load_from_memory(&chunk.0).is_err());
    }
}

#[tokio::test]
async fn what_was_sent_in_stays_as_evidence_when_the_member_replaces_it() {
    let (test, member) = start().await;
    let first = test.db_text("select file_id from offline_voucher").await;
    test.advance(Duration::from_mins(5)).await;

    replace(&member).await;

    test.advance(Duration::from_hours(24 * 60)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 0);
    assert_eq!(files(&test).await, 2);
    let form = form_of(&member).await;
    let kept = form.attributes("input[name=kept]", "value");
    assert!(kept.len() == 1 && kept[0] != first, "the member sees the present one");
    let finance = test.staff(Role::Finance).await;
    let sheet = next_in_queue(&finance).await;
    sheet.must_say("会员修改前提交过的凭证（1 个）");
    sheet.must_say("2026-11-24 12:05 被替换");
    let link = sheet.attribute(&format!("a[href$='/vouchers/{first}']"), "href").unwrap();
    assert_eq!(finance.client.get(finance.url(&link)).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_voucher_that_is_ticked_again_is_no_longer_replaced() {
    let (test, member) = start().await;
    let first = test.db_text("select file_id from offline_voucher").await;
    replace(&member).await;
    let form = form_of(&member).await;
    let sent = form.submit_files("form#offline", &[("kept", &first)], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let now = "select file_id from offline_voucher where replaced_ms is null";
    assert_eq!(test.db_text(now).await, first);
    assert_eq!(test.db_count("select count(*) from offline_voucher").await, 2);
}

#[tokio::test]
async fn a_report_that_is_taken_back_unseen_takes_its_files_along_in_a_month() {
    let (test, member) = start().await;
    replace(&member).await;
    let records = member.get("/dues/records").await;
    let done = records.submit_form("form[action$='/delete']", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    test.advance(Duration::from_hours(24 * 29)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 0, "somebody may still ask");
    test.advance(Duration::from_hours(24 * 2)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 2);
    assert_eq!(files(&test).await, 0);
    assert_eq!(test.db_count("select count(*) from file_chunk").await, 0);
    assert_eq!(test.db_count("select count(*) from offline_payment").await, 1, "for the audit");
}

#[tokio::test]
async fn a_file_that_another_report_names_as_well_outlives_the_first() {
    let (test, member) = start().await;
    let shared = test.db_text("select file_id from offline_voucher").await;
    let sent = report(&member, &[("kept", &shared)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let holders = format!("select count(*) from offline_voucher where file_id = '{shared}'");
    assert_eq!(test.db_count(&holders).await, 2);
    let first = test.db_text("select min(id) from offline_payment").await;
    let records = member.get("/dues/records").await;
    let delete = format!("form[action='/dues/offline/{first}/delete']");
    let done = records.submit_form(&delete, &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());

    test.advance(Duration::from_hours(24 * 60)).await;
    delete_abandoned(&test.app).await.unwrap();

    let there = format!("select count(*) from file_object where id = '{shared}'");
    assert_eq!(test.db_count(&there).await, 1, "the other report still shows it");
}

#[tokio::test]
async fn what_finance_has_decided_on_is_kept_even_when_the_report_is_deleted() {
    let (test, member) = start().await;
    let finance = test.staff(Role::Finance).await;
    let sheet = next_in_queue(&finance).await;
    let rejected = sheet.submit_form("form#reject", &[("reason", "看不清")]).await;
    assert_eq!(rejected.status, 303, "{}", rejected.text());
    let form = form_of(&member).await;
    let done = form.submit_form("form[action$='/delete']", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    test.advance(Duration::from_hours(24 * 60)).await;
    assert_eq!(delete_abandoned(&test.app).await.unwrap(), 0);
    assert_eq!(files(&test).await, 1);
}
