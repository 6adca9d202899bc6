//! SQL of the comparison with WeChat's bills: which days are done, and with what result.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{Date, Timestamp},
};

/// What the comparison of a day found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Compared {
    /// SHA-1 of the bill; empty when WeChat had none.
    pub sha1: String,
    /// Payments on the bill.
    pub payments: i64,
    /// Of them, those that the books lacked and that are on their bills now.
    pub booked: i64,
    /// Items for finance, on either side.
    pub differing: i64,
}

/// The days from `first` on that are done.
pub(super) async fn done_since(run: &impl Run, first: Date) -> Result<Vec<Date>, db::Error> {
    run.fetch("select day from wechat_bill where day >= ?", args![first]).await
}

/// The result of a day, if it is done.
pub(super) async fn compared(run: &impl Run, day: Date) -> Result<Option<Compared>, db::Error> {
    let sql = "select sha1, payments, booked, differing from wechat_bill where day = ?";
    run.fetch_one(sql, args![day]).await
}

/// Keeps the result of a day; the first one stays.
pub(super) async fn insert(
    run: &impl Run,
    day: Date,
    result: &Compared,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into wechat_bill (day, sha1, payments, booked, differing, compared_ms) \
               values (?, ?, ?, ?, ?, ?)";
    let Compared { sha1, payments, booked, differing } = result;
    match run.exec(sql, args![day, sha1, payments, booked, differing, now]).await {
        Err(error) if !error.is_duplicate() => Err(error),
        _ => Ok(()),
    }
}
