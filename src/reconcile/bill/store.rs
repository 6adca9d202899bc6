//! SQL of the comparison with WeChat's bills: which days are done, and with what result.

use serde::Deserialize;

use super::model::{Compared, Day, Difference, KeptDifference, Tally};
use crate::{
    db::{self, Run, Tx, args},
    kernel::{Date, Timestamp},
    web::App,
};

const COLUMNS: &str = "day, status, problem, sha1, payments, payments_fen, refunds, refunds_fen, \
    our_payments, our_payments_fen, our_refunds, our_refunds_fen, booked, waiting, differing, \
    compared_by, compared_ms";

const DIFFERENCE: &str = "id, day, kind, number, theirs, ours, object_kind, object_id, words";

/// The days from `first` on that agree, and need no other comparison.
pub(super) async fn done_since(run: &impl Run, first: Date) -> Result<Vec<Date>, db::Error> {
    let sql = "select day from wechat_bill where day >= ? and status = 'done' \
               and waiting = 0 and differing = 0";
    run.fetch(sql, args![first]).await
}

/// A day, if it was ever compared.
pub(in crate::reconcile) async fn day(run: &impl Run, day: Date) -> Result<Option<Day>, db::Error> {
    let sql = format!("select {COLUMNS} from wechat_bill where day = ?");
    run.fetch_one(&sql, args![day]).await
}

/// Days from one to another, newest first.
pub(in crate::reconcile) async fn days(
    run: &impl Run,
    (from, to): (Date, Date),
) -> Result<Vec<Day>, db::Error> {
    let sql =
        format!("select {COLUMNS} from wechat_bill where day >= ? and day <= ? order by day desc");
    run.fetch(&sql, args![from, to]).await
}

/// The first day that was ever compared.
pub(in crate::reconcile) async fn first_day(run: &impl Run) -> Result<Option<Date>, db::Error> {
    run.fetch_one("select day from wechat_bill order by day limit 1", args![]).await
}

/// What did not agree on a day, in the order of the bill.
pub(in crate::reconcile) async fn differences(
    run: &impl Run,
    day: Date,
    after: &str,
    most: i64,
) -> Result<Vec<KeptDifference>, db::Error> {
    let sql = format!(
        "select {DIFFERENCE} from wechat_bill_difference where day = ? and id > ? \
         order by id limit ?"
    );
    run.fetch(&sql, args![day, after, most]).await
}

/// How many of the days since `first` do not agree, or could not be compared, and since when.
pub async fn unsettled(run: &impl Run, first: Date) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(compared_ms) as oldest from wechat_bill \
               where day >= ? and (differing > 0 or status = 'failed')";
    let row: Option<Row> = run.fetch_one(sql, args![first]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// Keeps why a day was not compared. What an earlier comparison found stays.
pub(super) async fn note_failure(
    run: &impl Run,
    day: Date,
    (problem, by): (&str, &str),
    now: Timestamp,
) -> Result<(), db::Error> {
    let problem: String = problem.chars().take(500).collect();
    let sql = "update wechat_bill set status = 'failed', problem = ?, compared_by = ?, \
               compared_ms = ? where day = ?";
    if run.changed(sql, args![problem, by, now, day]).await? {
        return Ok(());
    }
    match insert(run, day, ("failed", &problem), &Compared::default(), (by, now)).await {
        Err(error) if !error.is_duplicate() => Err(error),
        _ => Ok(()),
    }
}

/// Keeps the result of a day in place of an earlier one.
pub(super) async fn keep(
    app: &App,
    day: Date,
    (tally, by): (Tally, String),
) -> Result<(), db::Error> {
    let input = (app.clone(), day, tally, by);
    db::transaction(&app.db, input, |tx, input| Box::pin(replace(tx, input))).await
}

async fn replace(
    tx: &Tx,
    (app, day, tally, by): &(App, Date, Tally, String),
) -> Result<(), db::Error> {
    let now = app.clock.now();
    tx.exec("delete from wechat_bill where day = ?", args![day]).await?;
    tx.exec("delete from wechat_bill_difference where day = ?", args![day]).await?;
    insert(tx, *day, ("done", ""), &tally.result, (by, now)).await?;
    // Ids of one moment have no order of their own.
    for (position, difference) in tally.differences.iter().enumerate() {
        let id = format!("{day}-{position:06}");
        insert_difference(tx, (&id, *day), difference).await?;
    }
    Ok(())
}

async fn insert(
    run: &impl Run,
    day: Date,
    (status, problem): (&str, &str),
    result: &Compared,
    (by, now): (&str, Timestamp),
) -> Result<(), db::Error> {
    let sql = format!("insert into wechat_bill ({COLUMNS}) values ({})", db::marks(17));
    let r = result;
    let mut values = args![day, status, problem, r.sha1, r.payments, r.payments_fen, r.refunds];
    values.extend(args![r.refunds_fen, r.our_payments, r.our_payments_fen, r.our_refunds]);
    values.extend(args![r.our_refunds_fen, r.booked, r.waiting, r.differing, by, now]);
    run.exec(&sql, values).await?;
    Ok(())
}

async fn insert_difference(
    tx: &Tx,
    (id, day): (&str, Date),
    difference: &Difference,
) -> Result<(), db::Error> {
    let sql =
        format!("insert into wechat_bill_difference ({DIFFERENCE}) values ({})", db::marks(9));
    let (object_kind, object_id) = difference.about.columns();
    let Difference { kind, number, theirs, ours, words, .. } = difference;
    let values = args![id, day, kind, number, theirs, ours, object_kind, object_id, words];
    tx.exec(&sql, values).await?;
    Ok(())
}
