//! The limit of W1: the statements with which the product books one payment, from as many tasks,
//! over the same pool and driver, without HTTP, signature, encryption or any decision.
//!
//! Keep in step with the product, statement by statement: `src/payment/settle.rs`, `book.rs` and
//! `store/settle.rs` there, `src/dues/store/money.rs` (`add_paid`, `insert_allocations`),
//! `src/ledger/store.rs`, `src/staff/store.rs` (`insert_audit`), `src/notice/store.rs` (`insert`).
//! This is what the driver can do at best, not what the database can.

use std::sync::Arc;

use huiyuan::{
    db::{self, Db, Json, Run as _, Tx, args},
    kernel::{Clock, Ids},
};
use serde::Deserialize;
use serde_json::json;

use crate::seed::Payable;

const FACTS: &str = "select o.id as order_id, o.no as order_no, o.member_id, \
    o.status as order_status, a.status as attempt_status, a.app_id, a.mch_id, a.amount, \
    a.transaction_id, a.payer_index, t.out_trade_no as taken_by, u.kind as parked_kind, \
    u.amount as parked_amount, u.booked as parked_booked, \
    u.status as parked_status, b.bill_id, b.amount as bill_amount \
    from payment_attempt a join payment_order o on o.id = a.order_id \
    join payment_order_bill b on b.order_id = o.id \
    left join unexplained_payment u on u.transaction_id = ? \
    left join payment_attempt t on t.transaction_id = ? and t.out_trade_no <> a.out_trade_no \
    where a.out_trade_no = ? order by b.bill_id";
const ORDER: &str =
    "update payment_order set status = 'paid', paid_ms = ? where id = ? and status = ?";
const ATTEMPT: &str = "update payment_attempt set status = ?, transaction_id = ?, \
    payer_index = ?, success_ms = ?, live_key = null, next_query_ms = null \
    where out_trade_no = ? and transaction_id is null";
const FREE: &str = "update payment_order_bill set live_key = null where order_id = ?";
const BILL: &str = "update dues_bill set \
    status = case when paid + refunded + ? < due then 'part' \
    when refunded > 0 then 'part-refunded' else 'paid' end, paid = paid + ? \
    where id = ? and status in ('open', 'part') and paid + refunded + ? <= due";
const ALLOCATION: &str = "insert into allocation (id, source_kind, source_id, bill_id, year, \
    amount, created_ms, reversed_ms) select ?, ?, ?, id, year, ?, ?, null from dues_bill \
    where id = ?";
const LEDGER: &str = "insert into ledger_entry (id, at_ms, account, amount, source_kind, \
    source_id, kind, line) values (?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?)";
const AUDIT: &str = "insert into audit_log (id, at_ms, actor_kind, actor_id, action, object_kind, \
    object_id, reason, detail, ip) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const OUTBOX: &str = "insert into outbox (id, topic, member_id, payload, dedupe_key, status, \
    attempts, next_ms, created_ms) values (?, ?, ?, ?, ?, 'queued', 0, ?, ?)";
const NOTICE: &str = "insert into payment_notice (notify_id, event_type, out_trade_no, \
    transaction_id, amount, body, outcome, received_ms) values (?, ?, ?, ?, ?, ?, ?, ?)";

/// As long as the index of an openid.
const PAYER: &str = "0123456789abcdef0123456789abcdef";

/// The columns of [`FACTS`] that the other statements need.
#[derive(Deserialize)]
struct Facts {
    order_id: String,
    order_no: String,
    member_id: String,
    order_status: String,
    bill_id: String,
    bill_amount: i64,
}

/// One payment and what its rows hold.
pub struct Input {
    /// The order and WeChat's number.
    pub payable: Payable,
    /// As long as the body of a notice.
    pub body: Arc<str>,
    /// For row ids.
    pub ids: Ids,
}

/// Books one payment.
pub async fn book(db: &Db, input: Input) -> Result<(), db::Error> {
    db::transaction(db, input, |tx, input| Box::pin(statements(tx, input))).await
}

async fn statements(tx: &Tx, input: &Input) -> Result<(), db::Error> {
    let Input { payable: Payable { out_trade_no, transaction_id, amount }, body, ids } = input;
    let now = Clock::System.now();
    let facts: Option<Facts> =
        tx.fetch_one(FACTS, args![transaction_id, transaction_id, out_trade_no]).await?;
    let facts = facts.ok_or_else(|| db::Error::Other("no such attempt".into()))?;
    let order = &facts.order_id;
    one(tx.exec(ORDER, args![now, order, facts.order_status]).await?)?;
    one(tx.exec(ATTEMPT, args!["success", transaction_id, PAYER, now, out_trade_no]).await?)?;
    one(tx.exec(FREE, args![order]).await?)?;
    let share = facts.bill_amount;
    one(tx.exec(BILL, args![share, share, facts.bill_id, share]).await?)?;
    let source = ("payment", transaction_id);
    let values = args![ids.next(now), source.0, source.1, share, now, facts.bill_id];
    tx.exec(ALLOCATION, values).await?;
    let (debit, credit) = ("wechat-clearing", "dues-income");
    let mut lines = args![ids.next(now), now, debit, share, source.0, source.1, "received", 1];
    lines.extend(args![ids.next(now), now, credit, -share, source.0, source.1, "received", 2]);
    tx.exec(LEDGER, lines).await?;
    let detail = json!({
        "out_trade_no": out_trade_no, "transaction_id": transaction_id,
        "from": facts.order_status, "to": "paid", "amount": amount, "applied": share,
    });
    let (action, object) = ("payment.settle", "payment_order");
    let id = ids.next(now);
    let audit = args![id, now, "system", "", action, object, order, "", Json(&detail), ""];
    tx.exec(AUDIT, audit).await?;
    let (topic, told) = ("payment.received", json!({"order_no": facts.order_no, "amount": share}));
    let dedupe = format!("{topic}:{order}");
    let outbox = args![ids.next(now), topic, facts.member_id, Json(&told), dedupe, now, now];
    tx.exec(OUTBOX, outbox).await?;
    let event = "TRANSACTION.SUCCESS";
    let id = ids.next(now);
    let notice = args![id, event, out_trade_no, transaction_id, amount, **body, "settled", now];
    tx.exec(NOTICE, notice).await?;
    Ok(())
}

fn one(changed: u64) -> Result<(), db::Error> {
    if changed == 1 { Ok(()) } else { Err(db::Error::Other(format!("{changed} rows changed"))) }
}
