//! 冲正: what was confirmed by mistake is taken back by two people, and never edited.

use huiyuan::{db::Run as _, staff::Role};

use super::{
    decision::{confirm, ledger_balance, next_in_queue},
    report,
};
use crate::support::{Browser, TestApp, Unit, browser::Page};

const STATUS: &str = "select status from offline_payment";
const PAID: &str = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
const TOTAL: &str = "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry";

/// A member whose transfer of the whole bill is confirmed, and the page of it.
async fn confirmed(test: &TestApp, n: u32) -> (Browser, Browser, String) {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    assert_eq!(confirm(&detail).await.status, 303);
    (member, finance, detail.path)
}

async fn ask(staff: &Browser, path: &str, kind: &str, fields: &[(&str, &str)]) -> Page {
    let page = staff.get(path).await;
    page.submit_form(&format!("dialog#{kind} form"), fields).await
}

async fn answer(staff: &Browser, path: &str, answer: &str) -> Page {
    let page = staff.get(path).await;
    page.submit_form("form#answer", &[("reason", "已核对银行流水"), ("answer", answer)]).await
}

/// The entries of a correction lead to the transfer, at that correction, and back.
async fn leads_from_the_ledger_to_the_transfer(second: &Browser, path: &str) {
    let ledger = second.get("/admin/ledger").await;
    let link = ledger.attribute("a[href^='/admin/offline/corrections/']", "href").unwrap();
    let leads = second.get(&link).await.location().unwrap();
    let (to, part) = leads.split_once('#').unwrap();
    assert_eq!(to, path, "the transfer, at its correction");
    let transfer = second.get(to).await;
    let card = transfer.texts(&format!("#{part}")).concat();
    assert!(card.contains("银行退票"), "{card}");
    assert!(card.contains("已核对银行流水"), "{card}");
    let entries = transfer.attribute(&format!("#{part} a[href^='/admin/ledger']"), "href").unwrap();
    assert_eq!(second.get(&entries).await.texts("table tbody tr").len(), 6 + 2);
    assert_eq!(second.get("/admin/offline/corrections/none").await.status, 404);
}

