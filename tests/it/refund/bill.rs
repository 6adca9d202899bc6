//! Refunds on WeChat's daily bill: in the books as WeChat has them, or named on the day's page.

use std::time::Duration;

use huiyuan::{
    kernel::{Date, Fen},
    reconcile::bill::{Compared, compare, compare_due},
    staff::Role,
    wechat::pay::NewRefund,
};
use wechat_sandbox::{Mishap, RefundStatus};

use super::Till;

/// The days of this file go by with everybody signed in.
const LONG: [(&str, &str); 2] =
    [("SECURITY__SESSION_IDLE_SECONDS", "99999999"), ("SECURITY__SESSION_SECONDS", "99999999")];

impl Till {
    fn day(&self) -> Date {
        self.test.app.clock.now().date()
    }

    /// To noon of the next day, when the bill of the day before is there.
    async fn next_noon(&self) {
        let tomorrow = (self.test.app.clock.now() + Duration::from_hours(24)).date();
        while self.day() < tomorrow {
            self.test.advance(Duration::from_hours(1)).await;
        }
        self.test.advance(Duration::from_hours(12)).await;
    }

    async fn compared(&self, day: Date) -> Compared {
        compare(&self.test.app, day, "").await.unwrap().unwrap()
    }

    /// A refund of 300 yuan that somebody begins in WeChat's console; nobody is told.
    async fn begun_in_the_console(&self, number: &str) {
        let truth = self.test.sandbox.truth_of(number).unwrap();
        self.test.sandbox.mishap(Mishap::NoNotification);
        let new = NewRefund {
            out_refund_no: "CONSOLE1".into(),
            transaction_id: truth.transaction_id.unwrap(),
            reason: "控制台".into(),
            refund: Fen::yuan(300),
            total: Fen::yuan(2000),
        };
        self.test.app.pay.refund(&new).await.unwrap();
    }

    async fn page_of(&self, day: Date) -> crate::support::browser::Page {
        self.one.get(&format!("/admin/reconciliation/{day}")).await
    }
}

#[tokio::test]
async fn a_day_with_a_refund_agrees_to_the_fen() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500.05")]).await;
    till.wait().await;
    till.next_noon().await;

    assert_eq!(compare_due(&till.test.app).await.unwrap(), 0, "nothing was lacking");

    let found = till.compared(day).await;
    assert_eq!((found.payments, found.refunds, found.differing, found.waiting), (1, 1, 0, 0));
    assert_eq!((found.payments_fen, found.refunds_fen), (Fen::yuan(2000), Fen::new(50_005)));
    assert_eq!(
        (found.our_payments_fen, found.our_refunds_fen),
        (found.payments_fen, found.refunds_fen)
    );
    let page = till.page_of(day).await;
    page.must_say("一致");
    page.must_say("500.05");
    page.must_say("1,499.95");
    let list = till.one.get("/admin/reconciliation").await;
    assert!(
        list.texts("table tbody tr")
            .iter()
            .any(|row| row.contains(&day.to_string()) && row.contains("一致"))
    );
    till.sound().await;
}

#[tokio::test]
async fn a_refund_whose_end_nobody_heard_is_booked_by_the_bill() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::NoNotification);
    till.refund(&number, &[("part-1", "500")]).await;
    till.next_noon().await;
    assert_eq!(till.status().await, "processing");

    let found = till.compared(day).await;

    assert_eq!((found.refunds, found.booked, found.differing), (1, 1, 0));
    assert_eq!(till.status().await, "success");
    assert_eq!(till.compared(day).await.booked, 0, "a second look books nothing");
    till.sound().await;
}

#[tokio::test]
async fn a_refund_of_the_console_is_booked_and_stays_a_difference_until_it_is_explained() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    let number = till.paid().await;
    till.begun_in_the_console(&number).await;
    till.next_noon().await;

    assert_eq!(compare_due(&till.test.app).await.unwrap(), 1);

    till.one.get("/admin").await.must_say("有差异的微信对账日");
    let page = till.page_of(day).await;
    page.must_say("有差异");
    page.must_say("待登记款项去向");
    let href = page.attribute("a[href^='/admin/refunds/']", "href").unwrap();
    let refund = till.one.get(&href).await;
    let charged = refund.submit_form("form#charge", &[("part-1", "300"), ("reason", "核对")]).await;
    assert_eq!(charged.status, 303, "{}", charged.text());
    assert_eq!(compare_due(&till.test.app).await.unwrap(), 0);
    till.page_of(day).await.must_say("一致");
    till.sound().await;
}

#[tokio::test]
async fn a_refund_that_wechat_has_not_ended_is_looked_at_again() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    let number = till.paid().await;
    till.test.sandbox.mishap(Mishap::RefundStuck);
    till.begun_in_the_console(&number).await;
    till.next_noon().await;

    assert_eq!(compare_due(&till.test.app).await.unwrap(), 0);
    let page = till.page_of(day).await;
    page.must_say("待微信处理");
    page.must_say("完成后自动登记");
    assert_eq!(till.count("refund").await, 0, "nothing has moved yet");

    till.test.sandbox.finish_refund("CONSOLE1", RefundStatus::Success);
    assert_eq!(compare_due(&till.test.app).await.unwrap(), 1);
    assert_eq!(till.status().await, "foreign");
    till.page_of(day).await.must_say("有差异");
}

#[tokio::test]
async fn a_refund_that_only_one_side_knows_is_named_on_the_page_of_its_day() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    let number = till.paid().await;
    till.refund(&number, &[("part-1", "500")]).await;
    till.wait().await;
    till.test.db_exec("update refund set no = 'R0'").await;
    till.next_noon().await;

    let found = till.compared(day).await;

    assert_eq!((found.refunds, found.our_refunds), (1, 2));
    assert_eq!(found.differing, 2, "one that we had forgotten, one that WeChat does not know");
    let page = till.page_of(day).await;
    page.must_say("R0");
    page.must_say("向微信查询也没有证实");
    page.must_say("待登记款项去向");
}

#[tokio::test]
async fn a_day_is_compared_again_when_finance_says_so() {
    let till = Till::open_with(&LONG).await;
    let day = till.day();
    till.paid().await;
    assert_eq!(till.page_of(day).await.status, 404, "today has no bill");
    till.next_noon().await;
    till.page_of(day).await.must_say("这一天还没有对账");
    till.one.get("/admin/reconciliation").await.must_say("未对账");
    till.test.sandbox.mishap(Mishap::BillWrongHash);

    let failed = till.page_of(day).await.submit_form("form#again", &[]).await.follow().await;

    failed.must_say("对账没有完成");
    failed.must_say("对账失败");
    let done = failed.submit_form("form#again", &[]).await.follow().await;
    done.must_say("对账完成");
    done.must_say("一致");
    assert_eq!(till.count("audit_log where action = 'reconcile.compare'").await, 2);
    let by = till.test.db_text("select compared_by from wechat_bill where status = 'done'").await;
    assert!(!by.is_empty(), "who asked is kept");
    let support = till.test.staff(Role::Support).await;
    assert_eq!(support.get("/admin/reconciliation").await.status, 403);
}
