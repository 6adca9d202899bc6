//! The form: 票据抬头 and 接收邮箱, what is sealed, the history, and what is never lost.

use huiyuan::staff::Role;

use super::{TODAY, decision::next_in_queue, report, voucher};
use crate::support::{Browser, TestApp, Unit};

async fn member(test: &TestApp, n: u32) -> (Unit, Browser) {
    let unit = Unit::sample(n);
    test.member(&unit).await;
    let browser = test.signed_in(&unit, 0).await;
    (unit, browser)
}

#[tokio::test]
async fn the_receipt_goes_to_the_unit_at_an_address_of_its_choice() {
    let test = TestApp::start().await;
    let (unit, member) = member(&test, 1).await;
    let page = member.get("/dues/offline").await;
    let form = page.fields("form#offline");
    assert_eq!(form["title"], unit.name);
    assert_eq!(form["email"], "dues@example.org", "that of the profile is proposed");
    assert!(page.attribute("#f-title", "readonly").is_some());
    assert_eq!(form["due"], "2,000.00");
    let wrong = report(&member, &[("email", "no-address"), ("title", "别的单位")]).await;
    assert!(wrong.error_of("email").contains("邮箱"));
    assert_eq!(wrong.fields("form#offline")["title"], unit.name, "whatever a browser sends");
    let sent = report(&member, &[("email", "receipt@example.org"), ("title", "别的单位")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(test.db_text("select title from offline_payment").await, unit.name);
    let finance = test.staff(Role::Finance).await;
    next_in_queue(&finance).await.must_say("receipt@example.org");
}

#[tokio::test]
async fn what_is_personal_is_sealed_at_rest() {
    let test = TestApp::start().await;
    let (_, member) = member(&test, 2).await;
    let typed = [
        ("payer_name", "测试付款人"),
        ("payer_tail", "9876"),
        ("remark", "经办人测试"),
        ("email", "person@example.org"),
    ];
    report(&member, &typed).await;
    for (column, text) in typed {
        let stored = test.db_text(&format!("select {column} from offline_payment")).await;
        assert!(!stored.is_empty() && !stored.contains(text), "{column}");
    }
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    for words in ["测试付款人", "**** 9876", "经办人测试", "person@example.org"] {
        detail.must_say(words);
    }
    let logs = "select count(*) from audit_log where detail like '%测试付款人%' \
                or detail like '%person@example.org%'";
    assert_eq!(test.db_count(logs).await, 0);
}

#[tokio::test]
async fn files_survive_any_number_of_refusals_without_scripts() {
    let test = TestApp::start().await;
    let (_, member) = member(&test, 3).await;
    let page = member.get("/dues/offline").await;
    let first = page.submit_files("form#offline", &[("paid_on", "")], &voucher()).await;
    let look = first.attribute("a.offline-look", "href").unwrap();
    assert_eq!(member.get(&look).await.status, 200, "and can be looked at meanwhile");
    let more = first.submit_files("form#offline", &[("amount", "x")], &voucher()).await;
    assert_eq!(more.attributes("input[name=kept]", "value").len(), 2);
    let kept = more.attributes("input[name=kept]", "value");
    let fields = [TODAY, ("amount", "2000"), ("kept", &kept[0]), ("kept", &kept[1])];
    let sent = more.submit_files("form#offline", &fields, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(test.db_count("select count(*) from offline_voucher").await, 2);
    let other = Unit::sample(33);
    test.member(&other).await;
    let stranger = test.signed_in(&other, 1).await;
    assert_eq!(stranger.get(&look).await.status, 404, "uploads are their owner's");
}

#[tokio::test]
async fn the_history_of_a_report_stays_visible_to_both_sides() {
    let test = TestApp::start().await;
    let (_, member) = member(&test, 4).await;
    report(&member, &[("amount", "100")]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    detail.submit_form("form#reject", &[("reason", "金额与回单不符")]).await;
    let records = member.get("/dues/records").await;
    let link = records.attribute("td.acts a[href^='/dues/offline/']", "href").unwrap();
    let form = member.get(&link).await;
    form.must_say("金额与回单不符");
    let sent = form.submit_files("form#offline", &[("amount", "200")], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    for page in [member.get(&link).await, finance.get(&detail.path).await] {
        let history = page.texts(".history-item").join(" ");
        for words in ["会员提交", "100.00", "驳回", "金额与回单不符", "修改后重新提交", "200.00"]
        {
            assert!(history.contains(words), "{words}: {history}");
        }
    }
    assert!(!member.get(&link).await.texts(".history-item").join("").contains("staff-"));
}

#[tokio::test]
async fn confirming_asks_first_and_its_remark_stays_among_finance() {
    let test = TestApp::start().await;
    let (_, member) = member(&test, 5).await;
    report(&member, &[("amount", "1900")]).await;
    let finance = test.staff(Role::Finance).await;
    let detail = next_in_queue(&finance).await;
    assert_eq!(detail.texts("dialog#confirming form#confirm").len(), 1, "a dialog of its own");
    assert_eq!(detail.fields("form#confirm")["reason"], "");
    let long = "长".repeat(201);
    let refused = detail.submit_form("form#confirm", &[("reason", &long)]).await;
    assert_eq!(refused.status, 422);
    refused.must_say("最多 200 个字");
    assert_eq!(detail.submit_form("form#confirm", &[]).await.status, 303);
    assert_eq!(test.db_text("select reason from offline_payment").await, "");

    report(&member, &[("amount", "100")]).await;
    let second = next_in_queue(&finance).await;
    let fields = [("reason", "只给同事看")];
    assert_eq!(second.submit_form("form#confirm", &fields).await.status, 303);
    finance.get(&second.path).await.must_say("只给同事看");
    let links = member.get("/dues/records").await.attributes("td a.mono", "href");
    for link in links {
        assert!(!member.get(&link).await.says("只给同事看"), "remarks are for the secretariat");
    }
}
