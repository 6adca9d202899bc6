//! Money on a bill and off it again, in any order: the numbers and the allocations always agree.

use huiyuan::{
    db::Run as _,
    dues::{self, ApplyError, BillStatus, TakeBackError, Then},
    kernel::{Fen, ids::BillId},
    ledger::Source,
    staff::Role,
};

use super::{TestApp, Unit, bill_page};

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % below
    }

    fn fen(&mut self, below: u64) -> Fen {
        Fen::new(i64::try_from(self.roll(below)).unwrap())
    }
}

fn source(kind: &'static str, n: usize) -> Source {
    Source { kind, id: format!("{kind}-{n}") }
}

async fn the_bill_agrees_with_its_allocations(test: &TestApp, bill: &BillId, seed: u64) {
    let found = dues::bill(&test.app.db, bill).await.unwrap().unwrap();
    let sum = "select cast(coalesce(sum(amount), 0) as signed) from allocation";
    assert_eq!(test.db_count(sum).await, found.paid.get(), "seed {seed}");
    let amounts = found.amounts();
    assert_eq!(found.status, amounts.status(), "seed {seed}: {amounts:?}");
    let whole = found.paid.get() + found.refunded.get();
    assert!(found.paid >= Fen::ZERO && whole <= found.due.get(), "seed {seed}: {amounts:?}");
    let over = "select count(*) from allocation where taken_back > amount and of_id is null";
    assert_eq!(test.db_count(over).await, 0, "seed {seed}");
    let parts = "select count(*) from allocation a where of_id is null and taken_back <> \
                 -(select coalesce(sum(amount), 0) from allocation t where t.of_id = a.source_id)";
    assert_eq!(test.db_count(parts).await, 0, "seed {seed}");
}

async fn apply(test: &TestApp, bill: &BillId, source: &Source, fen: Fen) -> bool {
    let app = &test.app;
    let done = dues::apply(&app.db, &app.ids, app.clock.now(), source, (bill, fen)).await;
    match done {
        Ok(()) => true,
        Err(ApplyError::NotOwed) => false,
        Err(ApplyError::Db(error)) => panic!("{error}"),
    }
}

