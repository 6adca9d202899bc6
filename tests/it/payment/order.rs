//! Orders in practice (wechat.md 9): characters, numbers that WeChat knows already, and payments
//! of which something went back.

use std::time::Duration;

use serde_json::json;
use wechat_sandbox::{Armed, Call, Fault, Mishap, SignNotice};

use super::{DUES, Payer, checkout::retry};

#[tokio::test]
async fn characters_that_wechat_refuses_never_reach_it() {
    let name = "江苏省😀互联网协会𠀀会员服务平台".to_owned();
    let payer = Payer::started_with(&[("SITE__SHORT_NAME", &name)]).await;

    payer.at_the_code().await.must_say("请用微信扫一扫付款");

    let said = payer.test.sandbox.orders()[0].request["description"].clone();
    assert_eq!(said, "江苏省互联网协会会员服务平台2026 年度会费");
}

#[tokio::test]
async fn a_number_that_wechat_knows_with_other_values_is_closed_and_replaced() {
    let payer = Payer::start().await;
    let mishap = Mishap::Api { call: Call::Create, fault: Fault::Truncated };
    payer.test.sandbox.arm(Armed { mishap, sticky: false, out_trade_no: None });
    let page = payer.at_the_code().await;
    let first = payer.number().await;
    // A new name of the association, say, between the first try and the next.
    payer.test.db_exec("update payment_order set description = '其他名称'").await;

    retry(&page).await.must_say("请用微信扫一扫付款");

    let second = payer.number().await;
    assert_ne!(first, second);
    assert!(payer.test.sandbox.pay(&first, "xiaolin").is_err(), "closed before the new one began");
    payer.test.sandbox.pay(&second, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    payer.balanced().await;
}

#[tokio::test]
async fn a_refunded_payment_is_still_a_paid_one() {
    let payer = Payer::start().await;
    let page = payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.sandbox.settle().await;
    let transaction = payer.test.db_text("select transaction_id from payment_attempt").await;
    let openid = payer.test.sandbox.truth()[0].openid.clone();
    let plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": wechat_sandbox::MCH_ID,
        "out_trade_no": number, "transaction_id": transaction, "trade_type": "NATIVE",
        "trade_state": "REFUND", "payer": {"openid": openid},
        "amount": {"total": DUES, "payer_total": DUES, "currency": "CNY"}
    });
    let sealed = payer.sign(&SignNotice { plain: Some(plain), ..SignNotice::default() });

    assert_eq!(payer.post(&sealed).await.status, 204);

    payer.pc.get(&page.path).await.must_say("支付成功");
    assert_eq!(payer.count("unexplained_payment").await, 0);
    payer.balanced().await;
}

#[tokio::test]
async fn money_that_went_back_before_we_heard_of_it_is_shown_to_finance() {
    let payer = Payer::start().await;
    payer.at_the_code().await;
    let number = payer.number().await;
    payer.test.sandbox.mishap(Mishap::NoNotification);
    payer.test.sandbox.pay(&number, "xiaolin").unwrap();
    payer.test.advance(Duration::from_secs(5)).await;
    payer.test.sandbox.mishap(Mishap::QueryDisagrees { trade_state: "REFUND".into() });

    payer.sweep().await;

    assert_eq!(payer.count("unexplained_payment where kind = 'refunded'").await, 1);
    assert_eq!(payer.count("allocation").await, 0, "not on the bill: some of it is gone");
    let suspense = "select cast(coalesce(sum(amount), 0) as signed) from ledger_entry \
                    where account = 'suspense'";
    assert_eq!(payer.test.db_count(suspense).await, -DUES, "but every fen is in the books");
    payer.balanced().await;
}
