//! SQL of sums over all members.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::Fen,
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
               from dues_bill where year = ? and active_key is not null";
    Ok(db.fetch_one(sql, args![year]).await?.unwrap_or_default())
}
