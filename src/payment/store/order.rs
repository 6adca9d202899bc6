//! SQL of orders.

use crate::{
    db::{self, Run, args, marks},
    kernel::{
        Timestamp,
        ids::{BillId, MemberId, OrderId},
    },
    payment::model::{Order, Share},
};

const COLUMNS: &str =
    "id, no, member_id, link_id, amount, description, status, created_ms, expires_ms, paid_ms";

pub(in crate::payment) async fn order(
    db: &impl Run,
    id: &OrderId,
) -> Result<Option<Order>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from payment_order where id = ?"), args![id]).await
}

/// An order, if it is this member's.
pub(in crate::payment) async fn order_of(
    db: &impl Run,
    id: &OrderId,
    member: &MemberId,
) -> Result<Option<Order>, db::Error> {
    let sql = format!("select {COLUMNS} from payment_order where id = ? and member_id = ?");
    db.fetch_one(&sql, args![id, member]).await
}

pub(in crate::payment) async fn shares(
    db: &impl Run,
    id: &OrderId,
) -> Result<Vec<Share>, db::Error> {
    let sql = "select bill_id, amount from payment_order_bill where order_id = ? order by bill_id";
    db.fetch(sql, args![id]).await
}

/// The live orders that hold any of these bills.
pub async fn live_orders_of_bills(
    db: &impl Run,
    bills: &[BillId],
) -> Result<Vec<Order>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_order where id in (select order_id from payment_order_bill \
         where live_key is not null and bill_id in ({})) order by id",
        marks(bills.len())
    );
    db.fetch(&sql, bills.iter().map(db::bind).collect()).await
}

/// The order by which a bill was paid last.
pub(in crate::payment) async fn paid_order_of_bill(
    db: &impl Run,
    bill: &BillId,
) -> Result<Option<Order>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_order where status = 'paid' and id in \
         (select order_id from payment_order_bill where bill_id = ?) order by id desc limit 1"
    );
    db.fetch_one(&sql, args![bill]).await
}

/// Stores a pending order. Fails as a duplicate when a live order holds one of the bills.
pub(in crate::payment) async fn insert_order(
    tx: &impl Run,
    order: &Order,
    shares: &[Share],
) -> Result<(), db::Error> {
    let rows = vec!["(?, ?, ?, '1')"; shares.len()].join(", ");
    let sql = format!(
        "insert into payment_order_bill (order_id, bill_id, amount, live_key) values {rows}"
    );
    let values = shares.iter().flat_map(|s| args![order.id, s.bill_id, s.amount]).collect();
    tx.exec(&sql, values).await?;
    let sql = "insert into payment_order (id, no, member_id, link_id, amount, description, \
               status, created_ms, expires_ms, paid_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)";
    let values = args![
        order.id,
        order.no,
        order.member_id,
        order.link_id,
        order.amount,
        order.description,
        order.status,
        order.created_ms,
        order.expires_ms
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Closes a pending order none of whose attempts is alive.
pub(in crate::payment) async fn close_order(
    tx: &impl Run,
    id: &OrderId,
) -> Result<bool, db::Error> {
    let sql = "update payment_order set status = 'closed' where id = ? and status = 'pending' \
               and not exists (select 1 from payment_attempt a \
               where a.order_id = payment_order.id and a.live_key is not null)";
    if !tx.changed(sql, args![id]).await? {
        return Ok(false);
    }
    super::free_bills(tx, id).await?;
    Ok(true)
}

/// Pending orders whose time is over.
pub(in crate::payment) async fn overdue_orders(
    db: &impl Run,
    now: Timestamp,
    most: i64,
) -> Result<Vec<OrderId>, db::Error> {
    let sql = "select id from payment_order where status = 'pending' and expires_ms < ? \
               order by expires_ms limit ?";
    db.fetch(sql, args![now, most]).await
}
