//! SQL of sums and lists over all members. The sums are read from `ix_dues_bill_level` alone.

use serde::Deserialize;

use super::COLUMNS;
use crate::{
    db::{self, Run, args},
    dues::model::{Bill, BillStatus},
    kernel::{Fen, ids::LevelId},
};

/// Dues of one year over all members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct YearTotals {
    /// Live bills.
    pub bills: i64,
    /// Of them, settled ones.
    pub settled: i64,
    /// 应缴, fen.
    pub due: Fen,
    /// 已缴, fen.
    pub paid: Fen,
}

/// What is due and what was received for a year; voided bills are left out.
pub async fn year_totals(db: &impl Run, year: i64) -> Result<YearTotals, db::Error> {
    let sql = "select count(*) as bills, \
               cast(coalesce(sum(case when status in ('paid', 'waived') then 1 else 0 end), 0) \
               as signed) as settled, cast(coalesce(sum(due), 0) as signed) as due, \
               cast(coalesce(sum(paid), 0) as signed) as paid \
               from dues_bill where year = ? and status <> 'void'";
    Ok(db.fetch_one(sql, args![year]).await?.unwrap_or_default())
}

/// What the members of a level owe for a year.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LevelArrears {
    /// The level on the bills.
    pub level_id: LevelId,
    /// How many bills.
    pub bills: i64,
    /// How much is missing, fen.
    pub owed: Fen,
}

/// What is owed for a year, by level.
pub async fn arrears_by_level(db: &impl Run, year: i64) -> Result<Vec<LevelArrears>, db::Error> {
    let sql = "select level_id, count(*) as bills, \
               cast(coalesce(sum(due - paid - refunded), 0) as signed) as owed \
               from dues_bill where year = ? and status in ('open', 'part') \
               group by level_id order by level_id";
    db.fetch(sql, args![year]).await
}

/// Bills on which money is owed for a year, the newest first, older than a key; of one level or of
/// all.
pub(in crate::dues) async fn arrears(
    db: &impl Run,
    (year, level): (i64, Option<&LevelId>),
    before: &str,
    most: usize,
) -> Result<Vec<Bill>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let narrow = if level.is_some() { "and level_id = ?" } else { "" };
    let sql = format!(
        "select {COLUMNS} from dues_bill where year = ? {narrow} and status = ? and id < ? \
         order by id desc limit ?"
    );
    // Each state is a range of its own in the index, already in order.
    let mut bills: Vec<Bill> = Vec::new();
    for status in [BillStatus::Open, BillStatus::Part] {
        let mut values = args![year];
        values.extend(level.map(db::bind));
        values.extend(args![status, before, limit]);
        bills.extend(db.fetch::<Bill>(&sql, values).await?);
    }
    bills.sort_by(|a, b| b.id.cmp(&a.id));
    bills.truncate(most);
    Ok(bills)
}
