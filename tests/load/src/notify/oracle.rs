//! Whether the books are exact, read straight from the tables, so that the product cannot flatter
//! itself. A run in which they are not scores nothing.

use std::{collections::BTreeSet, time::Duration};

use huiyuan::db::{Db, Run as _};

use crate::Result;

/// Checks the books against the transactions that were acknowledged: with 204 by the product, or
/// committed by the limit. Nothing else was paid.
pub async fn check(db: &Db, acknowledged: &BTreeSet<String>) -> Result<()> {
    let db = &db.with_query_limit(Duration::from_mins(1))?;
    let sql = "select distinct source_id from ledger_entry where source_kind = 'payment'";
    let booked: Vec<String> = db.fetch(sql, Vec::new()).await?;
    let booked: BTreeSet<String> = booked.into_iter().collect();
    let lost = acknowledged.difference(&booked).count();
    let invented = booked.difference(acknowledged).count();
    let mut faults = Vec::new();
    if lost + invented > 0 {
        faults.push(format!("{lost} acknowledged payments are not booked, {invented} others are"));
    }
    let wanted = i64::try_from(acknowledged.len())?;
    for (what, sql, right) in sums(wanted) {
        let found: Option<i64> = db.fetch_one(&sql, Vec::new()).await?;
        if found != Some(right) {
            faults.push(format!("{what}: {found:?} instead of {right}"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ").into()) }
}

fn sums(paid: i64) -> Vec<(&'static str, String, i64)> {
    let sum = |column: &str, rest: &str| {
        format!("select cast(coalesce(sum({column}), 0) as signed) as n from {rest}")
    };
    let count = |rest: &str| format!("select count(*) as n from {rest}");
    let orders = "payment_order o join payment_order_bill b on b.order_id = o.id";
    vec![
        ("the ledger's sum", sum("amount", "ledger_entry"), 0),
        (
            "sources that do not balance",
            count(
                "(select source_id from ledger_entry group by source_kind, source_id \
                 having sum(amount) <> 0 or count(*) <> 2) odd",
            ),
            0,
        ),
        ("ledger entries", count("ledger_entry"), 2 * paid),
        ("paid orders", count("payment_order where status = 'paid'"), paid),
        ("paid bills", count("dues_bill where status = 'paid' and paid = due"), paid),
        ("bills that owe", count("dues_bill where item = 'dues' and paid < due and paid > 0"), 0),
        (
            "bills paid less orders paid",
            format!(
                "select cast((select coalesce(sum(paid), 0) from dues_bill) - (select \
                 coalesce(sum(b.amount), 0) from {orders} where o.status = 'paid') as signed) as n"
            ),
            0,
        ),
        (
            "allocations less bills paid",
            "select cast((select coalesce(sum(amount), 0) from allocation) - (select \
             coalesce(sum(paid), 0) from dues_bill) as signed) as n"
                .to_owned(),
            0,
        ),
        ("payments that wait for a person", count("unexplained_payment"), 0),
        ("notices kept", count("payment_notice where outcome = 'settled'"), paid),
    ]
}
