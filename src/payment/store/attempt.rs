//! SQL of attempts.

use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp,
        ids::{OrderId, OutTradeNo},
    },
    payment::model::{Attempt, Order, TradeType},
};

const COLUMNS: &str = "out_trade_no, order_id, trade_type, amount, payer_index, code_url, \
                       prepay_id, code_until_ms, status, transaction_id, created_ms, expires_ms, \
                       query_count";

/// What is known about an attempt before WeChat is asked to create it.
#[derive(Clone, Debug)]
pub(in crate::payment) struct NewAttempt<'a> {
    pub no: &'a OutTradeNo,
    pub order: &'a Order,
    pub trade_type: TradeType,
    pub app_id: &'a str,
    pub mch_id: &'a str,
    pub payer_index: &'a str,
    pub next_query: Timestamp,
}

/// Stores an attempt of unknown outcome. Fails as a duplicate when another one of the order is
/// alive; `None` when the order is not pending any more.
pub(in crate::payment) async fn insert_attempt(
    db: &impl Run,
    new: &NewAttempt<'_>,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "insert into payment_attempt (out_trade_no, order_id, member_id, trade_type, app_id, \
        mch_id, amount, payer_index, code_url, prepay_id, code_until_ms, status, live_key, \
        transaction_id, success_ms, created_ms, expires_ms, next_query_ms, query_count) \
        select ?, id, member_id, ?, ?, ?, amount, ?, '', '', 0, 'unknown', '1', null, null, ?, \
        expires_ms, ?, 0 \
        from payment_order where id = ? and status = 'pending'";
    let NewAttempt { no, order, trade_type, app_id, mch_id, payer_index, next_query } = new;
    let values = args![no, trade_type, app_id, mch_id, payer_index, now, next_query, order.id];
    db.changed(sql, values).await
}

pub(in crate::payment) async fn attempt(
    db: &impl Run,
    no: &OutTradeNo,
) -> Result<Option<Attempt>, db::Error> {
    let sql = format!("select {COLUMNS} from payment_attempt where out_trade_no = ?");
    db.fetch_one(&sql, args![no]).await
}

/// The attempt of an order that is alive.
pub(in crate::payment) async fn live_attempt(
    db: &impl Run,
    order: &OrderId,
) -> Result<Option<Attempt>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_attempt where order_id = ? and live_key is not null"
    );
    db.fetch_one(&sql, args![order]).await
}

/// The attempt of an order that money came for, the accepted one first.
pub(in crate::payment) async fn paid_attempt(
    db: &impl Run,
    order: &OrderId,
) -> Result<Option<Attempt>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_attempt where order_id = ? and transaction_id is not null \
         order by case when status = 'duplicate' then 1 else 0 end, out_trade_no limit 1"
    );
    db.fetch_one(&sql, args![order]).await
}

/// What WeChat gave out for an attempt.
#[derive(Clone, Debug)]
pub(in crate::payment) struct Code<'a> {
    pub url: &'a str,
    pub prepay_id: &'a str,
    pub until: Timestamp,
}

/// Keeps a code, the first or a fresh one, while the attempt is alive.
pub(in crate::payment) async fn set_code(
    db: &impl Run,
    no: &OutTradeNo,
    code: &Code<'_>,
) -> Result<bool, db::Error> {
    let sql = "update payment_attempt set code_url = ?, prepay_id = ?, code_until_ms = ?, \
               status = 'prepaid' where out_trade_no = ? and status in ('unknown', 'prepaid')";
    db.changed(sql, args![code.url, code.prepay_id, code.until, no]).await
}

/// Nobody can pay it any more: WeChat said so, or has never heard of it.
pub(in crate::payment) async fn close_attempt(
    db: &impl Run,
    no: &OutTradeNo,
) -> Result<bool, db::Error> {
    let sql = "update payment_attempt set status = 'closed', live_key = null, \
               next_query_ms = null where out_trade_no = ? and status in ('unknown', 'prepaid')";
    db.changed(sql, args![no]).await
}

/// WeChat's final word is on record, though the attempt has no final state of its own.
pub(in crate::payment) async fn stop_asking(
    db: &impl Run,
    no: &OutTradeNo,
) -> Result<(), db::Error> {
    let sql = "update payment_attempt set next_query_ms = null, live_key = null \
               where out_trade_no = ?";
    db.exec(sql, args![no]).await?;
    Ok(())
}

/// Attempts that WeChat is to be asked about.
pub(in crate::payment) async fn due(
    db: &impl Run,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Attempt>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_attempt where next_query_ms <= ? \
         order by next_query_ms limit ?"
    );
    db.fetch(&sql, args![now, most]).await
}

/// Takes a question for this server; `false` when another one was faster.
pub(in crate::payment) async fn claim(
    db: &impl Run,
    attempt: &Attempt,
    next: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update payment_attempt set query_count = query_count + 1, next_query_ms = ? \
               where out_trade_no = ? and query_count = ? and next_query_ms is not null";
    db.changed(sql, args![next, attempt.out_trade_no, attempt.query_count]).await
}
