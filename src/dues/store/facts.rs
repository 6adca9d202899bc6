//! SQL of what other rooms want to know about bills and allocations, all in key order.

use serde::Deserialize;

use super::COLUMNS;
use crate::{
    db::{self, Run, args, bind, marks},
    dues::model::{Amounts, Bill, BillStatus},
    kernel::{Fen, Timestamp, ids::BillId},
};

/// The bills with these numbers, in no particular order.
pub async fn bills_by_no(db: &impl Run, numbers: &[&str]) -> Result<Vec<Bill>, db::Error> {
    let sql = format!("select {COLUMNS} from dues_bill where no in ({})", marks(numbers.len()));
    db.fetch(&sql, numbers.iter().map(bind).collect()).await
}

/// A bill beside the sum that must agree with it.
#[derive(Clone, Debug, Deserialize)]
pub struct BillFacts {
    /// Row id.
    pub id: BillId,
    /// 账单号.
    pub no: String,
    /// 标准, fen.
    pub gross: Fen,
    /// 减免, fen.
    pub reduction: Fen,
    /// 应缴, fen.
    pub due: Fen,
    /// 已缴, fen.
    pub paid: Fen,
    /// 已退款, fen.
    pub refunded: Fen,
    /// Where it stands.
    pub status: BillStatus,
    /// The sum of its allocations, those that took money back included, fen.
    pub allocated: Fen,
}

impl BillFacts {
    /// The numbers from which the state follows.
    pub const fn amounts(&self) -> Amounts {
        let Self { gross, reduction, due, paid, refunded, .. } = *self;
        Amounts { gross, reduction, due, paid, refunded }
    }
}

/// Bills in the order of their ids, for whoever reads them all.
pub async fn bill_facts_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<BillFacts>, db::Error> {
    let sql = "select b.id, b.no, b.gross, b.reduction, b.due, b.paid, b.refunded, b.status, \
        (select cast(coalesce(sum(a.amount), 0) as signed) from allocation a \
        where a.bill_id = b.id) as allocated \
        from dues_bill b where b.id > ? order by b.id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// What a source put on bills, less what it took from them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AllocatedSum {
    /// The source within its kind.
    pub source_id: String,
    /// Fen.
    pub amount: Fen,
}

/// The kinds of sources that put money on bills, found by leaps over the unique key.
pub async fn allocation_kinds(db: &impl Run) -> Result<Vec<String>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        kind: Option<String>,
    }
    let mut kinds: Vec<String> = Vec::new();
    loop {
        let last = kinds.last().cloned().unwrap_or_default();
        let sql = "select min(source_kind) as kind from allocation where source_kind > ?";
        let row: Option<Row> = db.fetch_one(sql, args![last]).await?;
        match row.and_then(|row| row.kind) {
            Some(kind) => kinds.push(kind),
            None => return Ok(kinds),
        }
    }
}

const SUMS: &str = "select source_id, cast(coalesce(sum(amount), 0) as signed) as amount \
                    from allocation where source_kind = ?";

/// Sources of a kind in the order of their ids, for whoever reads them all.
pub async fn allocated_after(
    db: &impl Run,
    kind: &str,
    after: &str,
    most: i64,
) -> Result<Vec<AllocatedSum>, db::Error> {
    let sql = format!("{SUMS} and source_id > ? group by source_id order by source_id limit ?");
    db.fetch(&sql, args![kind, after, most]).await
}

/// What these sources put on bills; those that put nothing there are left out.
pub async fn allocated_of(
    db: &impl Run,
    kind: &str,
    ids: &[String],
) -> Result<Vec<AllocatedSum>, db::Error> {
    let sql = format!("{SUMS} and source_id in ({}) group by source_id", marks(ids.len()));
    let mut values = args![kind];
    values.extend(ids.iter().map(bind));
    db.fetch(&sql, values).await
}

/// One allocation, with the number of its bill.
#[derive(Clone, Debug, Deserialize)]
pub struct AllocationRow {
    /// Row id.
    pub id: String,
    /// Where the money came from.
    pub source_kind: String,
    /// The source within its kind.
    pub source_id: String,
    /// 账单号.
    pub bill_no: String,
    /// 缴费年度.
    pub year: i64,
    /// Fen; negative where money was taken back.
    pub amount: Fen,
    /// Whose money was taken back.
    pub of_kind: Option<String>,
    /// The source within that kind.
    pub of_id: Option<String>,
    /// When.
    pub created_ms: Timestamp,
}

/// Allocations in the order of their ids, for whoever reads them all.
pub async fn allocations_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<AllocationRow>, db::Error> {
    let sql = "select a.id, a.source_kind, a.source_id, b.no as bill_no, b.year, a.amount, \
               a.of_kind, a.of_id, a.created_ms from allocation a \
               join dues_bill b on b.id = a.bill_id where a.id > ? order by a.id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// How many bills and allocations there are: for progress.
pub async fn counts(db: &impl Run) -> Result<(i64, i64), db::Error> {
    let bills: Option<i64> = db.fetch_one("select count(*) as n from dues_bill", args![]).await?;
    let sql = "select count(*) as n from allocation";
    let allocations: Option<i64> = db.fetch_one(sql, args![]).await?;
    Ok((bills.unwrap_or_default(), allocations.unwrap_or_default()))
}
