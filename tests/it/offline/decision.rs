//! 线下缴费 of finance: confirming, rejecting, and the books.

use huiyuan::{dues, payment::sweep::sweep_due, staff::Role};

use crate::{
    offline::{report, voucher},
    support::{Browser, TestApp, Unit, browser::Page},
};

/// The page of the oldest report that waits.
pub async fn next_in_queue(staff: &Browser) -> Page {
    let queue = staff.get("/admin/offline").await;
    let link = queue.attribute(".table a.btn", "href");
    staff.get(&link.unwrap_or_else(|| panic!("nothing waits:\n{}", queue.text()))).await
}

/// Confirms as proposed.
pub async fn confirm(page: &Page) -> Page {
    page.submit_form("form#confirm", &[]).await
}

/// The sum of an account's entries.
pub async fn ledger_balance(test: &TestApp, account: &str) -> i64 {
    let sql = format!(
        "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry where account = '{account}'"
    );
    test.db_count(&sql).await
}

#[tokio::test]
async fn a_confirmed_transfer_settles_the_bill_and_is_in_the_books() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let page = member.get("/dues/offline").await;
    page.must_say("江苏省互联网协会");
    page.must_say("附言");
    assert_eq!(page.fields("form#offline")["amount"], "2000.00", "the whole bill is proposed");

    let sent = report(&member, &[("payer_tail", "1234"), ("bank_ref", "A001")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    sent.follow().await.must_say("待确认");
    assert_eq!(test.db_count("select count(*) from dues_bill where status = 'paid'").await, 0);
    let tail = test.db_text("select payer_tail from offline_payment").await;
    assert!(!tail.contains("1234"), "the account's digits are sealed");

    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    detail.must_say("**** 1234");
    detail.must_say(&unit.name);
    let done = confirm(&detail).await;
    assert_eq!(done.status, 303, "{}", done.text());
    done.follow().await.must_say("已确认");

    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    assert_eq!(ledger_balance(&test, "dues-income").await, -200_000);
    assert_eq!(test.db_count("select count(*) from dues_bill where status = 'paid'").await, 1);
    let audited = "select count(*) from audit_log where action = 'offline.confirm'";
    assert_eq!(test.db_count(audited).await, 1);
    let told = "select count(*) from outbox where topic = 'offline.confirmed'";
    assert_eq!(test.db_count(told).await, 1);
    member.get("/dues/records").await.must_say("已确认");
    member.get("/").await.must_say("已缴");
}

#[tokio::test]
async fn a_rejected_report_is_amended_and_waits_again() {
    let test = TestApp::start().await;
    let unit = Unit::sample(5);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    for round in ["回单不清晰", "金额看不清"] {
        let detail = next_in_queue(&finance).await;
        let empty = detail.submit_form("form#reject", &[("reason", " ")]).await;
        assert_eq!(empty.status, 422, "a rejection needs a reason");
        let done = detail.submit_form("form#reject", &[("reason", round)]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let records = member.get("/dues/records").await;
        records.must_say("已驳回");
        records.must_say(round);
        let link = records.attribute("td.acts a[href^='/dues/offline/']", "href").unwrap();
        let form = member.get(&link).await;
        form.must_say(round);
        let sent = form.submit_files("form#offline", &[("remark", "已补充")], &voucher()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
    }
    let told = "select count(*) from outbox where topic = 'offline.rejected'";
    assert_eq!(test.db_count(told).await, 2, "the member is told each time");
    let detail = next_in_queue(&finance).await;
    detail.must_say("已补充");
    assert_eq!(detail.texts("figure.voucher").len(), 2, "the old voucher was kept, one came");
    assert_eq!(confirm(&detail).await.status, 303);
}

#[tokio::test]
async fn of_two_that_confirm_one_wins_and_the_other_is_told_by_whom() {
    let test = TestApp::start().await;
    let unit = Unit::sample(6);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let (one, two) = (test.staff(Role::Finance).await, test.staff(Role::Super).await);
    let (first, second) = (next_in_queue(&one).await, next_in_queue(&two).await);
    let (a, b) = tokio::join!(confirm(&first), confirm(&second));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{} {}", a.text(), b.text());
    let loser = if a.status == 409 { &a } else { &b };
    loser.must_say("这笔缴费已由");
    loser.must_say("staff-");
    assert_eq!(ledger_balance(&test, "bank").await, 200_000, "booked once");
    assert_eq!(test.db_count("select count(*) from allocation").await, 1);
    let told = "select count(*) from outbox where topic = 'offline.confirmed'";
    assert_eq!(test.db_count(told).await, 1);
}

#[tokio::test]
async fn a_bill_that_was_settled_meanwhile_takes_no_more() {
    let test = TestApp::start().await;
    let unit = Unit::sample(7);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let again = member.get("/dues/offline").await;
    again.must_say("请勿重复提交");
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    assert_eq!(confirm(&next_in_queue(&finance).await).await.status, 303);
    let detail = next_in_queue(&finance).await;
    detail.must_say("不再欠费");
    let refused = confirm(&detail).await;
    assert_eq!(refused.status, 409);
    refused.must_say("没有入账");
    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    let waits = "select count(*) from offline_payment where status = 'submitted'";
    assert_eq!(test.db_count(waits).await, 1, "nothing was written");
    let paid = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
    assert_eq!(test.db_count(paid).await, 200_000);
}

#[tokio::test]
async fn a_bill_may_be_paid_in_parts_and_cash_has_its_own_account() {
    let test = TestApp::start().await;
    let unit = Unit::sample(8);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[("amount", "500.50"), ("method", "cash")]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    detail.must_say("部分缴纳");
    confirm(&detail).await;
    assert_eq!(ledger_balance(&test, "cash").await, 50_050);
    member.get("/dues").await.must_say("部分缴纳");
    let form = member.get("/dues/offline").await;
    assert_eq!(form.fields("form#offline")["amount"], "1499.50");
    let much = report(&member, &[("amount", "1499.51")]).await;
    assert!(much.error_of("amount").contains("1,499.50"));
    report(&member, &[]).await;
    assert_eq!(confirm(&next_in_queue(&finance).await).await.status, 303);
    assert_eq!(test.db_count("select count(*) from dues_bill where status = 'paid'").await, 1);
    let total = dues::year_totals(&test.app.db, 2026).await.unwrap();
    assert_eq!((total.bills, total.settled), (1, 1));
}

#[tokio::test]
async fn finance_is_warned_while_the_bill_is_being_paid_online() {
    let test = TestApp::start().await;
    let unit = Unit::sample(13);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    assert!(!detail.says("线上订单"));
    let dues = member.get("/dues").await;
    let order = dues.submit_form("form[action='/dues/pay']", &[]).await;
    assert_eq!(order.status, 303, "{}", order.text());
    let warning = finance.get(&detail.path).await;
    warning.must_say("该账单有未完成的线上订单");
    warning.must_say("2,000.00");
}

#[tokio::test]
async fn transfer_and_online_payment_at_the_same_instant_settle_the_bill_once() {
    let test = TestApp::start().await;
    let unit = Unit::sample(14);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    let dues = member.get("/dues").await;
    dues.submit_form("form[action='/dues/pay']", &[]).await.follow().await;
    let number = test.db_text("select out_trade_no from payment_attempt").await;
    test.sandbox.pay(&number, "xiaolin").unwrap();
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;

    let (confirmed, ()) = tokio::join!(confirm(&detail), test.sandbox.settle());

    test.advance(std::time::Duration::from_mins(2)).await;
    sweep_due(&test.app).await.unwrap();
    let paid = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
    assert_eq!(test.db_count(paid).await, 200_000, "never over-paid");
    assert_eq!(test.db_count("select count(*) from allocation").await, 1);
    let total = "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry";
    assert_eq!(test.db_count(total).await, 0, "the books balance");
    let states = member.get("/dues/records").await.texts(".chip");
    if confirmed.status == 303 {
        assert_eq!(ledger_balance(&test, "suspense").await, -200_000, "the other is parked");
        assert_eq!(states, ["已确认"]);
    } else {
        assert_eq!(confirmed.status, 409);
        assert_eq!(ledger_balance(&test, "bank").await, 0);
        assert!(states.contains(&"自动确认".to_owned()), "{states:?}");
    }
}
