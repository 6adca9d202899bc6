//! F13 and refunds of WeChat's console: in whichever order they are heard of.

use serde_json::json;
use wechat_sandbox::{Mishap, Sealed, SignNotice};

use super::Till;

impl Till {
    fn console_refund(&self, number: &str, fen: i64) -> Sealed {
        let truth = self.test.sandbox.truth_of(number).unwrap();
        let transaction = truth.transaction_id.unwrap();
        let plain = json!({
            "mchid": wechat_sandbox::MCH_ID, "out_trade_no": number,
            "transaction_id": transaction, "out_refund_no": "CONSOLE1",
            "refund_id": "50300000000001", "refund_status": "SUCCESS",
            "amount": {"total": 200_000, "refund": fen, "payer_total": 200_000, "payer_refund": fen}
        });
        self.sign(&SignNotice {
            plain: Some(plain),
            event_type: Some("REFUND.SUCCESS".into()),
            original_type: Some("refund".into()),
            ..SignNotice::default()
        })
    }

    fn payment(&self, number: &str) -> Sealed {
        self.sign(&SignNotice { out_trade_no: Some(number.into()), ..SignNotice::default() })
    }

    async fn charged(&self) {
        assert_eq!(self.balance("refunds-payable").await, 30_000, "gone, and not yet explained");
        let page = self.newest(&self.one).await;
        page.must_say("微信侧退款，待登记");
        let wrong = [("part-1", "1"), ("reason", "核对")];
        let wrong = page.submit_form("form#charge", &wrong).await;
        assert_eq!(wrong.status, 422);
        wrong.must_say("合计必须等于退款金额 300.00 元");
        let right = page.submit_form("form#charge", &[("part-1", "300"), ("reason", "核对")]).await;
        assert_eq!(right.status, 303, "{}", right.text());
    }

    async fn end(&self) -> (String, i64, i64, i64, i64) {
        (
            self.test.db_text("select status from dues_bill").await,
            self.balance("wechat-clearing").await,
            self.balance("dues-income").await,
            self.balance("refunds-payable").await,
            self.test.db_count("select refunded from payment_attempt").await,
        )
    }
}

#[tokio::test]
async fn a_refund_before_its_payment_ends_as_in_order() {
    let mut ends = Vec::new();
    for reversed in [false, true] {
        let till = Till::open().await;
        let number = till.order().await;
        till.test.sandbox.mishap(Mishap::NoNotification);
        till.test.sandbox.pay(&number, "xiaolin").unwrap();
        till.test.sandbox.settle().await;
        let (paid, back) = (till.payment(&number), till.console_refund(&number, 30_000));
        let mut said = [("/wechat/pay/notify", paid), ("/wechat/refund/notify", back)];
        if reversed {
            said.reverse();
        }
        for (path, sealed) in &said {
            assert_eq!(till.post(path, sealed).await, 204);
            assert_eq!(till.post(path, sealed).await, 204, "a copy changes nothing");
            assert!(till.verify().await.is_sound());
        }
        till.charged().await;
        assert!(till.verify().await.is_sound(), "{:#?}", till.verify().await);
        ends.push(till.end().await);
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0], ("part-refunded".into(), 170_000, -170_000, 0, 30_000));
}

#[tokio::test]
async fn a_late_copy_of_the_payment_does_not_undo_our_refund() {
    let till = Till::open().await;
    let number = till.paid().await;
    let paid = till.payment(&number);
    till.refund(&number, &[]).await;
    till.wait().await;
    assert_eq!(till.status().await, "success");
    assert_eq!(till.post("/wechat/pay/notify", &till.payment(&number)).await, 204);
    assert!(matches!(till.post("/wechat/pay/notify", &paid).await, 204 | 400), "it is too old");
    assert_eq!(till.test.db_text("select status from dues_bill").await, "refunded");
    till.sound().await;
}
