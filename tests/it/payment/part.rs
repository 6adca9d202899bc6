//! Online money for a bill of which other money has paid a part meanwhile: faster than a
//! confirmation could close the code, which it does otherwise.

use huiyuan::{dues, kernel::Fen, ledger::Source, staff::Role};

use super::Payer;
use crate::offline::decision::ledger_balance;

#[tokio::test]
async fn it_pays_what_is_still_owed_and_only_the_rest_waits_for_a_person() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    let test = &payer.test;
    let bill = test.db_text("select id from dues_bill").await.parse().unwrap();
    let source = Source { kind: "offline", id: "faster".into() };
    let (app, part) = (&test.app, (&bill, Fen::yuan(500)));
    dues::apply(&app.db, &app.ids, app.clock.now(), &source, part).await.unwrap();

    test.sandbox.pay(&number, "xiaolin").unwrap();
    test.sandbox.settle().await;

    let paid = "select cast(coalesce(sum(paid), 0) as signed) from dues_bill";
    assert_eq!(test.db_count(paid).await, 200_000, "the bill is settled");
    assert_eq!(test.db_count("select count(*) from dues_bill where status = 'paid'").await, 1);
    let online = "select amount from allocation where source_kind = 'payment'";
    assert_eq!(test.db_count(online).await, 150_000);
    assert_eq!(ledger_balance(test, "suspense").await, -50_000, "the rest is parked");
    assert_eq!(ledger_balance(test, "wechat-clearing").await, 200_000);
    assert_eq!(test.db_count("select amount from unexplained_payment").await, 50_000);
    let finance = test.staff(Role::Finance).await;
    finance.get("/admin/payments/unexplained").await.must_say("500.00");
    payer.pc.get("/dues").await.must_say("已缴");
}
