//! SQL of the lists: filtered, paged by key.

use serde::Deserialize;

use super::{COLUMNS, opened};
use crate::{
    db::{self, Run, Value, args, bind, marks},
    kernel::{
        Fen, Timestamp, Vault,
        ids::{BillId, MemberId},
    },
    offline::model::{OfflinePayment, OfflineStatus},
    web::AppError,
};

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Needle {
    /// Everything.
    #[default]
    All,
    /// 缴费编号 or 流水号; whole.
    Number(String),
    /// 实缴金额.
    Amount(Fen),
    /// Reports on these bills (found by 附言码).
    Bills(Vec<BillId>),
    /// Reports of these members.
    Members(Vec<MemberId>),
}

/// What a confirmed report may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// A second person for a correction.
    Approval,
    /// Somebody who says what becomes of its surplus.
    Surplus,
}

/// Which reports a list shows; deleted ones never.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub status: Option<OfflineStatus>,
    /// Waiting for this.
    pub waits_for: Option<WaitsFor>,
    /// For this year.
    pub year: Option<i64>,
    /// What was typed.
    pub needle: Needle,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
    /// Only what comes after this row, in the order of the list.
    pub beyond: Option<String>,
}

impl Filter {
    fn conditions(&self) -> (String, Vec<Value>) {
        let mut sql = match self.status {
            Some(_) => "status = ?".to_owned(),
            None => "status <> 'deleted'".to_owned(),
        };
        let mut values: Vec<Value> = self.status.iter().map(|status| bind(status.code())).collect();
        if let Some(year) = self.year {
            sql.push_str(" and year = ?");
            values.push(bind(&year));
        }
        sql.push_str(match self.waits_for {
            None => "",
            Some(WaitsFor::Approval) => {
                " and id in (select offline_id from offline_correction where status = 'asked')"
            }
            Some(WaitsFor::Surplus) => {
                " and id in (select offline_id from offline_confirmation \
                 where surplus_state = 'open')"
            }
        });
        self.needle.narrow(&mut sql, &mut values);
        if let Some(beyond) = &self.beyond {
            sql.push_str(if self.oldest_first { " and id > ?" } else { " and id < ?" });
            values.push(bind(beyond));
        }
        (sql, values)
    }
}

impl Needle {
    fn narrow(&self, sql: &mut String, values: &mut Vec<Value>) {
        let mut among = |column: &str, ids: Vec<Value>| {
            for part in [" and ", column, " in (", &marks(ids.len()), ")"] {
                sql.push_str(part);
            }
            values.extend(ids);
        };
        match self {
            Self::All => {}
            Self::Bills(ids) => among("bill_id", ids.iter().map(db::bind).collect()),
            Self::Members(ids) => among("member_id", ids.iter().map(db::bind).collect()),
            Self::Amount(fen) => {
                sql.push_str(" and amount = ?");
                values.push(bind(fen));
            }
            Self::Number(text) => {
                // Two equalities on two indexes. A union straight under `in`, or an `or`, would be
                // asked once for every row.
                sql.push_str(
                    " and id in (select id from (select id from offline_payment where no = ? \
                     union all select id from offline_payment where bank_ref = ?) found)",
                );
                values.extend(args![text, text]);
            }
        }
    }
}

/// A page of reports.
pub async fn page(
    db: &impl Run,
    vault: &Vault,
    filter: &Filter,
    most: i64,
) -> Result<Vec<OfflinePayment>, AppError> {
    let (conditions, mut values) = filter.conditions();
    let order = if filter.oldest_first { "id" } else { "id desc" };
    values.push(bind(&most));
    let sql = format!(
        "select {COLUMNS} from offline_payment where {conditions} order by {order} limit ?"
    );
    opened(db.fetch(&sql, values).await?, vault)
}

#[derive(Deserialize)]
struct Count {
    count: i64,
    oldest: Option<Timestamp>,
}

/// How many reports wait for finance, and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    let sql = "select count(*) as count, min(submitted_ms) as oldest from offline_payment \
               where status = 'submitted'";
    let row: Option<Count> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// How many reports of a member wait, and how many were rejected and not amended.
pub async fn undecided_of(db: &impl Run, member: &MemberId) -> Result<(i64, i64), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        waiting: i64,
        rejected: i64,
    }
    let sql = "select cast(coalesce(sum(case when status = 'submitted' then 1 else 0 end), 0) \
               as signed) as waiting, \
               cast(coalesce(sum(case when status = 'rejected' then 1 else 0 end), 0) \
               as signed) as rejected from offline_payment where member_id = ?";
    let row: Option<Row> = db.fetch_one(sql, args![member]).await?;
    Ok(row.map_or((0, 0), |row| (row.waiting, row.rejected)))
}

/// How many corrections wait for a second person, and since when the oldest does.
pub async fn corrections_waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    let sql = "select count(*) as count, min(asked_ms) as oldest from offline_correction \
               where status = 'asked'";
    let row: Option<Count> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// How many surpluses wait in suspense, and since when the oldest does.
pub async fn surplus_waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    let sql = "select count(*) as count, min(confirmed_ms) as oldest from offline_confirmation \
               where surplus_state = 'open'";
    let row: Option<Count> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}
