//! The payer's side: what the pay sheet shows, paying, and the facts that a bridge call must carry.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::clock::beijing;
use crate::crypto::{self, random_digits};
use crate::mishap::Mishap;
use crate::notify;
use crate::order::{Order, Payment, State, TradeType};
use crate::users::User;
use crate::world::{APP_ID, Books, MERCHANT_NAME, World};

/// What WeChat's pay sheet shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// The merchant's number of the order.
    pub out_trade_no: String,
    /// Who is paid.
    pub merchant: String,
    /// For what.
    pub description: String,
    /// Fen.
    pub total: i64,
    /// For example `￥300.00`.
    pub amount: String,
}

/// Why somebody cannot pay, in the words of the phone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// No such order or code.
    #[error("二维码无效或已过期")]
    Unknown,
    /// The code or the order ran out.
    #[error("订单已过期")]
    Expired,
    /// Paid before.
    #[error("该订单已支付")]
    Paid,
    /// Closed by the merchant.
    #[error("订单已关闭")]
    Closed,
    /// JSAPI: made for somebody else.
    #[error("支付者与下单者不一致")]
    OtherPayer,
    /// The bridge was called with a wrong value.
    #[error("{0}")]
    Bridge(String),
}

/// Finds the order behind a number, a `code_url`, a `prepay_id` or an `h5_url`.
fn find<'a>(books: &'a mut Books, code: &str) -> Option<&'a mut Order> {
    if books.orders.contains_key(code) {
        return books.orders.get_mut(code);
    }
    let code = code.strip_prefix("prepay_id=").unwrap_or(code);
    books.orders.values_mut().find(|order| order.code == code)
}

/// Whether this user may pay this order by this code now.
fn payable(order: &mut Order, code: &str, user: &User, now: i64) -> Result<(), PayError> {
    order.age(now);
    match order.state {
        State::NotPay => {}
        State::Success | State::Refund => return Err(PayError::Paid),
        State::Closed => return Err(PayError::Closed),
    }
    let by_code = code != order.out_trade_no;
    if now > order.expires_ms || (by_code && now > order.code_until_ms) {
        return Err(PayError::Expired);
    }
    if order.openid.as_deref().is_some_and(|openid| openid != user.openid) {
        return Err(PayError::OtherPayer);
    }
    Ok(())
}

/// Opens the pay sheet.
pub fn sheet(world: &World, code: &str, user: &User) -> Result<Sheet, PayError> {
    let now = world.clock.now_ms();
    let mut books = world.books();
    let order = find(&mut books, code).ok_or(PayError::Unknown)?;
    payable(order, code, user, now)?;
    Ok(Sheet {
        out_trade_no: order.out_trade_no.clone(),
        merchant: MERCHANT_NAME.to_owned(),
        description: order.description.clone(),
        total: order.total,
        amount: format!("￥{}.{:02}", order.total / 100, order.total % 100),
    })
}

/// The user presses 支付. `force` pays even a closed or expired order, as a race at WeChat can.
pub fn pay(world: &Arc<World>, code: &str, user: &User, force: bool) -> Result<Payment, PayError> {
    let now = world.clock.now_ms();
    let mut books = world.books();
    let order = find(&mut books, code).ok_or(PayError::Unknown)?;
    let paid = order.payment.is_some();
    if !force || paid {
        payable(order, code, user, now)?;
    }
    let number = order.out_trade_no.clone();
    let coupon = books.mishaps.take(Some(&number), |mishap| match mishap {
        Mishap::Coupon { fen } => Some(*fen),
        _ => None,
    });
    let order = books.orders.get_mut(&number).ok_or(PayError::Unknown)?;
    let payment = Payment {
        transaction_id: transaction_id(now),
        openid: user.openid.clone(),
        at_ms: now,
        payer_total: (order.total - coupon.unwrap_or(0)).max(0),
    };
    order.state = State::Success;
    order.payment = Some(payment.clone());
    let order = order.clone();
    notify::paid(world, &mut books, &order);
    Ok(payment)
}

/// 28 digits that start with 42, as live ones do.
fn transaction_id(now_ms: i64) -> String {
    let day = beijing(now_ms);
    let date = format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day());
    format!("4200{}{date}{}", random_digits(6), random_digits(10))
}

/// Checks the values of `getBrandWCPayRequest`, types included, and gives the `prepay_id`.
pub fn check_bridge(world: &World, values: &Value) -> Result<String, PayError> {
    let wrong = |text: &str| PayError::Bridge(text.to_owned());
    let text = |name: &str| match values.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(_) => Err(wrong(&format!("参数{name}类型错误，必须为字符串"))),
        None => Err(wrong(&format!("缺少参数{name}"))),
    };
    let (app_id, timestamp, nonce) = (text("appId")?, text("timeStamp")?, text("nonceStr")?);
    let (package, sign_type, signature) = (text("package")?, text("signType")?, text("paySign")?);
    if app_id != APP_ID {
        return Err(wrong("appId不正确"));
    }
    if timestamp.len() != 10 || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("timeStamp必须为10位秒数"));
    }
    if nonce.len() > 32 {
        return Err(wrong("nonceStr超过32位"));
    }
    if sign_type != "RSA" {
        return Err(wrong("signType必须为RSA"));
    }
    let prepay_id = package.strip_prefix("prepay_id=").ok_or_else(|| wrong("package格式错误"))?;
    let signed = crypto::pay_text(&app_id, &timestamp, &nonce, &package);
    if !crypto::verify(&world.keys.merchant.public, &signed, &signature) {
        return Err(wrong("支付验证签名失败"));
    }
    Ok(prepay_id.to_owned())
}

/// The live QR codes of Native orders, newest first.
pub fn live_codes(books: &Books, now: i64) -> Vec<&Order> {
    let live = |order: &&Order| {
        order.trade_type == TradeType::Native
            && order.state == State::NotPay
            && now <= order.code_until_ms.min(order.expires_ms)
    };
    let mut orders: Vec<&Order> = books.orders.values().filter(live).collect();
    orders.sort_by_key(|order| std::cmp::Reverse(order.created_ms));
    orders
}
