//! SQL of what other rooms want to know about payments: one by number, all in key order.

use serde::Deserialize;

use crate::{
    db::{self, Run, args, bind, marks},
    kernel::{
        Fen, Timestamp,
        ids::{MemberId, OrderId},
    },
    payment::model::{AttemptStatus, OrderStatus, TradeType},
};

/// A payment that money came for.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    /// WeChat's number.
    pub transaction_id: String,
    /// Our number at WeChat.
    pub out_trade_no: String,
    /// 订单号.
    pub order_no: String,
    /// Who was to pay.
    pub member_id: MemberId,
    /// What the payer read.
    pub description: String,
    /// How it was paid.
    pub trade_type: TradeType,
    /// Where the attempt stands: success, late or duplicate.
    pub status: AttemptStatus,
    /// The whole payment, fen.
    pub amount: Fen,
    /// What refunds under way will give back, fen.
    pub refunding: Fen,
    /// What was given back, fen.
    pub refunded: Fen,
    /// When it was paid.
    pub success_ms: Timestamp,
}

const RECEIVED: &str = "select a.transaction_id, a.out_trade_no, o.no as order_no, o.member_id, \
    o.description, a.trade_type, a.status, a.amount, a.refunding, a.refunded, a.success_ms \
    from payment_attempt a join payment_order o on o.id = a.order_id";

/// The payment with one of our numbers or one of WeChat's.
pub async fn received(db: &impl Run, number: &str) -> Result<Option<Received>, db::Error> {
    let by_transaction = format!("{RECEIVED} where a.transaction_id = ?");
    if let Some(found) = db.fetch_one(&by_transaction, args![number]).await? {
        return Ok(Some(found));
    }
    let ours = format!("{RECEIVED} where a.out_trade_no = ? and a.transaction_id is not null");
    db.fetch_one(&ours, args![number]).await
}

/// Payments in the order of WeChat's numbers, for whoever reads them all.
pub async fn received_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<Received>, db::Error> {
    let sql = format!("{RECEIVED} where a.transaction_id > ? order by a.transaction_id limit ?");
    db.fetch(&sql, args![after, most]).await
}

/// Which of these transactions paid an attempt, and how much.
pub async fn received_of(
    db: &impl Run,
    transactions: &[String],
) -> Result<Vec<Received>, db::Error> {
    let sql = format!("{RECEIVED} where a.transaction_id in ({})", marks(transactions.len()));
    db.fetch(&sql, transactions.iter().map(bind).collect()).await
}

/// Notes on a payment what refunds do with it; a transaction without an attempt has no place for
/// that, and needs none: no member sees it.
pub async fn note_refund(
    tx: &impl Run,
    transaction: &str,
    (under_way, done): (Fen, Fen),
) -> Result<(), db::Error> {
    let sql = "update payment_attempt set refunding = refunding + ?, refunded = refunded + ? \
               where transaction_id = ?";
    tx.exec(sql, args![under_way, done, transaction]).await?;
    Ok(())
}

/// Corrects what was given back of a payment that was not known when that happened.
pub async fn set_refunded(
    tx: &impl Run,
    transaction: &str,
    refunded: Fen,
) -> Result<(), db::Error> {
    let sql = "update payment_attempt set refunded = ? where transaction_id = ?";
    tx.exec(sql, args![refunded, transaction]).await?;
    Ok(())
}

/// An order beside the sums that must agree with it.
#[derive(Clone, Debug, Deserialize)]
pub struct OrderFacts {
    /// Row id.
    pub id: OrderId,
    /// 订单号.
    pub no: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// Its price, fen.
    pub amount: Fen,
    /// The sum of its bills' shares, fen.
    pub shares: Fen,
    /// How many of its attempts brought money that went on bills.
    pub accepted: i64,
    /// How many of its attempts have another amount than the order.
    pub strange: i64,
}

/// Orders in the order of their ids, for whoever reads them all.
pub async fn orders_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<OrderFacts>, db::Error> {
    let sql = "select o.id, o.no, o.status, o.amount, \
        (select cast(coalesce(sum(b.amount), 0) as signed) from payment_order_bill b \
        where b.order_id = o.id) as shares, \
        (select count(*) from payment_attempt a where a.order_id = o.id \
        and a.status in ('success', 'late')) as accepted, \
        (select count(*) from payment_attempt a where a.order_id = o.id \
        and a.amount <> o.amount) as strange \
        from payment_order o where o.id > ? order by o.id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// How many orders and paid attempts there are, roughly: for progress.
pub async fn counts(db: &impl Run) -> Result<(i64, i64), db::Error> {
    let orders: Option<i64> =
        db.fetch_one("select count(*) as n from payment_order", args![]).await?;
    let sql = "select count(transaction_id) as n from payment_attempt";
    let paid: Option<i64> = db.fetch_one(sql, args![]).await?;
    Ok((orders.unwrap_or_default(), paid.unwrap_or_default()))
}
