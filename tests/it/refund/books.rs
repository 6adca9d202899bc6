//! `verify` names what is broken, wherever a row was edited by hand; the export tells everything.

use huiyuan::{
    ledger,
    reconcile::export::{Format, What, export},
};

use super::Till;

/// An edit in the database, and the check and the words that must name it.
const EDITS: [(&str, &str, &str); 14] = [
    (
        "update ledger_entry set amount = amount + 1 where account = 'wechat-clearing' \
         and source_kind = 'payment'",
        "entries",
        "借贷不平，差额 0.01 元",
    ),
    (
        "update ledger_entry set amount = amount * 2 where source_kind = 'payment'",
        "payments",
        "账簿收款 4000.00 元",
    ),
    ("delete from ledger_entry where source_kind = 'payment'", "payments", "账簿收款 0.00 元"),
    ("delete from ledger_entry where source_kind = 'payment'", "entries", "账簿中没有分录"),
    (
        "update ledger_entry set source_id = 'x' where source_kind = 'payment'",
        "payments",
        "没有这笔付款",
    ),
    (
        "update ledger_entry set account = 'suspense' where account = 'dues-income'",
        "parked",
        "科目余额",
    ),
    ("update allocation set amount = amount - 1 where of_id is null", "bills", "款项合计"),
    ("update allocation set amount = amount - 1 where of_id is null", "entries", "两者不等"),
    ("update dues_bill set status = 'open'", "bills", "按金额应为部分退款"),
    ("update refund set status = 'processing'", "refunds", "状态为处理中"),
    ("update refund set amount = amount + 1", "refunds", "两者不等"),
    ("delete from refund", "refunds", "没有这笔退款"),
    ("update payment_order set amount = amount + 1", "orders", "账单合计 2000.00 元"),
    ("update payment_order set status = 'closed'", "orders", "成功的支付单有 1 个"),
];

#[tokio::test]
async fn whatever_is_edited_by_hand_is_named() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500")]).await;
    till.wait().await;
    till.sound().await;
    let tables =
        ["ledger_entry", "allocation", "dues_bill", "refund", "payment_order", "payment_attempt"];
    for table in tables {
        till.test.db_exec(&format!("create table kept_{table} as select * from {table}")).await;
    }
    for (edit, check, words) in EDITS {
        till.test.db_exec(edit).await;
        let report = till.verify().await;
        let named = report.findings.iter().any(|f| f.check == check && f.problem.contains(words));
        assert!(named, "{edit}: {check} {words}\n{:#?}", report.findings);
        for table in tables {
            till.test.db_exec(&format!("delete from {table}")).await;
            till.test.db_exec(&format!("insert into {table} select * from kept_{table}")).await;
        }
        assert!(till.verify().await.is_sound(), "restored after {edit}");
    }
}

#[tokio::test]
async fn a_failed_check_is_seen_by_people_and_by_probes() {
    let till = Till::open().await;
    till.paid().await;
    let probe = till.test.browser().get("/readyz").await;
    assert!(probe.body.contains("\"ledger\":\"unchecked\""), "{}", probe.body);
    till.sound().await;
    let probe = till.test.browser().get("/readyz").await;
    assert!(probe.body.contains("\"ledger\":\"ok\""), "{}", probe.body);
    till.one.get("/admin").await.must_say("没有发现问题");

    till.test.db_exec("update ledger_entry set amount = amount + 1 where amount > 0").await;
    till.test.advance(std::time::Duration::from_secs(1)).await;
    let page = till.one.get("/admin/ledger/check").await;
    assert_eq!(page.submit_form("form#begin", &[]).await.status, 303);
    let running = "ledger_check where status = 'running'";
    while till.count(running).await > 0 {
        tokio::task::yield_now().await;
    }

    till.one.get("/admin/ledger/check").await.must_say("借贷不平");
    till.one.get("/admin").await.must_say("账簿核对发现");
    let probe = till.test.browser().get("/readyz").await;
    assert_eq!(probe.status, 200, "broken books take no server away");
    assert!(probe.body.contains("\"ledger\":\"broken\""), "{}", probe.body);
    assert_eq!(till.count("audit_log where action = 'ledger.check'").await, 1);
}

