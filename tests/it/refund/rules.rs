//! Who may refund what: two people, never more than was paid, never a refund of a refund.

use std::time::Duration;

use huiyuan::staff::Role;

use super::Till;

#[tokio::test]
async fn nobody_approves_what_they_asked_for() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.ask(&till.one, &number, &[]).await;
    let id = till.test.db_text("select id from refund").await;
    let page = till.newest(&till.two).await;
    let action = page.action("form#approve");
    let token = till.newest(&till.one).await.fields("form#withdraw")["csrf"].clone();
    let own = till.one.post_raw(&action, &[("csrf", &token), ("reason", "同意")]).await;
    assert_eq!(own.status, 409, "{}", own.text());
    own.must_say("申请人不能审批自己的退款");
    let auditor = till.test.staff(Role::Auditor).await;
    let seen = auditor.get(&format!("/admin/refunds/{id}")).await;
    assert!(seen.attribute("form#approve", "action").is_none());
    assert_eq!(auditor.get("/admin/refunds/new").await.status, 403);
    assert_eq!(till.status().await, "requested");
    till.sound().await;
}

#[tokio::test]
async fn a_small_sum_needs_no_second_person_where_the_association_says_so() {
    let till = Till::open_with(&[("STAFF__REFUND_ALONE_YUAN", "500")]).await;
    let number = till.paid().await;
    till.ask(&till.one, &number, &[("part-1", "500")]).await;
    assert_eq!(till.status().await, "processing");
    till.ask(&till.one, &number, &[("part-1", "500.01")]).await;
    assert_eq!(till.status().await, "requested");
}

#[tokio::test]
async fn bad_input_is_named_and_what_was_typed_is_kept() {
    let till = Till::open().await;
    let number = till.paid().await;
    let more = till.ask(&till.one, &number, &[("part-1", "2000.01")]).await;
    assert_eq!(more.status, 422);
    assert!(more.error_of("part-1").contains("最多可退 2000.00 元"), "{}", more.text());
    assert_eq!(more.fields("form#ask")["part-1"], "2000.01");
    let none = till.ask(&till.one, &number, &[("part-1", "0"), ("reason", " ")]).await;
    assert_eq!(none.status, 422);
    assert!(none.error_of("part-1").contains("请填写退款金额"));
    assert!(none.error_of("reason").contains("不能为空"));
    let bank = till.ask(&till.one, &number, &[("means", "bank")]).await;
    for field in ["evidence", "paid_by"] {
        assert!(bank.error_of(field).contains("不能为空"), "{field} {}", bank.text());
    }
    assert!(bank.error_of("paid_on").contains("日期"), "{}", bank.text());
    assert!(bank.error_of("receipt").contains("请上传银行回单"), "{}", bank.text());
    let odd = till.one.get("/admin/refunds/new?number=R1").await;
    odd.must_say("没有找到已入账的付款");
    assert_eq!(till.count("refund").await, 0);
}

#[tokio::test]
async fn refunds_together_never_exceed_what_was_paid() {
    let till = Till::open().await;
    let number = till.paid().await;
    let pages = (
        till.one.get(&format!("/admin/refunds/new?number={number}")).await,
        till.two.get(&format!("/admin/refunds/new?number={number}")).await,
    );
    let wanted = [("part-1", "1500"), ("reason", "多缴")];
    let (a, b) = tokio::join!(
        pages.0.submit_form("form#ask", &wanted),
        pages.1.submit_form("form#ask", &wanted)
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    // The loser finds the sum gone: before it looks (422) or when it writes (409).
    assert!(statuses[0] == 303 && matches!(statuses[1], 409 | 422), "{statuses:?}");
    assert_eq!(till.count("refund").await, 1);
    let reserved = "select reserved from refund_limit where slot = ''";
    assert_eq!(till.test.db_count(reserved).await, 150_000);
    till.sound().await;
}

#[tokio::test]
async fn two_who_approve_at_once_approve_once() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.ask(&till.one, &number, &[]).await;
    let third = till.test.staff(Role::Super).await;
    let pages = (till.newest(&till.two).await, till.newest(&third).await);
    let words = [("reason", "同意")];
    let (a, b) = tokio::join!(
        pages.0.submit_form("form#approve", &words),
        pages.1.submit_form("form#approve", &words)
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409], "{} {}", a.text(), b.text());
    let loser = if a.status == 409 { &a } else { &b };
    loser.must_say("这笔退款已由");
    till.wait().await;
    assert_eq!(till.test.sandbox.truth()[0].refunds.len(), 1);
    till.sound().await;
}

#[tokio::test]
async fn a_refused_or_withdrawn_request_frees_the_money() {
    let till = Till::open().await;
    let number = till.paid().await;
    for (form, by) in [("form#reject", &till.two), ("form#withdraw", &till.one)] {
        assert_eq!(till.ask(&till.one, &number, &[]).await.status, 303);
        let done = till.newest(by).await.submit_form(form, &[("reason", "不退了")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(till.status().await, "rejected");
        till.sound().await;
    }
    assert_eq!(till.test.db_count("select reserved from refund_limit where slot = ''").await, 0);
    assert!(!till.pc.get("/payments").await.says("退款处理中"));
}

#[tokio::test]
async fn after_a_year_only_the_bank_gives_back() {
    let till = Till::open().await;
    let number = till.paid().await;
    let year_ago = till.test.app.clock.now().millis() - 366 * 24 * 3_600_000;
    till.test.db_exec(&format!("update payment_attempt set success_ms = {year_ago}")).await;
    let page = till.one.get(&format!("/admin/refunds/new?number={number}")).await;
    page.must_say("付款已超过一年");
    let refused = till.ask(&till.one, &number, &[("means", "wechat")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let asked = till.ask_by_bank(&number, &[]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    assert_eq!(till.approve(&till.two).await.status, 303);
    assert_eq!(till.status().await, "success", "the second person's word books it");
    assert_eq!(till.balance("bank").await, -200_000);
    till.sound().await;
}

#[tokio::test]
async fn fifty_refunds_of_one_payment_and_not_one_more() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.test.advance(Duration::from_secs(1)).await;
    till.ask(&till.one, &number, &[("part-1", "1")]).await;
    till.test.db_exec("update refund_limit set parts = 50").await;
    let refused = till.ask(&till.one, &number, &[("part-1", "1")]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    refused.must_say("50 次");
}
