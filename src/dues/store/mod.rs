//! SQL of dues.

mod facts;
mod money;
mod online;
pub(super) mod run;
pub(super) mod standard;
mod totals;
pub(super) mod waiver;

pub use facts::{
    AllocatedSum, AllocationRow, BillFacts, allocated_after, allocated_of, allocation_kinds,
    allocations_after, bill_facts_after, bills_by_no, counts,
};
pub use money::{Allocated, Contribution, allocations_of, contributions_of};
pub(super) use money::{
    add_paid, insert_allocations, insert_taken_back, note_taken_back, set_amounts, void,
};
pub use online::{OnlineContribution, OnlineFilter, online_contributions};
pub(super) use totals::arrears;
pub use totals::{LevelArrears, YearTotals, arrears_by_level, year_totals};

use super::{
    memo::MemoCode,
    model::{Amounts, Bill, ITEM_DUES},
};
use crate::{
    db::{self, Run, args, marks},
    kernel::{
        Timestamp,
        ids::{BillId, LevelId, MemberId, StandardId, TierId},
    },
};

const COLUMNS: &str = "id, no, member_id, year, item, also_covers, standard_id, level_id, gross, \
                       reduction, due, paid, refunded, status, due_on, memo_code";

/// One bill.
pub async fn bill(db: &impl Run, id: &BillId) -> Result<Option<Bill>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from dues_bill where id = ?"), args![id]).await
}

/// The bill that a memo code belongs to.
pub async fn bill_of_memo(db: &impl Run, code: &MemoCode) -> Result<Option<Bill>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from dues_bill where memo_code = ?"), args![code]).await
}

/// These bills, in no particular order.
pub async fn bills(db: &impl Run, ids: &[BillId]) -> Result<Vec<Bill>, db::Error> {
    let sql = format!("select {COLUMNS} from dues_bill where id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(db::bind).collect()).await
}

/// All bills of a member, newest year first; voided ones included.
pub async fn bills_of(db: &impl Run, member: &MemberId) -> Result<Vec<Bill>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_bill where member_id = ? order by year desc, id desc limit 100"
    );
    db.fetch(&sql, args![member]).await
}

/// The bills of a member on which money is owed, oldest year first.
pub async fn open_bills_of(db: &impl Run, member: &MemberId) -> Result<Vec<Bill>, db::Error> {
    let mut bills = bills_of(db, member).await?;
    bills.retain(|bill| bill.status.is_owed());
    bills.reverse();
    Ok(bills)
}

/// Stores a new bill. A number or a memo code that was drawn before is a duplicate of its key.
pub(super) async fn insert(
    tx: &impl Run,
    bill: &Bill,
    tier: &TierId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into dues_bill (id, no, member_id, year, item, also_covers, standard_id, \
        tier_id, level_id, gross, reduction, due, paid, refunded, status, due_on, memo_code, \
        active_key, issued_ms) \
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1', ?)";
    let Bill { id, no, member_id, year, item, also_covers, standard_id, level_id, .. } = bill;
    let mut values = args![id, no, member_id, year, item, also_covers, standard_id, tier, level_id];
    let Bill { gross, reduction, due, paid, refunded, status, due_on, memo_code, .. } = bill;
    values.extend(args![gross, reduction, due, paid, refunded, status, due_on, memo_code, now]);
    tx.exec(sql, values).await?;
    Ok(())
}

/// The live annual bills that cover a year, of these members.
pub(super) async fn covering(
    db: &impl Run,
    members: &[MemberId],
    year: i64,
) -> Result<Vec<Bill>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_bill where member_id in ({}) and year in (?, ?) and item = ? \
         and active_key is not null and (year = ? or also_covers = ?)",
        marks(members.len())
    );
    let mut values: Vec<_> = members.iter().map(db::bind).collect();
    values.extend(args![year, year + 1, ITEM_DUES, year, year]);
    db.fetch(&sql, values).await
}

/// All live bills of a member that bear a year, differences included.
pub(super) async fn live_of_year(
    db: &impl Run,
    member: &MemberId,
    year: i64,
) -> Result<Vec<Bill>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_bill where member_id = ? and year = ? \
         and active_key is not null"
    );
    db.fetch(&sql, args![member, year]).await
}

/// Open bills of a year on which no money ever lay, beyond a key.
pub(super) async fn untouched(
    db: &impl Run,
    year: i64,
    beyond: &str,
    most: i64,
) -> Result<Vec<Bill>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_bill where year = ? and status = 'open' and id > ? \
         order by id limit ?"
    );
    db.fetch(&sql, args![year, beyond, most]).await
}

/// Freezes another standard on a bill, and its numbers with it, if nothing happened to it since it
/// was read.
pub(super) async fn recalculate(
    tx: &impl Run,
    bill: &Bill,
    to: &Amounts,
    (level, tier, standard): (&LevelId, &TierId, &StandardId),
) -> Result<bool, db::Error> {
    let sql = "update dues_bill set gross = ?, reduction = ?, due = ?, status = ?, level_id = ?, \
               tier_id = ?, standard_id = ? where id = ? and active_key is not null \
               and paid = 0 and refunded = 0 and gross = ? and reduction = ?";
    let mut values = args![to.gross, to.reduction, to.due, to.status(), level, tier, standard];
    values.extend(args![bill.id, bill.gross, bill.reduction]);
    tx.changed(sql, values).await
}

/// Puts the last day of a live bill off; `false` when it is another already.
pub(super) async fn put_off(tx: &impl Run, bill: &Bill, to: &str) -> Result<bool, db::Error> {
    let sql = "update dues_bill set due_on = ? where id = ? and active_key is not null \
               and status in ('open', 'part') and due_on = ?";
    tx.changed(sql, args![to, bill.id, bill.due_on]).await
}
