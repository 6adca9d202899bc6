//! The lists: the queue with its search, every contribution in one list, and the member's own.

use std::collections::BTreeSet;

use huiyuan::staff::Role;

use super::{
    decision::{confirm, next_in_queue},
    report,
    surplus::bill_of,
};
use crate::support::{Browser, TestApp, Unit, browser::Page};

/// Reports of 1.01, 1.02, … yuan, one a minute.
async fn many_reports(test: &TestApp, member: &Browser, count: u32) {
    for n in 1..=count {
        let amount = format!("1.{n:02}");
        let sent = report(member, &[("amount", &amount), ("bank_ref", &format!("BANK-{n}"))]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        test.advance(std::time::Duration::from_secs(1)).await;
    }
}

fn amounts(page: &Page) -> Vec<String> {
    page.texts("tbody td.num")
}

/// Every amount of a list, page by page.
async fn all_pages(staff: &Browser, first: &str) -> Vec<String> {
    let mut page = staff.get(first).await;
    let mut all = amounts(&page);
    while let Some(next) = page.attribute("a[rel=next]", "href") {
        page = staff.get(&next).await;
        all.extend(amounts(&page));
    }
    all
}

#[tokio::test]
async fn staff_find_a_report_by_whatever_they_have() {
    let test = TestApp::start().await;
    let (mine, other) = (Unit::sample(1), Unit::sample(2));
    test.member(&mine).await;
    test.member(&other).await;
    let member = test.signed_in(&mine, 0).await;
    let second = test.signed_in(&other, 1).await;
    report(&member, &[("amount", "100.01"), ("bank_ref", "BANK-77")]).await;
    report(&second, &[("amount", "200.02")]).await;
    let finance = test.staff(Role::Finance).await;
    let number = test.db_text("select no from offline_payment where amount = 10001").await;
    let memo = "select memo_code from dues_bill b join offline_payment p on p.bill_id = b.id";
    let memo = test.db_text(&format!("{memo} where p.amount = 10001")).await;
    let spaced = format!("{} {}", memo[..4].to_lowercase(), &memo[4..]);
    let searches =
        [&mine.name, &mine.uscc, &number, "BANK-77", "100.01", "¥", &memo, &spaced, "没有这家"];
    for typed in searches {
        let page = finance.get(&format!("/admin/offline?q={typed}")).await;
        let expected: &[&str] = match typed {
            "¥" | "没有这家" => &[],
            _ => &["￥100.01"],
        };
        let found: Vec<String> = amounts(&page).iter().map(|it| it.replace(' ', "")).collect();
        assert_eq!(found, expected, "{typed}");
    }
    let year = finance.get("/admin/offline?year=2025").await;
    assert!(amounts(&year).is_empty());
    year.must_say("没有符合条件的线下缴费");
    assert_eq!(amounts(&finance.get("/admin/offline?year=2026").await).len(), 2);
}

#[tokio::test]
async fn lists_are_paged_by_key_and_keep_what_they_are_narrowed_to() {
    let test = TestApp::start_with(&[("SECURITY__SESSION_IDLE_SECONDS", "36000")]).await;
    let unit = Unit::sample(3);
    test.member(&unit).await;
    let member = test.signed_in(&unit, 0).await;
    many_reports(&test, &member, 23).await;
    let finance = test.staff(Role::Finance).await;
    let lists = ["/admin/offline", "/admin/offline?state=all&q=示例网络", "/admin/contributions"];
    for list in lists {
        let all = all_pages(&finance, list).await;
        assert_eq!(all.len(), 23, "{list}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 23, "{list}: each once");
    }
    let all = all_pages(&member, "/dues/records").await;
    assert_eq!(all.len(), 23);
    assert!(all[0].contains("1.23"), "newest first");
    let queue = finance.get("/admin/offline").await;
    assert!(amounts(&queue)[0].contains("1.01"), "what waits longest comes first");
}

/// One online payment for 2027 and one confirmed transfer for 2026.
async fn contributions_can_be_narrowed(finance: &Browser) {
    for (query, expected) in [
        ("channel=online", 1),
        ("channel=offline", 1),
        ("state=waiting", 0),
        ("state=booked", 2),
        ("year=2027", 1),
        ("year=2026&channel=online", 0),
        ("q=示例网络", 2),
        ("q=没有这家", 0),
    ] {
        let page = finance.get(&format!("/admin/contributions?{query}")).await;
        assert_eq!(amounts(&page).len(), expected, "{query}");
    }
}

#[tokio::test]
async fn online_and_offline_money_stand_in_one_list_for_staff_and_member() {
    let test = TestApp::start().await;
    let (mine, other) = (Unit::sample(4), Unit::sample(5));
    test.member(&mine).await;
    let member = test.signed_in(&mine, 0).await;
    report(&member, &[("amount", "500")]).await;
    let finance = test.staff(Role::Finance).await;
    confirm(&next_in_queue(&finance).await).await;
    test.advance(std::time::Duration::from_secs(1)).await;
    let next = bill_of(&test, 2027).await;
    let dues = member.get("/dues").await;
    let pay = dues.submit_form("form[action='/dues/pay']", &[("bill", &next)]).await;
    pay.follow().await;
    let number = test.db_text("select out_trade_no from payment_attempt").await;
    test.sandbox.pay(&number, "xiaolin").unwrap();
    test.sandbox.settle().await;
    test.member(&other).await;
    let stranger = test.signed_in(&other, 1).await;

    let list = finance.get("/admin/contributions").await;
    list.must_say("线上（微信支付）");
    list.must_say("线下（银行转账）");
    list.must_say(&mine.name);
    let links = list.attributes("tbody td.acts a", "href");
    let (online, offline) = (&links[0], &links[1]);
    finance.get(online).await.must_say(&number);
    finance.get(offline).await.must_say("已确认");
    contributions_can_be_narrowed(&finance).await;

    let records = member.get("/dues/records").await;
    assert_eq!(records.texts("tbody .chip"), ["自动确认", "已确认"]);
    let links = records.attributes("tbody td a.mono", "href");
    assert!(links[0].starts_with("/pay/") && links[1].starts_with("/dues/offline/"));
    assert_eq!(amounts(&member.get("/dues/records?year=2027").await).len(), 1);
    let to = |page: &Page, href: &str| page.attributes("main a", "href").contains(&href.to_owned());
    assert!(to(&records, "/payments"));
    assert!(to(&member.get("/payments").await, "/dues/records"), "each leads to the other");
    assert!(to(&list, "/admin/payments") && to(&list, "/admin/offline"));
    assert!(to(&finance.get("/admin/payments").await, "/admin/contributions"));
    assert!(amounts(&stranger.get("/dues/records").await).is_empty(), "nobody else's");
    let support = test.staff(Role::Support).await;
    assert_eq!(support.get("/admin/contributions").await.status, 403);
}
