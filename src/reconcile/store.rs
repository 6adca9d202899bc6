//! SQL of checks.

use super::{
    check::{Cause, Check},
    verify::{Report, Step},
};
use crate::{
    db::{self, Json, Run, args, bind},
    kernel::Timestamp,
};

const COLUMNS: &str = "id, cause, started_by, status, step, done, total, found, findings, \
                       started_ms, ended_ms";

/// Begins a check; `false` while another one is under way.
pub(super) async fn insert(
    db: &impl Run,
    id: &str,
    cause: Cause<'_>,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "insert into ledger_check (id, cause, started_by, status, step, done, total, found, \
               findings, started_ms, seen_ms, ended_ms, live_key) \
               values (?, ?, ?, 'running', '', 0, 0, 0, ?, ?, ?, null, '1')";
    let by = if let Cause::Staff(id) = cause { id } else { "" };
    let none: Vec<i64> = Vec::new();
    match db.exec(sql, args![id, cause.code(), by, Json(none), now, now]).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_duplicate_of("uk_ledger_check_live_key") => Ok(false),
        Err(error) => Err(error),
    }
}

/// Ends checks of servers that died.
pub(super) async fn stop_dead(
    db: &impl Run,
    unseen_since: Timestamp,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "update ledger_check set status = 'stopped', ended_ms = ?, live_key = null \
               where live_key = '1' and seen_ms < ?";
    db.exec(sql, args![now, unseen_since]).await?;
    Ok(())
}

pub(super) async fn note_progress(
    db: &impl Run,
    id: &str,
    step: &Step,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "update ledger_check set step = ?, done = ?, total = ?, seen_ms = ? \
               where id = ? and status = 'running'";
    db.exec(sql, args![step.name, step.done, step.total, now, id]).await?;
    Ok(())
}

pub(super) async fn end(
    db: &impl Run,
    id: &str,
    to: &str,
    report: &Report,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "update ledger_check set status = ?, done = ?, found = ?, findings = ?, \
               ended_ms = ?, live_key = null where id = ? and status = 'running'";
    let values = args![to, report.checked, report.found, Json(&report.findings), now, id];
    db.exec(sql, values).await?;
    Ok(())
}

/// Checks, newest first.
pub(super) async fn newest(
    db: &impl Run,
    before: &str,
    most: i64,
) -> Result<Vec<Check>, db::Error> {
    let mut values = Vec::new();
    let mut sql = format!("select {COLUMNS} from ledger_check where 1 = 1");
    if !before.is_empty() {
        sql.push_str(" and id < ?");
        values.push(bind(before));
    }
    sql.push_str(" order by id desc limit ?");
    values.push(bind(&most));
    db.fetch(&sql, values).await
}

/// The last check that came to a verdict.
pub(super) async fn verdict(db: &impl Run) -> Result<Option<Check>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from ledger_check where status in ('passed', 'failed') \
         order by id desc limit 1"
    );
    db.fetch_one(&sql, args![]).await
}
