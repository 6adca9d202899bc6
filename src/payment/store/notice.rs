//! SQL of the inbox: what WeChat has verifiably said.

use crate::{
    db::{self, Run, args},
    kernel::{Fen, Timestamp},
};

/// A verified notice, as it is kept.
#[derive(Clone, Copy, Debug)]
pub struct NewNotice<'a> {
    /// WeChat's id of the notice.
    pub notify_id: &'a str,
    /// For example `TRANSACTION.SUCCESS`.
    pub event_type: &'a str,
    /// The order's number at the merchant.
    pub out_trade_no: &'a str,
    /// WeChat's number of the payment.
    pub transaction: &'a str,
    /// Fen.
    pub amount: Fen,
    /// The raw body, still sealed.
    pub body: &'a str,
    /// What came of it.
    pub outcome: &'a str,
}

/// Keeps a notice once; a copy of it is no error and proves nothing. WeChat's id counts only
/// together with the number that it is about (wechat.md 5).
pub async fn insert_notice(
    tx: &impl Run,
    new: &NewNotice<'_>,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into payment_notice (notify_id, event_type, out_trade_no, transaction_id, \
               amount, body, outcome, received_ms) values (?, ?, ?, ?, ?, ?, ?, ?)";
    let NewNotice { notify_id, event_type, out_trade_no, transaction, amount, body, outcome } = new;
    let values =
        args![notify_id, event_type, out_trade_no, transaction, amount, body, outcome, now];
    match tx.exec(sql, values).await {
        Err(error) if !error.is_duplicate() => Err(error),
        _ => Ok(()),
    }
}