#[tokio::test]
async fn two_checks_never_run_at_once_and_a_dead_one_is_replaced() {
    use huiyuan::reconcile::{
        check::{Cause, begin},
        check_if_due,
    };
    let till = Till::open().await;
    let app = &till.test.app;
    let day = std::time::Duration::from_hours(24);
    assert!(begin(app, Cause::Clock).await.unwrap().is_some());
    assert!(begin(app, Cause::Command).await.unwrap().is_none());
    till.test.advance(std::time::Duration::from_mins(11)).await;
    assert!(begin(app, Cause::Command).await.unwrap().is_some(), "nobody continues the first one");
    assert_eq!(till.count("ledger_check where status = 'stopped'").await, 1);
    assert_eq!(check_if_due(app, day).await.unwrap(), 0, "the last one is not old enough");
    till.test.advance(day).await;
    assert_eq!(check_if_due(app, day).await.unwrap(), 1);
}

#[tokio::test]
async fn the_ledger_page_shows_balances_and_filters_entries() {
    let till = Till::open().await;
    let number = till.paid().await;
    let transaction = till.test.db_text("select transaction_id from payment_attempt").await;
    let page = till.one.get("/admin/ledger").await;
    page.must_say("微信支付待结算");
    page.must_say("2,000.00");
    let one = till.one.get("/admin/ledger?account=dues-income&day=2026-11-24").await;
    assert_eq!(one.texts("table tbody tr").len(), 6 + 1, "six accounts and one entry");
    let none = till.one.get("/admin/ledger?day=2026-11-23").await;
    none.must_say("没有符合条件的分录");
    let source = till.one.get(&format!("/admin/ledger?source={transaction}")).await;
    let link = source.attribute("a[href^='/admin/payments?number=']", "href").unwrap();
    till.one.get(&link).await.must_say(&number);
}

#[tokio::test]
async fn closed_accounts_show_the_balances_that_all_entries_add_up_to() {
    use huiyuan::reconcile::check::{Cause, begin, run};
    let till = Till::open().await;
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500")]).await;
    till.wait().await;
    let app = &till.test.app;
    let open = ledger::balances(&app.db).await.unwrap();
    till.test.advance(std::time::Duration::from_hours(2)).await;
    for _ in 0..2 {
        let id = begin(app, Cause::Command).await.unwrap().unwrap();
        assert!(run(app, &id, |_| {}).await.unwrap().is_sound());
        assert_eq!(till.count("ledger_closing where entries > 0").await, 2);
        assert_eq!(ledger::balances(&app.db).await.unwrap(), open);
        till.test.advance(std::time::Duration::from_secs(1)).await;
    }
    let later = "insert into ledger_entry (id, at_ms, account, amount, source_kind, source_id, \
                 kind, line) values ('f1', 1, 'bank', 7, 'x', 'x', 'x', 1), \
                 ('f2', 1, 'dues-income', -7, 'x', 'x', 'x', 2)";
    till.test.db_exec(later).await;
    let balances = ledger::balances(&app.db).await.unwrap();
    assert_eq!(balances.len(), 3);
    for balance in balances {
        assert_eq!(balance.amount.get(), till.balance(&balance.account).await);
        let all = format!("ledger_entry where account = '{}'", balance.account);
        assert_eq!(balance.entries, till.count(&all).await, "{}", balance.account);
    }
}

#[tokio::test]
async fn money_that_went_back_is_listed_as_such() {
    let till = Till::open().await;
    let number = till.paid().await;
    let listed = async |state: &str| {
        let page = till.one.get(&format!("/admin/contributions?state={state}")).await;
        page.texts("tbody td.num").len()
    };
    assert_eq!((listed("booked").await, listed("taken-back").await), (1, 0));
    till.refund(&number, &[("part-1", "500")]).await;
    till.wait().await;
    assert_eq!((listed("booked").await, listed("taken-back").await), (0, 1));
}

#[tokio::test]
async fn the_export_holds_every_row_once() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500"), ("reason", "=HYPERLINK(1)")]).await;
    till.wait().await;
    for (what, rows) in
        [(What::Payments, 1), (What::Refunds, 1), (What::Allocations, 2), (What::Entries, 4)]
    {
        let mut out = Vec::new();
        let kind = (what, Format::JsonLines);
        assert_eq!(export(&till.test.app.db, kind, &mut out).await.unwrap(), rows);
        let text = String::from_utf8(out).unwrap();
        for line in text.lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let names: Vec<&str> = what.columns().to_vec();
            assert!(names.iter().all(|name| row.get(name).is_some()), "{line}");
        }
    }
    let mut out = Vec::new();
    let kind = (What::Refunds, Format::Csv);
    export(&till.test.app.db, kind, &mut out).await.unwrap();
    assert!(String::from_utf8(out).unwrap().contains(",'=HYPERLINK(1),"));
}
