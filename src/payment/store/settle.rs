//! SQL of settling: the statements of the one transaction that books money.

use serde::Deserialize;

use crate::{
    db::{self, Flag, Run, args},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId, OrderId},
    },
    payment::{
        model::{AttemptStatus, OrderStatus, Share},
        unexplained::ParkedStatus,
        verdict::{Oddity, Standing},
    },
};

#[derive(Deserialize)]
struct Row {
    order_id: OrderId,
    order_no: String,
    member_id: MemberId,
    order_status: OrderStatus,
    attempt_status: AttemptStatus,
    app_id: String,
    mch_id: String,
    amount: Fen,
    transaction_id: Option<String>,
    payer_index: String,
    taken_by: Option<String>,
    parked_kind: Option<Oddity>,
    parked_amount: Option<Fen>,
    parked_booked: Option<Flag>,
    parked_status: Option<ParkedStatus>,
    bill_id: BillId,
    bill_amount: Fen,
}

/// Everything that settling needs to know about one of our numbers.
#[derive(Clone, Debug)]
pub(in crate::payment) struct Facts {
    pub order_id: OrderId,
    pub order_no: String,
    pub member_id: MemberId,
    pub order_status: OrderStatus,
    pub attempt_status: AttemptStatus,
    pub app_id: String,
    pub mch_id: String,
    pub amount: Fen,
    pub transaction_id: Option<String>,
    /// Blind index of who has paid it, if it is paid and WeChat said who.
    pub payer_index: String,
    /// The transaction in question is on record for another attempt.
    pub is_taken: bool,
    /// The transaction in question was parked before: why, how much, and whether it was booked.
    pub parked: Option<(Oddity, Fen, bool)>,
    /// The transaction in question was parked, and a person has decided what becomes of it.
    pub is_resolved: bool,
    /// By bill id: the order in which every transaction takes the bills.
    pub shares: Vec<Share>,
}

impl Facts {
    /// For the judge; `payer` is the blind index of who paid by WeChat's words, if they say so.
    pub fn standing(&self, payer: Option<&str>) -> Standing<'_> {
        Standing {
            is_other_payer: payer.is_some_and(|payer| payer != self.payer_index),
            is_taken: self.is_taken,
            attempt: self.attempt_status,
            order: self.order_status,
            amount: self.amount,
            app_id: &self.app_id,
            mch_id: &self.mch_id,
            transaction: self.transaction_id.as_deref(),
            parked: self.parked.map(|(oddity, _, _)| oddity),
        }
    }
}

/// Attempt, order, bills, and whether this transaction was parked before: one statement.
pub(in crate::payment) async fn facts(
    tx: &impl Run,
    out_trade_no: &str,
    transaction: &str,
) -> Result<Option<Facts>, db::Error> {
    let sql = "select o.id as order_id, o.no as order_no, o.member_id, o.status as order_status, \
        a.status as attempt_status, a.app_id, a.mch_id, a.amount, a.transaction_id, \
        a.payer_index, t.out_trade_no as taken_by, u.kind as parked_kind, \
        u.amount as parked_amount, u.booked as parked_booked, \
        u.status as parked_status, b.bill_id, b.amount as bill_amount \
        from payment_attempt a join payment_order o on o.id = a.order_id \
        join payment_order_bill b on b.order_id = o.id \
        left join unexplained_payment u on u.transaction_id = ? \
        left join payment_attempt t \
        on t.transaction_id = ? and t.out_trade_no <> a.out_trade_no \
        where a.out_trade_no = ? order by b.bill_id";
    let mut rows: Vec<Row> = tx.fetch(sql, args![transaction, transaction, out_trade_no]).await?;
    let shares = rows
        .iter()
        .map(|row| Share { bill_id: row.bill_id.clone(), amount: row.bill_amount })
        .collect();
    Ok(rows.pop().map(|row| Facts {
        parked: row
            .parked_kind
            .filter(|_| row.parked_status == Some(ParkedStatus::Open))
            .zip(row.parked_amount)
            .zip(row.parked_booked)
            .map(|((oddity, amount), booked)| (oddity, amount, booked.0)),
        is_resolved: row.parked_status.is_some_and(|status| status != ParkedStatus::Open),
        order_id: row.order_id,
        order_no: row.order_no,
        member_id: row.member_id,
        order_status: row.order_status,
        attempt_status: row.attempt_status,
        app_id: row.app_id,
        mch_id: row.mch_id,
        amount: row.amount,
        transaction_id: row.transaction_id,
        payer_index: row.payer_index,
        is_taken: row.taken_by.is_some(),
        shares,
    }))
}

