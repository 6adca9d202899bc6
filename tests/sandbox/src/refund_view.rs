//! How a refund is shown: by the API and in a notification, which name its state differently.

use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::refund::{Refund, RefundStatus};
use crate::world::MCH_ID;

impl Refund {
    /// The notification's `event_type` and `summary`.
    pub const fn event(&self) -> (&'static str, &'static str) {
        match self.status {
            RefundStatus::Success | RefundStatus::Processing => ("REFUND.SUCCESS", "退款成功"),
            RefundStatus::Closed => ("REFUND.CLOSED", "退款关闭"),
            RefundStatus::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        }
    }

    /// What the API shows; the state's name is `status`.
    pub fn view(&self) -> Value {
        let payer_refund = self.payer_refund();
        let mut view = json!({
            "refund_id": self.refund_id, "out_refund_no": self.out_refund_no,
            "transaction_id": self.transaction_id, "out_trade_no": self.out_trade_no,
            "channel": "ORIGINAL", "user_received_account": "支付用户零钱",
            "create_time": rfc3339(self.created_ms), "status": self.status, "funds_account": "AVAILABLE",
            "amount": {
                "total": self.total, "refund": self.refund, "from": [], "payer_total": self.payer_total,
                "payer_refund": payer_refund, "settlement_total": self.total, "settlement_refund": self.refund,
                "discount_refund": self.refund - payer_refund, "currency": "CNY", "refund_fee": 0,
            },
            "promotion_detail": [],
        });
        if let Some(at) = self.success_ms {
            view["success_time"] = json!(rfc3339(at));
        }
        view
    }

    /// What a notification carries; the state's name is `refund_status`.
    pub fn event_view(&self) -> Value {
        let mut view = json!({
            "mchid": MCH_ID, "transaction_id": self.transaction_id, "out_trade_no": self.out_trade_no,
            "refund_id": self.refund_id, "out_refund_no": self.out_refund_no, "refund_status": self.status,
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": self.total, "refund": self.refund,
                "payer_total": self.payer_total, "payer_refund": self.payer_refund(),
            },
        });
        if let Some(at) = self.success_ms {
            view["success_time"] = json!(rfc3339(at));
        }
        view
    }

    /// The payer's share goes back in proportion, coupons aside.
    fn payer_refund(&self) -> i64 {
        self.refund * self.payer_total / self.total.max(1)
    }
}
