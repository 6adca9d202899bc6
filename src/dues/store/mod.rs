//! SQL of dues.

mod facts;
mod money;
mod totals;

use serde::Deserialize;

pub use facts::{
    AllocatedSum, AllocationRow, BillFacts, allocated_after, allocated_of, allocation_kinds,
    allocations_after, bill_facts_after, bills_by_no, counts,
};
pub use money::{Allocated, Contribution, allocations_of, contributions_of};
pub(super) use money::{
    add_paid, insert_allocation, insert_taken_back, note_taken_back, set_amounts, void,
};
pub use totals::{YearTotals, year_totals};

use super::model::{Bill, ITEM_DUES, Standard};
use crate::{
    db::{self, Run, args, marks},
    kernel::{
        Fen, Timestamp,
        ids::{BillId, MemberId, TierId},
    },
};

const COLUMNS: &str = "id, no, member_id, year, item, also_covers, standard_id, level_id, gross, \
                       reduction, due, paid, refunded, status, due_on, memo_code";

/// One bill.
pub async fn bill(db: &impl Run, id: &BillId) -> Result<Option<Bill>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from dues_bill where id = ?"), args![id]).await
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

/// The live bill of a member for a year.
pub(super) async fn live(
    db: &impl Run,
    member: &MemberId,
    year: i64,
) -> Result<Option<Bill>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_bill \
         where member_id = ? and year = ? and item = ? and active_key is not null"
    );
    db.fetch_one(&sql, args![member, year, ITEM_DUES]).await
}

pub(super) async fn insert(
    tx: &impl Run,
    bill: &Bill,
    tier: &TierId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into dues_bill (id, no, member_id, year, item, standard_id, tier_id, \
        level_id, gross, reduction, due, paid, status, due_on, memo_code, active_key, issued_ms) \
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '1', ?)";
    let values = args![
        bill.id,
        bill.no,
        bill.member_id,
        bill.year,
        ITEM_DUES,
        bill.standard_id,
        tier,
        bill.level_id,
        bill.gross,
        bill.reduction,
        bill.due,
        bill.paid,
        bill.status,
        bill.due_on,
        bill.memo_code,
        now
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// The standard of a tier that is valid in a year.
pub(super) async fn standard_for(
    db: &impl Run,
    tier: &TierId,
    year: i64,
) -> Result<Option<Standard>, db::Error> {
    let sql = "select id, tier_id, from_year, amount, resolution from dues_standard \
               where tier_id = ? and from_year <= ? order by from_year desc limit 1";
    db.fetch_one(sql, args![tier, year]).await
}

/// A standard with the names that people know.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub struct StandardLine {
    /// 档次.
    pub tier: String,
    /// First year.
    pub from_year: i64,
    /// Per year, fen.
    pub amount: Fen,
    /// The resolution.
    pub resolution: String,
    /// The tier's id.
    pub tier_id: TierId,
}

/// All standards, by tier and year.
pub(super) async fn standards(db: &impl Run) -> Result<Vec<StandardLine>, db::Error> {
    let sql = "select t.name as tier, s.from_year, s.amount, s.resolution, s.tier_id \
               from dues_standard s join dues_tier t on t.id = s.tier_id \
               order by t.position, t.id, s.from_year desc";
    db.fetch(sql, args![]).await
}

#[derive(Deserialize)]
struct Tier {
    id: TierId,
}

pub(super) async fn tier_by_name(db: &impl Run, name: &str) -> Result<Option<TierId>, db::Error> {
    let sql = "select id from dues_tier where name = ?";
    Ok(db.fetch_one::<Tier>(sql, args![name]).await?.map(|tier| tier.id))
}

/// The new tier comes last.
pub(super) async fn insert_tier(tx: &impl Run, id: &TierId, name: &str) -> Result<(), db::Error> {
    let sql = "insert into dues_tier (id, name, position) \
               select ?, ?, coalesce(max(position), 0) + 1 from dues_tier";
    tx.exec(sql, args![id, name]).await?;
    Ok(())
}

pub(super) async fn insert_standard(
    tx: &impl Run,
    standard: &Standard,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into dues_standard (id, tier_id, from_year, amount, resolution, created_ms) \
               values (?, ?, ?, ?, ?, ?)";
    let Standard { id, tier_id, from_year, amount, resolution } = standard;
    tx.exec(sql, args![id, tier_id, from_year, amount, resolution, now]).await?;
    Ok(())
}
