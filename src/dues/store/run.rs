//! SQL of bill runs. Every step names the state that it starts from.

use crate::{
    db::{self, Run as Db, args},
    dues::run::model::{Line, Outcome, Run, RunStatus},
    kernel::{
        Timestamp,
        ids::{BillId, BillRunId},
    },
};

const COLUMNS: &str = "id, no, kind, year, of_run_id, status, scanned, planned, done, passed, excluded, \
    total, before_total, created_by, created_ms, decided_by, decided_ms, reason, ended_ms";

const LINE: &str = "id, run_id, member_id, bill_id, level_id, tier_id, standard_id, why, outcome, \
    gross, amount, before_amount, also_covers";

/// Stores a new run; a duplicate when the year has one that has not ended.
pub(in crate::dues) async fn insert(tx: &impl Db, run: &Run) -> Result<(), db::Error> {
    let sql = "insert into bill_run (id, no, kind, year, of_run_id, status, open_key, scanned, \
        planned, done, passed, excluded, total, before_total, created_by, created_ms, reason, \
        lease_by, lease_ms) \
        values (?, ?, ?, ?, ?, ?, '1', '', 0, 0, 0, 0, 0, 0, ?, ?, '', '', 0)";
    let Run { id, no, kind, year, of_run_id, status, created_by, created_ms, .. } = run;
    tx.exec(sql, args![id, no, kind, year, of_run_id, status, created_by, created_ms]).await?;
    Ok(())
}

pub(in crate::dues) async fn find(db: &impl Db, id: &BillRunId) -> Result<Option<Run>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from bill_run where id = ?"), args![id]).await
}

/// Runs, newest first, older than a key.
pub(in crate::dues) async fn page(
    db: &impl Db,
    before: &str,
    most: i64,
) -> Result<Vec<Run>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!("select {COLUMNS} from bill_run where id < ? order by id desc limit ?");
    db.fetch(&sql, args![before, most]).await
}

/// Runs for which the job has something to do, the oldest first.
pub(in crate::dues) async fn with_work(db: &impl Db) -> Result<Vec<Run>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from bill_run where status in ('preparing', 'running') \
         order by id limit 20"
    );
    db.fetch(&sql, args![]).await
}

/// Takes, or keeps, a run for one worker until a moment; `false` when another one has it.
pub(in crate::dues) async fn claim(
    db: &impl Db,
    id: &BillRunId,
    worker: &str,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, db::Error> {
    let sql = "update bill_run set lease_by = ?, lease_ms = ? \
               where id = ? and status in ('preparing', 'running') \
               and (lease_by = ? or lease_ms <= ?)";
    db.changed(sql, args![worker, until, id, worker, now]).await
}

/// Notes what one batch has added. `false` when the run is another worker's, or somewhere else by
/// now: then the batch must not be kept.
pub(in crate::dues) async fn advance(
    tx: &impl Db,
    (before, worker): (&Run, &str),
    after: &Run,
) -> Result<bool, db::Error> {
    let ended = after.ended_ms.is_some();
    let sql = "update bill_run set status = ?, scanned = ?, planned = ?, done = ?, passed = ?, \
               excluded = ?, total = ?, before_total = ?, ended_ms = ?, \
               open_key = case when ? = 1 then null else open_key end \
               where id = ? and status = ? and scanned = ? and done = ? and passed = ? \
               and lease_by = ?";
    let Run { status, scanned, planned, done, passed, excluded, .. } = after;
    let mut values = args![status, scanned, planned, done, passed, excluded];
    values.extend(args![after.total, after.before_total, after.ended_ms, ended]);
    values.extend(args![before.id, before.status, before.scanned, before.done, before.passed]);
    values.push(db::bind(worker));
    tx.changed(sql, values).await
}

/// Approves or cancels a run; `false` when somebody else did before.
pub(in crate::dues) async fn decide(
    tx: &impl Db,
    (id, from, to): (&BillRunId, RunStatus, RunStatus),
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let is_over = to == RunStatus::Cancelled;
    let sql = "update bill_run set status = ?, decided_by = ?, decided_ms = ?, reason = ?, \
               open_key = case when ? = 1 then null else open_key end, \
               lease_by = '', lease_ms = 0 where id = ? and status = ?";
    tx.changed(sql, args![to, by, now, reason, is_over, id, from]).await
}

pub(in crate::dues) async fn insert_lines(tx: &impl Db, lines: &[Line]) -> Result<(), db::Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; lines.len()].join(", ");
    let mut values = Vec::with_capacity(lines.len() * 13);
    for line in lines {
        let Line { id, run_id, member_id, bill_id, level_id, tier_id, standard_id, .. } = line;
        values.extend(args![id, run_id, member_id, bill_id, level_id, tier_id, standard_id]);
        let Line { why, outcome, gross, amount, before_amount, also_covers, .. } = line;
        values.extend(args![why, outcome, gross, amount, before_amount, also_covers]);
    }
    tx.exec(&format!("insert into bill_run_line ({LINE}) values {rows}"), values).await?;
    Ok(())
}

/// Lines of a run with that outcome, beyond a key.
pub(in crate::dues) async fn lines(
    db: &impl Db,
    (run, outcome): (&BillRunId, Outcome),
    beyond: &str,
    most: i64,
) -> Result<Vec<Line>, db::Error> {
    let sql = format!(
        "select {LINE} from bill_run_line where run_id = ? and outcome = ? and id > ? \
         order by id limit ?"
    );
    db.fetch(&sql, args![run, outcome, beyond, most]).await
}

/// Notes what became of a planned line; `false` when it was noted before.
pub(in crate::dues) async fn finish_line(
    tx: &impl Db,
    line: &str,
    outcome: Outcome,
    bill: Option<&BillId>,
) -> Result<bool, db::Error> {
    let sql = "update bill_run_line set outcome = ?, bill_id = ? \
               where id = ? and outcome = 'planned'";
    tx.changed(sql, args![outcome, bill, line]).await
}
