//! 待处理款项: refunded, put on a bill, or explained; each once.

use serde_json::json;
use wechat_sandbox::{Mishap, SignNotice};

use super::Till;
use crate::support::browser::Page;

impl Till {
    /// Money that no bill wants.
    async fn overpaid(&self) -> String {
        let number = self.order().await;
        self.test
            .db_exec("update dues_bill set status = 'waived', reduction = gross, due = 0")
            .await;
        self.test.sandbox.pay(&number, "xiaolin").unwrap();
        self.test.sandbox.settle().await;
        number
    }

    async fn item(&self) -> Page {
        let list = self.one.get("/admin/payments/unexplained").await;
        let link = list.attribute(".table a.btn", "href").unwrap();
        self.one.get(&link).await
    }
}

#[tokio::test]
async fn parked_money_goes_back_to_the_payer() {
    let till = Till::open().await;
    till.overpaid().await;
    till.sound().await;
    let item = till.item().await;
    let refused = item.submit_form("form#refund", &[("reason", "")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(item.submit_form("form#refund", &[("reason", "重复支付")]).await.status, 303);
    let again = item.submit_form("form#refund", &[("reason", "重复支付")]).await;
    assert_eq!(again.status, 409, "{}", again.text());
    assert_eq!(till.approve(&till.two).await.status, 303);
    till.wait().await;

    assert_eq!(till.status().await, "success");
    assert_eq!(till.test.db_text("select status from unexplained_payment").await, "refunded");
    assert_eq!(till.balance("suspense").await, 0);
    till.one.get("/admin/payments/unexplained?state=done").await.must_say("已退款");
    till.sound().await;
}

#[tokio::test]
async fn parked_money_goes_on_bills_after_a_second_thought() {
    let till = Till::open().await;
    till.overpaid().await;
    till.bill(2027).await;
    till.test
        .db_exec(
            "update dues_bill set gross = 200000, reduction = 0, due = 200000, \
             status = 'open' where year = 2027",
        )
        .await;
    let item = till.item().await;
    let unknown = [("bills", "B1"), ("reason", "预缴")];
    let unknown = item.submit_form("form#assign", &unknown).await;
    assert!(unknown.error_of("bills").contains("没有账单 B1"), "{}", unknown.text());
    let thought = item.submit_form("form#assign", &[("bills", "B2027"), ("reason", "预缴")]).await;
    assert_eq!(thought.status, 200);
    thought.must_say("请再次核对");
    assert_eq!(till.count("allocation").await, 0, "nothing has happened yet");
    let done = thought.submit_form("form#assign-confirmed", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let twice = thought.submit_form("form#assign-confirmed", &[]).await;
    assert_eq!(twice.status, 409);

    assert_eq!(till.balance("suspense").await, 0);
    assert_eq!(till.balance("dues-income").await, -200_000);
    assert_eq!(till.count("audit_log where action = 'payment.assign'").await, 1);
    till.sound().await;

    let number = till.test.db_text("select out_trade_no from unexplained_payment").await;
    till.refund(&number, &[]).await;
    till.wait().await;
    assert_eq!(till.status().await, "success", "money that was assigned can go back, too");
    till.sound().await;
}

#[tokio::test]
async fn a_bill_that_owes_less_gets_nothing() {
    let till = Till::open().await;
    till.overpaid().await;
    till.bill(2027).await;
    till.test
        .db_exec("update dues_bill set gross = 100, reduction = 0, due = 100 where year = 2027")
        .await;
    let item = till.item().await;
    let refused = item.submit_form("form#assign", &[("bills", "B2027"), ("reason", "预缴")]).await;
    assert_eq!(refused.status, 422);
    refused.must_say("未缴金额不足");
    assert_eq!(till.test.db_text("select status from unexplained_payment").await, "open");
    till.sound().await;
}

#[tokio::test]
async fn a_message_without_money_is_explained_in_writing() {
    let till = Till::open().await;
    let number = till.order().await;
    till.test.sandbox.mishap(Mishap::NoNotification);
    let plain = json!({
        "appid": wechat_sandbox::APP_ID, "mchid": "1900000999", "out_trade_no": number,
        "transaction_id": "4200009999202611240000000009", "trade_type": "NATIVE",
        "trade_state": "SUCCESS", "trade_state_desc": "", "amount": {"total": 1, "currency": "CNY"}
    });
    let sealed = till.sign(&SignNotice { plain: Some(plain), ..SignNotice::default() });
    assert_eq!(till.post("/wechat/pay/notify", &sealed).await, 204);
    let item = till.item().await;
    assert!(item.attribute("form#assign", "action").is_none(), "there is no money to assign");
    assert_eq!(item.submit_form("form#explain", &[("reason", " ")]).await.status, 422);
    let done = item.submit_form("form#explain", &[("reason", "他人商户的通知")]).await;
    assert_eq!(done.status, 303);
    till.one.get("/admin/payments/unexplained?state=done").await.must_say("已说明");
    till.sound().await;
}

#[tokio::test]
async fn a_decided_item_stays_decided_whatever_wechat_says_later() {
    let till = Till::open().await;
    let number = till.order().await;
    till.test.sandbox.mishap(Mishap::WrongAmount { fen: 5 });
    till.test.sandbox.pay(&number, "xiaolin").unwrap();
    till.test.sandbox.settle().await;
    assert_eq!(till.test.db_text("select kind from unexplained_payment").await, "amount");
    assert_eq!(
        till.item().await.submit_form("form#refund", &[("reason", "不符")]).await.status,
        303
    );

    let sealed = till.sign(&SignNotice { out_trade_no: Some(number), ..SignNotice::default() });
    assert_eq!(till.post("/wechat/pay/notify", &sealed).await, 204);

    assert_eq!(till.test.db_text("select status from unexplained_payment").await, "refunding");
    assert_eq!(till.count("ledger_entry").await, 2);
    assert!(till.verify().await.is_sound());
}
