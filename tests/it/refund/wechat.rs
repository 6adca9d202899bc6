//! Refunds at WeChat: the usual way, and everything that happens to it.

use huiyuan::refund::push_due;
use wechat_sandbox::{Call, Fault, Mishap, RefundStatus};

use super::Till;

#[tokio::test]
async fn a_whole_refund_goes_back_and_everything_says_so() {
    let till = Till::open().await;
    let number = till.paid().await;
    assert_eq!(till.ask(&till.one, &number, &[]).await.status, 303);
    till.newest(&till.one).await.must_say("需要另一位同事审批");
    assert_eq!(till.count("ledger_entry").await, 2, "nothing is booked for a request");

    assert_eq!(till.approve(&till.two).await.status, 303);
    assert_eq!(till.status().await, "processing");
    till.pc.get("/payments").await.must_say("退款处理中 2000.00 元");
    till.sound().await;
    till.wait().await;

    assert_eq!(till.status().await, "success");
    till.newest(&till.one).await.must_say("退款成功");
    till.pc.get("/payments").await.must_say("已退款 2000.00 元");
    assert_eq!(till.test.db_text("select status from dues_bill").await, "refunded");
    assert_eq!(till.balance("dues-income").await, 0);
    assert_eq!(till.count("outbox where topic = 'refund.paid'").await, 1);
    for action in ["refund.request", "refund.approve", "refund.success"] {
        assert_eq!(till.count(&format!("audit_log where action = '{action}'")).await, 1);
    }
    assert_eq!(till.test.sandbox.truth()[0].refunds.len(), 1);
    till.sound().await;
}

#[tokio::test]
async fn a_bill_is_owed_again_only_by_explicit_choice() {
    for (tick, expected) in [("0", "refunded"), ("1", "open")] {
        let till = Till::open().await;
        let number = till.paid().await;
        till.refund(&number, &[("reopens", tick)]).await;
        till.wait().await;
        assert_eq!(till.test.db_text("select status from dues_bill").await, expected);
        till.sound().await;
    }
}

#[tokio::test]
async fn of_several_bills_each_gives_what_was_said() {
    let till = Till::open().await;
    till.bill(2025).await;
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500.00"), ("part-2", "0")]).await;
    till.wait().await;
    assert_eq!(till.status().await, "success");
    till.refund(&number, &[("part-1", ""), ("part-2", "2000")]).await;
    till.wait().await;
    assert_eq!(till.balance("wechat-clearing").await, 400_000 - 50_000 - 200_000);
    assert_eq!(till.count("dues_bill where status = 'part-refunded'").await, 1);
    assert_eq!(till.count("dues_bill where status = 'refunded'").await, 1);
    till.sound().await;
}

#[tokio::test]
async fn wechat_dying_during_the_request_never_refunds_twice() {
    for fault in [
        Fault::TimeoutAfterSuccess { seconds: 0 },
        Fault::Http500,
        Fault::Http502,
        Fault::RateLimited,
        Fault::Unsigned,
    ] {
        let till = Till::open().await;
        let number = till.paid().await;
        till.test.sandbox.mishap(Mishap::Api { call: Call::Refund, fault });
        till.refund(&number, &[]).await;
        let asked = till.test.db_text("select no from refund").await;

        till.wait().await;
        till.wait().await;

        assert_eq!(till.status().await, "success", "{fault:?}");
        let refunds = till.test.sandbox.truth()[0].refunds.clone();
        assert_eq!(refunds.len(), 1, "{fault:?}");
        assert_eq!(refunds[0].out_refund_no, asked, "the same number at every try");
        till.sound().await;
    }
}

#[tokio::test]
async fn notices_are_believed_once_however_often_they_come() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::NotifyParallel { count: 5 });
    till.refund(&number, &[]).await;
    till.test.advance(std::time::Duration::from_mins(2)).await;
    push_due(&till.test.app).await.unwrap();
    push_due(&till.test.app).await.unwrap();

    assert_eq!(till.status().await, "success");
    assert_eq!(till.count("ledger_entry where source_kind = 'refund'").await, 2);
    assert_eq!(till.count("outbox where topic = 'refund.paid'").await, 1);
    till.sound().await;
}

#[tokio::test]
async fn a_closed_refund_frees_the_money_and_another_one_has_another_number() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::RefundClosed);
    till.refund(&number, &[]).await;
    till.wait().await;
    assert_eq!(till.status().await, "closed");
    assert_eq!(till.test.db_text("select status from dues_bill").await, "paid");
    till.sound().await;

    till.refund(&number, &[]).await;
    till.wait().await;
    assert_eq!(till.status().await, "success");
    assert_eq!(till.test.db_count("select count(distinct no) from refund").await, 2);
    till.sound().await;
}

#[tokio::test]
async fn an_abnormal_refund_is_handed_to_a_person_and_may_still_succeed() {
    let till = Till::open().await;
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::RefundAbnormal);
    till.refund(&number, &[]).await;
    till.wait().await;
    assert_eq!(till.status().await, "abnormal");
    till.newest(&till.one).await.must_say("付款人的账户无法收款");
    till.one.get("/admin").await.must_say("待处理的退款");
    till.sound().await;

    let no = till.test.db_text("select no from refund").await;
    till.test.sandbox.finish_refund(&no, RefundStatus::Success);
    till.test.sandbox.settle().await;
    assert_eq!(till.status().await, "success");
    till.sound().await;
}
