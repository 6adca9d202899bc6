//! Refunds: asked for, PROCESSING, and then one of three ends.

use std::sync::Arc;

use crate::authorization::Call;
use crate::crypto::random_digits;
use crate::mishap::Mishap;
use crate::notify::{self, Due, Event};
use crate::order::State;
use crate::reply::{Refusal, Reply};
use crate::strict;
use crate::world::{Books, World};
use serde::{Deserialize, Serialize};

const PROCESSING_MS: i64 = 3_000;
const YEAR_MS: i64 = 365 * 24 * 60 * 60 * 1000;
const MOST_PARTS: usize = 50;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundStatus {
    /// Accepted.
    Processing,
    /// The money arrived.
    Success,
    /// Given up, for example for want of funds.
    Closed,
    /// The payer's account does not take it.
    Abnormal,
}

/// One refund of the merchant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refund {
    /// The merchant's number.
    pub out_refund_no: String,
    /// WeChat's number.
    pub refund_id: String,
    /// The order.
    pub out_trade_no: String,
    /// The payment.
    pub transaction_id: String,
    /// Fen that go back.
    pub refund: i64,
    /// Fen of the order.
    pub total: i64,
    /// Fen that the payer had paid.
    pub payer_total: i64,
    /// Where it stands.
    pub status: RefundStatus,
    /// Where the end is told.
    pub notify_url: Option<String>,
    /// When it was asked for, in milliseconds.
    pub created_ms: i64,
    /// When it ended well.
    pub success_ms: Option<i64>,
}

/// What the merchant asks for.
struct Wanted {
    transaction_id: Option<String>,
    out_trade_no: Option<String>,
    out_refund_no: String,
    notify_url: Option<String>,
    refund: i64,
    total: i64,
}

/// `POST /v3/refund/domestic/refunds`; the order's number comes back beside the answer.
pub fn create(world: &World, call: &Call) -> Result<(Reply, String), Refusal> {
    let wanted = read(call)?;
    let now = world.clock.now_ms();
    let mut books = world.books();
    if let Some(known) = books.refunds.get(&wanted.out_refund_no) {
        let same = known.refund == wanted.refund && known.total == wanted.total;
        let number = known.out_trade_no.clone();
        return if same {
            Ok((Reply::json(&known.view()), number))
        } else {
            Err(Refusal::param("订单金额或退款金额与之前请求不一致，请核实后再试"))
        };
    }
    let refund = accept(&mut books, wanted, now)?;
    let reply = Reply::json(&refund.view());
    let number = refund.out_trade_no.clone();
    let event = Event::FinishRefund { out_refund_no: refund.out_refund_no.clone() };
    books.due.push(Due { at_ms: now + world.clock.wait_ms(PROCESSING_MS), event });
    books.refunds.insert(refund.out_refund_no.clone(), refund);
    world.wake.notify_one();
    Ok((reply, number))
}

/// `GET /v3/refund/domestic/refunds/{out_refund_no}`.
pub fn query(world: &World, out_refund_no: &str) -> Result<Reply, Refusal> {
    let books = world.books();
    let refund = books.refunds.get(out_refund_no);
    refund
        .map(|refund| Reply::json(&refund.view()))
        .ok_or_else(|| Refusal::new(404, "RESOURCE_NOT_EXISTS", "退款单不存在"))
}

fn read(call: &Call) -> Result<Wanted, Refusal> {
    let mut fields = strict::read(&call.body)?;
    let (transaction_id, out_trade_no) =
        (fields.text("transaction_id", 32)?, fields.text("out_trade_no", 32)?);
    let out_refund_no = fields.need_text("out_refund_no", 64)?;
    if !out_refund_no.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte)) {
        return Err(Refusal::param("out_refund_no含有不支持的字符"));
    }
    fields.text("reason", 80)?;
    let notify_url = fields.text("notify_url", 256)?;
    notify_url.as_deref().map(strict::notify_url).transpose()?;
    let mut amount = fields.need_object("amount")?;
    let (refund, total) = (amount.need_fen("refund")?, amount.need_fen("total")?);
    if amount.need_text("currency", 16)? != "CNY" {
        return Err(Refusal::param("currency仅支持CNY"));
    }
    amount.ignore(&["from"]);
    amount.end()?;
    fields.ignore(&["funds_account", "goods_detail"]);
    fields.end()?;
    if transaction_id.is_none() == out_trade_no.is_none() {
        return Err(Refusal::param("transaction_id与out_trade_no必须且只能填写一个"));
    }
    Ok(Wanted { transaction_id, out_trade_no, out_refund_no, notify_url, refund, total })
}