#[tokio::test]
async fn two_people_take_a_wrong_confirmation_back_and_the_bill_owes_again() {
    let test = TestApp::start().await;
    let (member, finance, path) = confirmed(&test, 1).await;
    let nothing = ask(&finance, &path, "reverse", &[("reason", " ")]).await;
    assert_eq!(nothing.status, 422, "a reason is asked for");
    let asked = ask(&finance, &path, "reverse", &[("reason", "银行退票")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    assert_eq!(test.db_text(STATUS).await, "confirmed", "asking changes nothing");
    assert_eq!(test.db_count(PAID).await, 200_000);
    let own = finance.get(&path).await;
    own.must_say("须由另一位工作人员复核");
    let alone = answer(&finance, &path, "approve").await;
    assert_eq!(alone.status, 409, "nobody approves what they asked for");
    alone.must_say("不能复核自己的申请");

    let second = test.staff(Role::Super).await;
    second.get("/admin").await.must_say("待复核的线下缴费更正");
    second.get("/admin/offline?state=approval").await.must_say("更正待复核（1）");
    let done = answer(&second, &path, "approve").await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.follow().await.must_say("已冲正");

    assert_eq!(test.db_text(STATUS).await, "reversed");
    leads_from_the_ledger_to_the_transfer(&second, &path).await;
    assert_eq!(test.db_count(PAID).await, 0);
    assert_eq!(test.db_text("select status from dues_bill").await, "open", "owed again");
    assert_eq!(ledger_balance(&test, "bank").await, 0);
    assert_eq!(ledger_balance(&test, "dues-income").await, 0);
    assert_eq!(test.db_count("select count(*) from ledger_entry").await, 4, "nothing was deleted");
    let told = "select count(*) from outbox where topic = 'offline.reversed'";
    assert_eq!(test.db_count(told).await, 1);
    let audited = "select count(*) from audit_log where action = 'offline.correction.approve'";
    assert_eq!(test.db_count(audited).await, 1);
    let records = member.get("/dues/records").await;
    records.must_say("已冲正");
    let link = records.attribute("td a.mono", "href").unwrap();
    let read = member.get(&link).await;
    read.must_say("撤销了这笔确认");
    assert!(!read.says("申请冲正"), "talk among finance is not shown");

    let again = report(&member, &[]).await;
    assert_eq!(again.status, 303, "the member reports the money anew");
    assert_eq!(confirm(&next_in_queue(&finance).await).await.status, 303);
    assert_eq!(test.db_count(PAID).await, 200_000);
    assert_eq!(test.db_count(TOTAL).await, 0);
}

#[tokio::test]
async fn of_two_that_answer_one_wins_and_the_other_is_told_by_whom() {
    let test = TestApp::start().await;
    let (_, finance, path) = confirmed(&test, 2).await;
    ask(&finance, &path, "reverse", &[("reason", "记错单位")]).await;
    let twice = finance.get(&path).await;
    assert!(twice.texts("dialog#reverse").is_empty(), "one correction at a time");
    let (one, two) = (test.staff(Role::Super).await, test.staff(Role::Lead).await);
    let pages = (one.get(&path).await, two.get(&path).await);
    let fields = [("reason", "已核对"), ("answer", "approve")];
    let (a, b) = tokio::join!(
        pages.0.submit_form("form#answer", &fields),
        pages.1.submit_form("form#answer", &fields)
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{} {}", a.text(), b.text());
    let loser = if a.status == 409 { a } else { b };
    loser.must_say("这项更正已由staff-");
    assert_eq!(ledger_balance(&test, "bank").await, 0, "taken back once");
    assert_eq!(test.db_count("select count(*) from ledger_entry").await, 4);
}

#[tokio::test]
async fn a_refused_correction_leaves_everything_and_another_one_may_follow() {
    let test = TestApp::start().await;
    let (member, finance, path) = confirmed(&test, 3).await;
    ask(&finance, &path, "reverse", &[("reason", "看错了")]).await;
    assert_eq!(answer(&finance, &path, "refuse").await.status, 303, "who asked may take it back");
    assert_eq!(test.db_text(STATUS).await, "confirmed");
    assert_eq!(test.db_count(PAID).await, 200_000);
    assert!(!member.get("/dues/records").await.says("冲正"));
    ask(&finance, &path, "reverse", &[("reason", "确实记错")]).await;
    let second = test.staff(Role::Lead).await;
    assert_eq!(answer(&second, &path, "approve").await.status, 303);
    assert_eq!(test.db_text(STATUS).await, "reversed");
    assert!(finance.get(&path).await.texts("dialog#reverse").is_empty());
    let auditor = test.staff(Role::Auditor).await;
    let history = auditor.get(&path).await;
    for words in ["会员提交", "确认到账", "申请冲正", "看错了", "复核未同意", "确实记错"]
    {
        history.must_say(words);
    }
}

#[tokio::test]
async fn the_database_refuses_to_edit_what_was_confirmed() {
    let test = TestApp::start().await;
    let (_, finance, path) = confirmed(&test, 4).await;
    let edits = [
        "update offline_payment set amount = 1",
        "update offline_payment set bill_id = 'other'",
        "update offline_payment set paid_on = '2026-01-01'",
        "update offline_payment set method = 'cash'",
        "update offline_payment set remark = '', version = version + 1",
        "delete from offline_payment",
        "update offline_confirmation set applied = applied + 1",
        "update offline_confirmation set amount = 1, applied = 1",
    ];
    for sql in edits {
        assert!(test.app.db.exec(sql, Vec::new()).await.is_err(), "{sql}");
    }
    assert_eq!(test.db_count("select amount from offline_payment").await, 200_000);
    ask(&finance, &path, "reverse", &[("reason", "记错单位")]).await;
    let alone = "update offline_correction set status = 'approved', answered_by = asked_by";
    assert!(test.app.db.exec(alone, Vec::new()).await.is_err(), "four eyes, in the database, too");
}

#[tokio::test]
async fn only_finance_asks_and_only_who_may_approve_answers() {
    let test = TestApp::start().await;
    let (member, finance, path) = confirmed(&test, 5).await;
    let token = finance.get(&path).await.fields("dialog#reverse form")["csrf"].clone();
    let target = format!("{path}/corrections");
    let fields = [("csrf", token.as_str()), ("kind", "reverse"), ("reason", "x")];
    for role in [Role::Auditor, Role::Lead, Role::Membership, Role::Support] {
        let staff = test.staff(role).await;
        let own = staff.get("/admin").await.fields("form[action='/admin/logout']");
        let mut fields = fields;
        fields[0].1 = &own["csrf"];
        assert_eq!(staff.post_raw(&target, &fields).await.status, 403, "{role:?}");
    }
    assert_ne!(member.post_raw(&target, &fields).await.status, 303, "members never");
    assert_eq!(test.db_count("select count(*) from offline_correction").await, 0);
    ask(&finance, &path, "reverse", &[("reason", "记错单位")]).await;
    let auditor = test.staff(Role::Auditor).await;
    let page = auditor.get(&path).await;
    page.must_say("更正待复核");
    assert!(page.texts("form#answer").is_empty(), "auditors only read");
}