/// Marks an order paid that is in the state that we read; `false` when it is not any more. Its
/// row is the lock of all its attempts.
pub(in crate::payment) async fn pay_order(
    tx: &impl Run,
    facts: &Facts,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update payment_order set status = 'paid', paid_ms = ? where id = ? and status = ?";
    tx.changed(sql, args![now, facts.order_id, facts.order_status]).await
}

/// An order that no bill took money of is closed, not paid.
pub(in crate::payment) async fn reclose_order(
    tx: &impl Run,
    id: &OrderId,
) -> Result<(), db::Error> {
    let sql = "update payment_order set status = 'closed', paid_ms = null where id = ?";
    tx.exec(sql, args![id]).await?;
    Ok(())
}

/// Gives an attempt the transaction that paid it, once.
pub(in crate::payment) async fn settle_attempt(
    tx: &impl Run,
    no: &str,
    status: AttemptStatus,
    (transaction, payer, at): (&str, &str, Timestamp),
) -> Result<bool, db::Error> {
    let sql = "update payment_attempt set status = ?, transaction_id = ?, payer_index = ?, \
               success_ms = ?, live_key = null, next_query_ms = null \
               where out_trade_no = ? and transaction_id is null";
    tx.changed(sql, args![status, transaction, payer, at, no]).await
}

/// The money of an attempt that was just settled turned out to be parked.
pub(in crate::payment) async fn mark_duplicate(tx: &impl Run, no: &str) -> Result<(), db::Error> {
    let sql = "update payment_attempt set status = 'duplicate' where out_trade_no = ?";
    tx.exec(sql, args![no]).await?;
    Ok(())
}

/// Other orders may take the bills again.
pub(in crate::payment) async fn free_bills(
    tx: &impl Run,
    order: &OrderId,
) -> Result<(), db::Error> {
    let sql = "update payment_order_bill set live_key = null where order_id = ?";
    tx.exec(sql, args![order]).await?;
    Ok(())
}

/// Money or a message that a person must look at.
#[derive(Clone, Debug)]
pub(in crate::payment) struct NewUnexplained<'a> {
    pub oddity: Oddity,
    pub out_trade_no: &'a str,
    pub transaction: &'a str,
    pub amount: Fen,
    pub currency: &'a str,
    pub booked: bool,
    pub detail: &'a str,
}

/// `false` when this transaction is parked already.
pub(in crate::payment) async fn insert_unexplained(
    tx: &impl Run,
    id: &str,
    new: &NewUnexplained<'_>,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "insert into unexplained_payment (id, kind, out_trade_no, transaction_id, amount, \
               currency, booked, detail, status, created_ms) \
               values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)";
    let values = args![
        id,
        new.oddity,
        new.out_trade_no,
        new.transaction,
        new.amount,
        new.currency,
        Flag(new.booked),
        new.detail,
        now
    ];
    match tx.exec(sql, values).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_duplicate_of("uk_unexplained_payment_transaction_id") => Ok(false),
        Err(error) => Err(error),
    }
}

/// What was parked is understood now: the row stays, its transaction is free for another one.
pub(in crate::payment) async fn explain(tx: &impl Run, transaction: &str) -> Result<(), db::Error> {
    let sql = "update unexplained_payment set status = 'explained', transaction_id = ? \
               where transaction_id = ? and status = 'open'";
    tx.exec(sql, args![format!("{transaction}:explained"), transaction]).await?;
    Ok(())
}

/// Our number that a transaction of WeChat's is on record for, if it is.
pub(in crate::payment) async fn settled_as(
    tx: &impl Run,
    transaction: &str,
) -> Result<Option<String>, db::Error> {
    let sql = "select out_trade_no from payment_attempt where transaction_id = ?";
    tx.fetch_one(sql, args![transaction]).await
}
