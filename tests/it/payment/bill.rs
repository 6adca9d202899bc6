//! WeChat's daily bill: the last thing that finds a payment, and the first that finds a mistake.

use std::time::Duration;

use huiyuan::{
    kernel::Date,
    reconcile::bill::{Compared, compare, compare_due, compared},
};
use wechat_sandbox::{Armed, Call, Fault, Mishap};

use super::{DUES, Payer};

impl Payer {
    fn today(&self) -> Date {
        self.test.app.clock.now().date()
    }

    /// To noon of the next day, when yesterday's bill is ready.
    async fn next_noon(&self) {
        let now = self.test.app.clock.now();
        let tomorrow = (now + Duration::from_hours(24)).date();
        while self.today() < tomorrow {
            self.test.advance(Duration::from_hours(1)).await;
        }
        self.test.advance(Duration::from_hours(12)).await;
    }

    /// A payment whose notice and every question are lost; its number.
    async fn pay_unheard(&self) -> String {
        self.at_the_code().await;
        let number = self.number().await;
        self.test.sandbox.mishap(Mishap::NoNotification);
        self.test.sandbox.pay(&number, "xiaolin").unwrap();
        number
    }

    async fn result(&self, day: Date) -> (i64, i64, i64) {
        let Compared { payments, booked, differing, .. } =
            compared(&self.test.app, day).await.unwrap().unwrap();
        (payments, booked, differing)
    }

    async fn items(&self, kind: &str) -> i64 {
        self.count(&format!("unexplained_payment where kind = '{kind}' and status = 'open'")).await
    }
}

#[tokio::test]
async fn a_payment_that_nobody_told_and_nobody_asked_about_is_booked_by_the_bill() {
    let payer = Payer::start().await;
    let day = payer.today();
    payer.pay_unheard().await;
    payer.next_noon().await;
    assert_eq!(payer.count("allocation").await, 0);

    assert_eq!(compare_due(&payer.test.app).await.unwrap(), 1);

    assert_eq!(payer.count("dues_bill where paid = due").await, 1);
    assert_eq!(payer.result(day).await, (1, 1, 0));
    payer.balanced().await;
    let rows = payer.count("ledger_entry").await;
    assert_eq!(compare_due(&payer.test.app).await.unwrap(), 0);
    let again = compare(&payer.test.app, day, "").await.unwrap().unwrap();
    assert_eq!((again.payments, again.booked, again.differing), (1, 0, 0));
    assert_eq!(payer.count("ledger_entry").await, rows, "a second look books nothing");
    assert_eq!(payer.count("unexplained_payment").await, 0);
    payer.balanced().await;
}

#[tokio::test]
async fn two_servers_that_compare_at_once_book_once() {
    let payer = Payer::start().await;
    payer.pay_unheard().await;
    payer.next_noon().await;
    let second = payer.test.second_server().await;

    let (one, two) = tokio::join!(compare_due(&payer.test.app), compare_due(&second.app));

    one.unwrap();
    two.unwrap();
    assert_eq!(payer.count("allocation").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn a_bill_is_not_asked_for_too_early_and_a_day_without_trade_is_done_as_well() {
    let payer = Payer::start().await;
    let day = payer.today();
    payer.pay_unheard().await;
    while payer.today() == day {
        payer.test.advance(Duration::from_hours(1)).await;
    }

    assert_eq!(compare_due(&payer.test.app).await.unwrap(), 0);
    assert!(compare(&payer.test.app, day, "").await.unwrap().is_none(), "not ready at WeChat");

    assert_eq!(
        payer.count(&format!("wechat_bill where day = '{day}' and status = 'done'")).await,
        0
    );
    assert!(payer.count("wechat_bill where payments = 0 and sha1 = ''").await > 0);
    payer.next_noon().await;
    assert_eq!(compare_due(&payer.test.app).await.unwrap(), 1);
}

#[tokio::test]
async fn a_bill_whose_hash_is_wrong_or_that_cannot_be_had_changes_nothing_until_a_later_try() {
    let payer = Payer::start().await;
    let day = payer.today();
    payer.pay_unheard().await;
    payer.next_noon().await;

    for mishap in [Mishap::BillWrongHash, Mishap::BillDeadToken] {
        payer.test.sandbox.mishap(mishap);
        assert!(compare(&payer.test.app, day, "").await.is_err());
        assert_eq!(payer.count("allocation").await, 0);
        assert_eq!(
            payer.count(&format!("wechat_bill where day = '{day}' and status = 'done'")).await,
            0
        );
    }
    let fault = Mishap::Api { call: Call::Any, fault: Fault::Tampered };
    payer.test.sandbox.arm(Armed { mishap: fault, sticky: false, out_trade_no: None });
    assert!(compare(&payer.test.app, day, "").await.is_err());
    assert_eq!(payer.count("allocation").await, 0);

    assert_eq!(compare_due(&payer.test.app).await.unwrap(), 1);
    payer.balanced().await;
}

#[tokio::test]
async fn what_cannot_be_explained_is_an_item_for_finance_once() {
    let payer = Payer::start().await;
    let day = payer.today();
    payer.pay_unheard().await;
    payer.next_noon().await;
    payer.test.sandbox.mishap(Mishap::BillExtraRow);

    let first = compare(&payer.test.app, day, "").await.unwrap().unwrap();
    assert_eq!((first.payments, first.booked, first.differing), (2, 1, 1));
    assert_eq!(payer.items("unknown").await, 1);

    // The same day once more, with another amount for what is booked: no money moves.
    for _ in 0..2 {
        payer.test.sandbox.mishap(Mishap::BillWrongAmount);
        let again = compare(&payer.test.app, day, "").await.unwrap().unwrap();
        assert_eq!((again.booked, again.differing), (0, 1), "until somebody has dealt with it");
    }
    assert_eq!(payer.items("contradiction").await, 1);
    assert_eq!(payer.test.db_count("select paid from dues_bill").await, DUES);
}

#[tokio::test]
async fn money_that_only_the_books_know_is_an_item_unless_wechat_confirms_it() {
    let payer = Payer::start().await;
    let day = payer.today();
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    assert_eq!(payer.count("allocation").await, 1);
    payer.next_noon().await;

    payer.test.sandbox.mishap(Mishap::BillMissingRow);
    let result = compare(&payer.test.app, day, "").await.unwrap().unwrap();
    assert_eq!((result.payments, result.differing), (0, 0), "WeChat's own word counts more");
    assert_eq!(payer.items("absent").await, 0);

    for wanted in [1, 1] {
        payer.test.sandbox.mishap(Mishap::BillMissingRow);
        payer.test.sandbox.mishap(Mishap::QueryDisagrees { trade_state: "NOTPAY".into() });
        let result = compare(&payer.test.app, day, "").await.unwrap().unwrap();
        assert_eq!((result.payments, result.differing), (0, wanted));
    }
    assert_eq!(payer.items("absent").await, 1);
    payer.balanced().await;
}
