//! More money than the bill owes: kept in suspense by explicit choice, then paid back or put on
//! another bill, by two people.

use huiyuan::{dues::MemoCode, staff::Role};

use super::{
    decision::{confirm, ledger_balance, next_in_queue},
    report,
};
use crate::support::{Browser, TestApp, Unit, browser::Page};

/// A bill of the only member for another year, as a bill run would make it.
pub async fn bill_of(test: &TestApp, year: i64) -> String {
    let (id, memo) = (format!("bill-{year}"), MemoCode::new(&test.app.ids));
    test.db_exec(&format!(
        "insert into dues_bill (id, no, member_id, year, also_covers, item, standard_id, tier_id, \
         level_id, gross, reduction, due, paid, refunded, status, due_on, memo_code, active_key, \
         issued_ms) select '{id}', 'B{year}', member_id, {year}, null, item, standard_id, tier_id, \
         level_id, gross, reduction, due, 0, 0, 'open', due_on, '{memo}', '1', issued_ms \
         from dues_bill order by id limit 1"
    ))
    .await;
    id
}

/// A member that has sent 2,500 yuan for a bill of 2,000, and said so.
async fn overpaid(test: &TestApp, n: u32) -> (Browser, Browser) {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    let slip = report(&member, &[("amount", "2500")]).await;
    assert_eq!(slip.status, 422);
    assert!(slip.error_of("amount").contains("确实多汇"), "{}", slip.error_of("amount"));
    let fields = [("amount", "2500"), ("surplus", "1")];
    let meant = slip.submit_files("form#offline", &fields, &[]).await;
    assert_eq!(meant.status, 303, "{}", meant.text());
    (member, test.staff(Role::Finance).await)
}

async fn confirm_with_surplus(finance: &Browser) -> Page {
    let detail = next_in_queue(finance).await;
    detail.must_say("多出部分须明确转入待处理款项");
    let refused = confirm(&detail).await;
    assert_eq!(refused.status, 409, "nothing goes into suspense unasked");
    refused.must_say("比该账单未缴金额多 500.00 元");
    let other = detail.submit_form("form#confirm", &[("surplus", "40000")]).await;
    assert_eq!(other.status, 409, "only the sum that was shown");
    let done = detail.submit_form("form#confirm", &[("surplus", "50000")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    detail
}

async fn two_people(test: &TestApp, first: &Browser, path: &str, kind: &str, bill: &str) {
    let page = first.get(path).await;
    let fields = [("reason", "与会员核实"), ("bill", bill)];
    let asked = page.submit_form(&format!("dialog#{kind} form"), &fields).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let second = test.staff(Role::Super).await;
    let page = second.get(path).await;
    let fields = [("reason", "已复核"), ("answer", "approve")];
    let done = page.submit_form("form#answer", &fields).await;
    assert_eq!(done.status, 303, "{}", done.text());
}

#[tokio::test]
async fn a_surplus_waits_in_suspense_until_it_is_paid_back() {
    let test = TestApp::start().await;
    let (member, finance) = overpaid(&test, 1).await;
    let detail = confirm_with_surplus(&finance).await;
    assert_eq!(ledger_balance(&test, "bank").await, 250_000);
    assert_eq!(ledger_balance(&test, "dues-income").await, -200_000);
    assert_eq!(ledger_balance(&test, "suspense").await, -50_000);
    assert_eq!(test.db_count("select paid from dues_bill").await, 200_000);
    finance.get("/admin/offline?state=surplus").await.must_say("多缴待处理（1）");
    finance.get("/admin").await.must_say("待处理的多缴款");
    two_people(&test, &finance, &detail.path, "return", "").await;
    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    assert_eq!(ledger_balance(&test, "suspense").await, 0);
    let link = member.get("/dues/records").await.attribute("td a.mono", "href").unwrap();
    member.get(&link).await.must_say("其中多缴 500.00 元：已退还");
    finance.get("/admin/offline?state=surplus").await.must_say("多缴待处理（0）");
    let told = "select count(*) from outbox where topic = 'offline.surplus'";
    assert_eq!(test.db_count(told).await, 1);
}

#[tokio::test]
async fn a_surplus_pays_another_year_and_the_whole_can_still_be_taken_back() {
    let test = TestApp::start().await;
    let (_, finance) = overpaid(&test, 2).await;
    let detail = confirm_with_surplus(&finance).await;
    let next = bill_of(&test, 2027).await;
    two_people(&test, &finance, &detail.path, "assign", &next).await;
    let paid = format!("select paid from dues_bill where id = '{next}'");
    assert_eq!(test.db_count(&paid).await, 50_000);
    assert_eq!(ledger_balance(&test, "suspense").await, 0);
    assert_eq!(ledger_balance(&test, "dues-income").await, -250_000);
    two_people(&test, &finance, &detail.path, "reverse", "").await;
    for account in ["bank", "suspense", "dues-income"] {
        assert_eq!(ledger_balance(&test, account).await, 0, "{account}");
    }
    let paid = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
    assert_eq!(test.db_count(paid).await, 0, "both bills owe again");
}

#[tokio::test]
async fn money_for_a_settled_bill_is_kept_whole_if_finance_says_so() {
    let test = TestApp::start().await;
    let unit = Unit::sample(3);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    report(&member, &[]).await;
    report(&member, &[]).await;
    let finance = test.staff(Role::Finance).await;
    assert_eq!(confirm(&next_in_queue(&finance).await).await.status, 303);
    let detail = next_in_queue(&finance).await;
    let done = detail.submit_form("form#confirm", &[("surplus", "200000")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(ledger_balance(&test, "bank").await, 400_000);
    assert_eq!(ledger_balance(&test, "suspense").await, -200_000);
    two_people(&test, &finance, &detail.path, "reverse", "").await;
    assert_eq!(ledger_balance(&test, "bank").await, 200_000);
    assert_eq!(ledger_balance(&test, "suspense").await, 0);
}
