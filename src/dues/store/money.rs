//! SQL of money on bills: allocations, and the numbers that they add up to.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    dues::model::{Amounts, Bill, BillStatus},
    kernel::{
        Fen, Ids, Timestamp,
        ids::{BillId, MemberId},
    },
    ledger::Source,
};

/// Adds money to a bill that still owes at least that much. `false` when it does not.
pub(in crate::dues) async fn add_paid(
    tx: &impl Run,
    id: &BillId,
    amount: Fen,
) -> Result<bool, db::Error> {
    // MySQL assigns from left to right: the status reads `paid` before it grows. It is
    // `Amounts::status` in one statement, because every payment passes here.
    let sql = "update dues_bill set status = case when paid + refunded + ? < due then 'part' \
               when refunded > 0 then 'part-refunded' else 'paid' end, paid = paid + ? \
               where id = ? and status in ('open', 'part') and paid + refunded + ? <= due";
    tx.changed(sql, args![amount, amount, id, amount]).await
}

/// Gives a live bill other numbers, if it still has those that were read; `false` when not.
pub(in crate::dues) async fn set_amounts(
    tx: &impl Run,
    bill: &Bill,
    to: &Amounts,
) -> Result<bool, db::Error> {
    let sql = "update dues_bill set gross = ?, reduction = ?, due = ?, paid = ?, refunded = ?, \
               status = ? where id = ? and active_key is not null \
               and due = ? and paid = ? and refunded = ? and reduction = ?";
    let Amounts { gross, reduction, due, paid, refunded } = to;
    let mut values = args![gross, reduction, due, paid, refunded, to.status(), bill.id];
    values.extend(args![bill.due, bill.paid, bill.refunded, bill.reduction]);
    tx.changed(sql, values).await
}

/// Takes an open bill out of life, if nothing lies on it; `false` when something does.
pub(in crate::dues) async fn void(tx: &impl Run, id: &BillId) -> Result<bool, db::Error> {
    let sql = "update dues_bill set status = ?, active_key = null \
               where id = ? and status = 'open' and paid = 0 and refunded = 0";
    tx.changed(sql, args![BillStatus::Void, id]).await
}

/// Records what of a source went on which bills; once per source and bill.
pub(in crate::dues) async fn insert_allocations(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    source: &Source,
    shares: &[(BillId, Fen)],
) -> Result<(), db::Error> {
    // The year stands here once more so that an index can serve the lists of a year.
    let row = "(?, ?, ?, ?, (select year from dues_bill where id = ?), ?, ?, null)";
    let rows = vec![row; shares.len()].join(", ");
    let sql = format!(
        "insert into allocation (id, source_kind, source_id, bill_id, year, amount, created_ms, \
         reversed_ms) values {rows}"
    );
    let row = |(bill, amount): &(BillId, Fen)| {
        args![ids.next(now), source.kind, source.id, bill, bill, amount, now]
    };
    tx.exec(&sql, shares.iter().flat_map(row).collect()).await?;
    Ok(())
}

/// Notes on an allocation that so much of it is gone; `false` when there is not so much left.
pub(in crate::dues) async fn note_taken_back(
    tx: &impl Run,
    of: &Source,
    bill: &BillId,
    amount: Fen,
    now: Timestamp,
) -> Result<bool, db::Error> {
    // MySQL assigns from left to right: `taken_back` is read before it grows.
    let sql = "update allocation set \
               reversed_ms = case when taken_back + ? = amount then ? else reversed_ms end, \
               taken_back = taken_back + ? where source_kind = ? and source_id = ? \
               and bill_id = ? and taken_back + ? <= amount";
    tx.changed(sql, args![amount, now, amount, of.kind, of.id, bill, amount]).await
}

/// The counterpart of an allocation: `amount` is negative, `of` is where the money had come from.
pub(in crate::dues) async fn insert_taken_back(
    tx: &impl Run,
    id: &str,
    (by, of): (&Source, &Source),
    bill: &BillId,
    amount: Fen,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into allocation (id, source_kind, source_id, bill_id, year, amount, of_kind, \
               of_id, created_ms, reversed_ms) select ?, ?, ?, id, year, ?, ?, ?, ?, null \
               from dues_bill where id = ?";
    tx.exec(sql, args![id, by.kind, by.id, amount, of.kind, of.id, now, bill]).await?;
    Ok(())
}

/// How much of a source lies, or lay, on a bill.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Allocated {
    /// The bill.
    pub bill_id: BillId,
    /// What came, fen; negative when the source took money back.
    pub amount: Fen,
    /// What was taken back of it, fen.
    pub taken_back: Fen,
}

/// Which bills got how much from a source, in the order in which they got it.
pub async fn allocations_of(db: &impl Run, source: &Source) -> Result<Vec<Allocated>, db::Error> {
    let sql = "select bill_id, amount, taken_back from allocation \
               where source_kind = ? and source_id = ? order by id";
    db.fetch(sql, args![source.kind, source.id]).await
}

/// Money that was put on a bill, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contribution {
    /// The bill.
    pub bill_id: BillId,
    /// 账单号.
    pub bill_no: String,
    /// 缴费年度.
    pub year: i64,
    /// The bill's item: annual dues or a difference.
    pub item: String,
    /// `payment` (online, confirmed by itself) or `offline`.
    pub source_kind: String,
    /// WeChat's transaction, or the id of the offline payment.
    pub source_id: String,
    /// Fen.
    pub amount: Fen,
    /// How much of it was taken back since, fen.
    pub taken_back: Fen,
    /// When it was put there.
    pub created_ms: Timestamp,
    /// When the whole of it was taken back.
    pub reversed_ms: Option<Timestamp>,
}

/// Everything that was ever put on a member's bills, newest first.
pub async fn contributions_of(
    db: &impl Run,
    member: &MemberId,
) -> Result<Vec<Contribution>, db::Error> {
    let sql = "select a.bill_id, b.no as bill_no, b.year, b.item, a.source_kind, a.source_id, a.amount, \
               a.taken_back, a.created_ms, a.reversed_ms \
               from dues_bill b join allocation a on a.bill_id = b.id \
               where b.member_id = ? and a.of_id is null order by a.id desc limit 200";
    db.fetch(sql, args![member]).await
}
