//! Checkout: some of a member's open bills become one order. What it costs is computed here; the
//! browser only says which bills.

use super::{
    model::{ORDER_LIFE, Order, OrderStatus, Share, WORTH_REUSING},
    retire::{Ending, retire_order},
    store,
};
use crate::{
    db::{self, Tx},
    dues::{self, Bill},
    kernel::{
        Fen,
        ids::{BillId, LinkId, MemberId, OrderId},
    },
    web::{App, AppError},
};

/// Nobody owes for more years at once.
const MOST_BILLS: usize = 20;

/// Two windows of one member can be in each other's way; more often than this is no chance.
const MOST_TRIES: u32 = 4;

/// Why there is no order.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// Nothing was ticked, or no bills can be meant by what was sent.
    #[error("请选择要缴纳的会费")]
    Nothing,
    /// Not their own, not owed, or unknown: one text for all.
    #[error("所选会费已缴清、已调整或不存在，请刷新页面后重新选择")]
    NotOwed,
    /// An earlier payment for the same bills cannot be shown to be dead.
    #[error("您有一笔尚未完成的支付，暂时无法确认其结果，请稍后重试")]
    Unclear,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for CheckoutError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<CheckoutError> for AppError {
    fn from(error: CheckoutError) -> Self {
        match error {
            CheckoutError::Fault(fault) => fault,
            refusal => Self::Refused(refusal.to_string()),
        }
    }
}

/// Reads the ids that a form sent.
pub fn read_bills(values: &[&str]) -> Result<Vec<BillId>, CheckoutError> {
    let ids: Result<Vec<BillId>, _> = values.iter().map(|id| id.parse()).collect();
    let mut ids = ids.map_err(|_| CheckoutError::NotOwed)?;
    ids.sort();
    ids.dedup();
    if ids.is_empty() || values.len() > MOST_BILLS {
        return Err(CheckoutError::Nothing);
    }
    Ok(ids)
}

/// The order for exactly these bills: the live one if there is one, else a new one. Live orders
/// that hold only some of them are ended first. An order whose money arrived meanwhile is
/// returned as it is, paid. A new one remembers the payment link that it is made through.
pub async fn checkout(
    app: &App,
    member: &MemberId,
    bills: &[BillId],
    link: Option<&LinkId>,
) -> Result<OrderId, CheckoutError> {
    for _ in 0..MOST_TRIES {
        let owed = owed(app, member, bills).await?;
        for order in store::live_orders_of_bills(&app.db, bills).await? {
            if is_the_same(app, &order, &owed).await? {
                return Ok(order.id);
            }
            match retire_order(app, &order.id).await? {
                Ending::Closed => {}
                Ending::Paid => return Ok(order.id),
                Ending::Unclear => return Err(CheckoutError::Unclear),
            }
        }
        match insert(app, (member, link), owed).await {
            Ok(id) => return Ok(id),
            // Another window was faster: its order is looked at now.
            Err(error) if error.is_duplicate() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(CheckoutError::Unclear)
}

/// The bills as they are in the books, if the member owes on every one of them.
async fn owed(app: &App, member: &MemberId, wanted: &[BillId]) -> Result<Vec<Bill>, CheckoutError> {
    let mut bills = dues::open_bills_of(&app.db, member).await?;
    bills.retain(|bill| wanted.contains(&bill.id) && bill.remaining().is_positive());
    if bills.len() == wanted.len() { Ok(bills) } else { Err(CheckoutError::NotOwed) }
}

async fn is_the_same(app: &App, order: &Order, owed: &[Bill]) -> Result<bool, db::Error> {
    if !order.is_payable(app.clock.now() + WORTH_REUSING) {
        return Ok(false);
    }
    Ok(store::shares(&app.db, &order.id).await? == shares_of(owed))
}

fn shares_of(bills: &[Bill]) -> Vec<Share> {
    let mut shares: Vec<Share> = bills
        .iter()
        .map(|bill| Share { bill_id: bill.id.clone(), amount: bill.remaining() })
        .collect();
    shares.sort();
    shares
}

async fn insert(
    app: &App,
    (member, link): (&MemberId, Option<&LinkId>),
    owed: Vec<Bill>,
) -> Result<OrderId, db::Error> {
    let now = app.clock.now();
    let shares = shares_of(&owed);
    let amount = Fen::checked_sum(shares.iter().map(|share| share.amount))
        .ok_or_else(|| db::Error::Other("bills beyond all sums".into()))?;
    let order = Order {
        id: OrderId::new(&app.ids, now),
        no: format!("D{}{}", now.compact(), app.ids.digits(6)),
        member_id: member.clone(),
        link_id: link.cloned(),
        amount,
        description: dues::titles(owed.iter().map(|bill| (bill.year, bill.item.as_str()))),
        status: OrderStatus::Pending,
        created_ms: now,
        expires_ms: now + ORDER_LIFE,
        paid_ms: None,
    };
    let id = order.id.clone();
    let stored: Result<(), db::Error> =
        db::transaction(&app.db, (order, shares), |tx, input| Box::pin(write(tx, input))).await;
    stored.map(|()| id)
}

async fn write(tx: &Tx, (order, shares): &(Order, Vec<Share>)) -> Result<(), db::Error> {
    store::insert_order(tx, order, shares).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_distinct_ids_are_read() {
        assert_eq!(read_bills(&["b", "a", "b"]).unwrap().len(), 2);
        assert!(matches!(read_bills(&[]), Err(CheckoutError::Nothing)));
        assert!(matches!(read_bills(&["x' or 1"]), Err(CheckoutError::NotOwed)));
        assert!(matches!(read_bills(&["a"; 21]), Err(CheckoutError::Nothing)));
    }
}