fn accept(books: &mut Books, wanted: Wanted, now: i64) -> Result<Refund, Refusal> {
    let Books { orders, refunds, .. } = books;
    let fits = |order: &&mut crate::order::Order| {
        let paid = order.payment.as_ref().map(|payment| &payment.transaction_id);
        wanted.out_trade_no.as_ref() == Some(&order.out_trade_no)
            || (paid.is_some() && paid == wanted.transaction_id.as_ref())
    };
    let order = orders.values_mut().find(fits);
    let order = order.ok_or_else(|| Refusal::new(404, "RESOURCE_NOT_EXISTS", "订单不存在"))?;
    let Some(payment) = &order.payment else {
        return Err(Refusal::new(400, "INVALID_REQUEST", "订单未支付，不能退款"));
    };
    if wanted.total != order.total {
        return Err(Refusal::param("订单金额与原订单不一致"));
    }
    if now > payment.at_ms + YEAR_MS {
        return Err(Refusal::new(400, "INVALID_REQUEST", "订单已超过可退款的最长期限"));
    }
    let earlier: Vec<&Refund> =
        refunds.values().filter(|refund| refund.out_trade_no == order.out_trade_no).collect();
    let counted = earlier.iter().filter(|refund| refund.status != RefundStatus::Closed);
    let given: i64 = counted.map(|refund| refund.refund).sum();
    if given + wanted.refund > order.total {
        return Err(Refusal::param("申请退款金额大于订单可退金额"));
    }
    if earlier.len() >= MOST_PARTS {
        return Err(Refusal::new(400, "INVALID_REQUEST", "部分退款次数超过50次"));
    }
    order.state = State::Refund;
    Ok(Refund {
        refund_id: format!("5030{}", random_digits(24)),
        out_trade_no: order.out_trade_no.clone(),
        transaction_id: payment.transaction_id.clone(),
        total: order.total,
        payer_total: payment.payer_total,
        out_refund_no: wanted.out_refund_no,
        refund: wanted.refund,
        notify_url: wanted.notify_url,
        status: RefundStatus::Processing,
        created_ms: now,
        success_ms: None,
    })
}

/// Ends a refund: as told, or as the mishaps have it; success when nobody objects.
pub fn finish(world: &Arc<World>, out_refund_no: &str, told: Option<RefundStatus>) {
    let now = world.clock.now_ms();
    let mut books = world.books();
    let Some(order) = books.refunds.get(out_refund_no).map(|refund| refund.out_trade_no.clone())
    else {
        return;
    };
    let status = told.or_else(|| fate(&mut books, &order));
    let Some(refund) = books.refunds.get_mut(out_refund_no) else { return };
    let ended = matches!(refund.status, RefundStatus::Success | RefundStatus::Closed);
    let Some(status) = status.filter(|_| !ended) else { return };
    refund.status = status;
    refund.success_ms = (status == RefundStatus::Success).then_some(now);
    let refund = refund.clone();
    if status != RefundStatus::Processing {
        notify::refunded(world, &mut books, &refund, &refund.event_view());
    }
}

/// `None` leaves the refund as it is.
fn fate(books: &mut Books, order: &str) -> Option<RefundStatus> {
    let pick = |mishap: &Mishap| match mishap {
        Mishap::RefundAbnormal => Some(Some(RefundStatus::Abnormal)),
        Mishap::RefundClosed => Some(Some(RefundStatus::Closed)),
        Mishap::RefundStuck => Some(None),
        _ => None,
    };
    books.mishaps.take(Some(order), pick).unwrap_or(Some(RefundStatus::Success))
}
