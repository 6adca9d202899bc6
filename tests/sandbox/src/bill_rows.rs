//! The rows, columns and totals of a trade bill.

use std::ops::Range;

use crate::bill::Kind;
use crate::clock::beijing;
use crate::crypto::random_digits;
use crate::order::Order;
use crate::refund::{Refund, RefundStatus};
use crate::world::{APP_ID, Books, MCH_ID};

const ALL: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUCCESS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注";
const REFUND: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMMARY: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
/// 0.60 %, in ten-thousandths.
const FEE_RATE: i64 = 60;

/// One row; fen throughout, `fee` in thousandths of a fen.
#[derive(Clone, Debug)]
pub struct Row {
    at_ms: i64,
    transaction_id: String,
    out_trade_no: String,
    openid: String,
    trade_type: &'static str,
    state: &'static str,
    description: String,
    attach: String,
    coupon: i64,
    fee: i64,
    /// 订单金额.
    pub total: i64,
    /// 应结订单金额.
    pub settled: i64,
    refund: Option<RefundPart>,
}

#[derive(Clone, Debug)]
struct RefundPart {
    refund_id: String,
    out_refund_no: String,
    amount: i64,
    asked_ms: i64,
    success_ms: Option<i64>,
}

impl Row {
    fn payment(order: &Order) -> Option<Self> {
        let payment = order.payment.as_ref()?;
        Some(Self {
            at_ms: payment.at_ms,
            transaction_id: payment.transaction_id.clone(),
            out_trade_no: order.out_trade_no.clone(),
            openid: payment.openid.clone(),
            trade_type: order.trade_type.code(),
            state: "SUCCESS",
            description: plain(&order.description),
            attach: plain(order.attach.as_deref().unwrap_or_default()),
            coupon: 0,
            fee: order.total * FEE_RATE / 10,
            total: order.total,
            settled: order.total,
            refund: None,
        })
    }

    fn refund(order: &Order, refund: &Refund) -> Option<Self> {
        let row = Self::payment(order)?;
        let part = RefundPart {
            refund_id: refund.refund_id.clone(),
            out_refund_no: refund.out_refund_no.clone(),
            amount: refund.refund,
            asked_ms: refund.created_ms,
            success_ms: refund.success_ms,
        };
        let fee = -(refund.refund * FEE_RATE / 10);
        Some(Self {
            at_ms: refund.created_ms,
            state: "REFUND",
            fee,
            total: 0,
            settled: 0,
            refund: Some(part),
            ..row
        })
    }

    /// A row that belongs to no order.
    pub fn stranger(midnight: i64) -> Self {
        Self {
            at_ms: midnight + 12 * 60 * 60 * 1000,
            transaction_id: format!("4200{}", random_digits(24)),
            out_trade_no: format!("STRANGER{}", random_digits(12)),
            openid: "oSbx5t0Stranger000000000000Z".to_owned(),
            trade_type: "NATIVE",
            state: "SUCCESS",
            description: "来历不明".to_owned(),
            attach: String::new(),
            coupon: 0,
            fee: 100 * FEE_RATE / 10,
            total: 100,
            settled: 100,
            refund: None,
        }
    }

    fn cells(&self, kind: Kind) -> Vec<String> {
        let mut cells = vec![
            moment(self.at_ms),
            APP_ID.into(),
            MCH_ID.into(),
            "0".into(),
            String::new(),
            self.transaction_id.clone(),
            self.out_trade_no.clone(),
            self.openid.clone(),
            self.trade_type.into(),
            self.state.into(),
            "OTHERS".into(),
            "CNY".into(),
            yuan(self.settled),
            yuan(self.coupon),
        ];
        if kind != Kind::Success {
            cells.extend(self.refund_cells(kind));
        }
        cells.extend([
            self.description.clone(),
            self.attach.clone(),
            fee(self.fee),
            "0.60%".into(),
            yuan(self.total),
        ]);
        if kind != Kind::Success {
            cells.push(yuan(self.refund.as_ref().map_or(0, |part| part.amount)));
        }
        cells.push(String::new());
        cells
    }

    fn refund_cells(&self, kind: Kind) -> Vec<String> {
        let Some(part) = &self.refund else {
            return vec!["0".into(), "0".into(), yuan(0), yuan(0), String::new(), String::new()];
        };
        let mut cells = Vec::new();
        if kind == Kind::Refund {
            cells.push(moment(part.asked_ms));
            cells.push(part.success_ms.map(moment).unwrap_or_default());
        }
        let status = if part.success_ms.is_some() { "SUCCESS" } else { "PROCESSING" };
        cells.extend([
            part.refund_id.clone(),
            part.out_refund_no.clone(),
            yuan(part.amount),
            yuan(0),
            "ORIGINAL".into(),
            status.into(),
        ]);
        cells
    }
}

/// The rows of one day, by time.
pub fn collect(books: &Books, day: &Range<i64>, kind: Kind) -> Vec<Row> {
    let mut rows = Vec::new();
    if kind != Kind::Refund {
        let paid = books.orders.values().filter_map(Row::payment);
        rows.extend(paid.filter(|row| day.contains(&row.at_ms)));
    }
    if kind != Kind::Success {
        let live = books.refunds.values().filter(|refund| refund.status != RefundStatus::Closed);
        let made =
            live.filter_map(|refund| Row::refund(books.orders.get(&refund.out_trade_no)?, refund));
        rows.extend(made.filter(|row| day.contains(&row.at_ms)));
    }
    rows.sort_by_key(|row| row.at_ms);
    rows
}

/// The whole file.
pub fn text(rows: &[Row], kind: Kind) -> String {
    let header = match kind {
        Kind::All => ALL,
        Kind::Success => SUCCESS,
        Kind::Refund => REFUND,
    };
    let line = |cells: &[String]| {
        cells.iter().map(|cell| format!("`{cell}")).collect::<Vec<_>>().join(",")
    };
    let mut lines = vec![header.to_owned()];
    lines.extend(rows.iter().map(|row| line(&row.cells(kind))));
    lines.push(SUMMARY.to_owned());
    lines.push(line(&summary(rows)));
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

fn summary(rows: &[Row]) -> [String; 7] {
    let sum = |amount: fn(&Row) -> i64| rows.iter().map(amount).sum::<i64>();
    let refunded = |row: &Row| row.refund.as_ref().map_or(0, |part| part.amount);
    [
        // WeChat's counts are sometimes printed like this.
        format!("{}.0", rows.len()),
        yuan(sum(|row| row.settled)),
        yuan(rows.iter().map(refunded).sum()),
        yuan(0),
        fee(sum(|row| row.fee)),
        yuan(sum(|row| row.total)),
        yuan(rows.iter().map(refunded).sum()),
    ]
}

fn moment(ms: i64) -> String {
    let at = beijing(ms);
    format!(
        "{}-{:02}-{:02} {:02}:{:02}:{:02}",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// Thousandths of a fen as yuan with five decimals.
fn fee(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    format!("{sign}{}.{:05}", thousandths.abs() / 100_000, thousandths.abs() % 100_000)
}

/// How live bills escape commas is not known; here they are blanks.
fn plain(text: &str) -> String {
    text.replace([',', '`', '\r', '\n'], " ")
}