/// In a transaction, as the callers do: a refusal leaves nothing behind.
async fn take_back(
    test: &TestApp,
    (bill, by, of): (&BillId, Source, Source),
    fen: Fen,
    then: Then,
) -> bool {
    let input = (test.app.clone(), bill.clone(), by, of);
    let done: Result<(), TakeBackError> =
        huiyuan::db::transaction(&test.app.db, input, move |tx, (app, bill, by, of)| {
            Box::pin(async move {
                let now = app.clock.now();
                dues::take_back(tx, &app.ids, now, by, of, (bill, fen, then)).await
            })
        })
        .await;
    match done {
        Ok(()) => true,
        Err(TakeBackError::NotThere) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn any_order_of_money_keeps_the_books_of_a_bill() {
    let test = TestApp::start().await;
    test.member(&Unit::sample(1)).await;
    let bill: BillId = test.db_text("select id from dues_bill").await.parse().unwrap();
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let mut sources = 0;
        for step in 0..25 {
            match dice.roll(8) {
                0..=3 => {
                    let fen = dice.fen(120_000);
                    let new = source("payment", usize::try_from(seed * 100).unwrap() + sources);
                    if fen.is_positive() && apply(&test, &bill, &new, fen).await {
                        sources += 1;
                    }
                }
                4..=6 if sources > 0 => {
                    let which = usize::try_from(dice.roll(sources as u64)).unwrap();
                    let of = source("payment", usize::try_from(seed * 100).unwrap() + which);
                    let by = source("refund", usize::try_from(seed * 100 + step).unwrap());
                    let then = if dice.roll(2) == 0 { Then::Owed } else { Then::Refunded };
                    take_back(&test, (&bill, by, of), dice.fen(120_000), then).await;
                }
                _ => {
                    dues::reopen(&test.app.db, &bill).await.unwrap();
                }
            }
            the_bill_agrees_with_its_allocations(&test, &bill, seed).await;
        }
        // The next seed begins with an empty bill.
        test.app.db.exec("delete from allocation", Vec::new()).await.unwrap();
        let empty = "update dues_bill set paid = 0, refunded = 0, status = 'open'";
        test.app.db.exec(empty, Vec::new()).await.unwrap();
    }
}

#[tokio::test]
async fn a_source_gives_back_no_more_than_it_gave_and_a_refund_takes_once() {
    let test = TestApp::start().await;
    test.member(&Unit::sample(1)).await;
    let bill: BillId = test.db_text("select id from dues_bill").await.parse().unwrap();
    let (a, b) = (source("payment", 1), source("offline", 2));
    assert!(apply(&test, &bill, &a, Fen::yuan(500)).await);
    assert!(apply(&test, &bill, &b, Fen::yuan(1500)).await);
    let much = (&bill, source("refund", 1), a.clone());
    assert!(!take_back(&test, much, Fen::yuan(501), Then::Refunded).await, "b's money stays");
    assert!(
        take_back(&test, (&bill, source("refund", 1), a.clone()), Fen::yuan(200), Then::Refunded)
            .await
    );
    assert!(
        !take_back(&test, (&bill, source("refund", 2), a.clone()), Fen::yuan(301), Then::Owed)
            .await
    );
    assert!(
        take_back(&test, (&bill, source("refund", 2), a.clone()), Fen::yuan(300), Then::Owed).await
    );
    let given = dues::allocations_of(&test.app.db, &a).await.unwrap();
    assert_eq!(
        (given.len(), given[0].amount, given[0].taken_back),
        (1, Fen::yuan(500), Fen::yuan(500))
    );
    let left = dues::bill(&test.app.db, &bill).await.unwrap().unwrap();
    assert_eq!((left.paid, left.refunded), (Fen::yuan(1500), Fen::yuan(200)));
    assert_eq!((left.status, left.remaining()), (BillStatus::Part, Fen::yuan(300)));
    the_bill_agrees_with_its_allocations(&test, &bill, 0).await;
}

#[tokio::test]
async fn a_refunded_bill_is_owed_again_only_when_finance_says_so() {
    let test = TestApp::start().await;
    let unit = Unit::sample(1);
    test.member(&unit).await;
    let bill: BillId = test.db_text("select id from dues_bill").await.parse().unwrap();
    let paid = source("payment", 1);
    assert!(apply(&test, &bill, &paid, Fen::yuan(2000)).await);
    let by = source("refund", 1);
    assert!(take_back(&test, (&bill, by, paid), Fen::yuan(2000), Then::Refunded).await);
    let member = test.signed_in(&unit, 0).await;
    member.get("/dues").await.must_say("已退款");
    member.get("/dues").await.must_say("没有待缴的会费");

    let finance = test.staff(Role::Finance).await;
    let page = bill_page(&test, &finance, &unit).await;
    let done = page.submit_form("form[action$='/reopen']", &[("reopen_reason", "退错了")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let owed = member.get("/dues").await;
    assert_eq!(owed.attributes("input[name=bill]", "value").len(), 1);
    let again = page.submit_form("form[action$='/reopen']", &[("reopen_reason", "再来")]).await;
    assert_eq!(again.status, 409);
}

#[tokio::test]
async fn of_two_refunds_at_once_that_ask_for_too_much_together_one_is_refused() {
    let test = TestApp::start().await;
    test.member(&Unit::sample(1)).await;
    let bill: BillId = test.db_text("select id from dues_bill").await.parse().unwrap();
    let paid = source("payment", 1);
    assert!(apply(&test, &bill, &paid, Fen::yuan(2000)).await);
    let refund = |n| (&bill, source("refund", n), paid.clone());
    let (one, two) = tokio::join!(
        take_back(&test, refund(1), Fen::yuan(1200), Then::Refunded),
        take_back(&test, refund(2), Fen::yuan(1200), Then::Refunded),
    );
    assert!(one != two, "exactly one");
    let left = dues::bill(&test.app.db, &bill).await.unwrap().unwrap();
    assert_eq!((left.paid, left.refunded), (Fen::yuan(800), Fen::yuan(1200)));
    assert_eq!(left.status, BillStatus::PartRefunded);
    the_bill_agrees_with_its_allocations(&test, &bill, 0).await;
}
