//! Another story about a transaction that is on record: an item for finance, no money.

use serde_json::{Value, json};
use wechat_sandbox::SignNotice;

use super::{DUES, Payer};

/// A payer whose payment is booked, its number and WeChat's.
async fn settled() -> (Payer, String, String) {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    let transaction = payer.test.db_text("select transaction_id from payment_attempt").await;
    (payer, number, transaction)
}

fn told(payer: &Payer, number: &str, transaction: &str, change: impl Fn(&mut Value)) -> SignNotice {
    let openid = payer.test.sandbox.truth()[0].openid.clone();
    let mut plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": transaction,
        "trade_type": "NATIVE", "trade_state": "SUCCESS", "trade_state_desc": "支付成功",
        "success_time": "2026-11-24T12:00:00+08:00", "payer": {"openid": openid},
        "amount": {"total": DUES, "payer_total": DUES, "currency": "CNY"}
    });
    change(&mut plain);
    SignNotice { plain: Some(plain), ..SignNotice::default() }
}

#[tokio::test]
async fn copies_with_another_amount_payer_or_payee_are_shown_to_finance() {
    let (payer, number, transaction) = settled().await;
    let same = payer.sign(&told(&payer, &number, &transaction, |_| {}));
    assert_eq!(payer.post(&same).await.status, 204);
    assert_eq!(payer.count("unexplained_payment").await, 0, "a true copy is a repeat");

    let changes: [fn(&mut Value); 4] = [
        |plain| plain["amount"]["total"] = json!(DUES + 1),
        |plain| plain["payer"]["openid"] = json!("oSomebodyElse_1"),
        |plain| plain["mchid"] = json!("1900000999"),
        |plain| plain["amount"]["currency"] = json!("USD"),
    ];
    for (made, change) in changes.iter().enumerate() {
        let sealed = payer.sign(&told(&payer, &number, &transaction, change));
        assert_eq!(payer.post(&sealed).await.status, 204);
        assert_eq!(payer.post(&sealed).await.status, 204, "the copy of the copy");
        let items = payer.count("unexplained_payment where kind = 'contradiction'").await;
        assert_eq!(items, i64::try_from(made).unwrap() + 1);
    }

    assert_eq!(payer.count("ledger_entry").await, 2, "no money moved");
    assert_eq!(payer.count("audit_log where action = 'payment.contradiction'").await, 4);
    let booked = "unexplained_payment where kind = 'contradiction' and booked = 1";
    assert_eq!(payer.count(booked).await, 0);
    payer.balanced().await;
}

#[tokio::test]
async fn a_transaction_that_turns_up_under_another_number_is_not_booked_again() {
    let (payer, _, transaction) = settled().await;
    let bill = payer.another_bill(2025).await;
    payer.check_out(&[&bill]).await;
    let other = payer.number().await;
    for number in [other.as_str(), "P00000000000000000000001"] {
        let sealed = payer.sign(&told(&payer, number, &transaction, |_| {}));
        assert_eq!(payer.post(&sealed).await.status, 204, "{number}");
    }

    assert_eq!(payer.count("unexplained_payment where kind = 'contradiction'").await, 2);
    assert_eq!(payer.count("ledger_entry").await, 2);
    assert_eq!(payer.count("payment_order where status = 'pending'").await, 1);
    payer.balanced().await;
}

#[tokio::test]
async fn money_without_a_currency_waits_until_wechat_names_one() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(wechat_sandbox::Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    let transaction = payer.test.sandbox.truth()[0].transaction_id.clone().unwrap();
    let bare = told(&payer, &number, &transaction, |plain| {
        plain["amount"].as_object_mut().unwrap().remove("currency");
    });

    assert_eq!(payer.post(&payer.sign(&bare)).await.status, 204);
    assert_eq!(payer.state(&page).await, "pending", "not silently taken for yuan");
    assert_eq!(payer.count("unexplained_payment where kind = 'currency'").await, 1);

    payer.test.advance(std::time::Duration::from_secs(5)).await;
    payer.sweep().await;

    assert_eq!(payer.state(&page).await, "paid", "the query names it");
    assert_eq!(payer.count("unexplained_payment where status = 'open'").await, 0);
    payer.balanced().await;
}
