//! One check of the books: begun by the clock, by staff or on the command line, never twice at once,
//! and its result kept. A server that dies leaves a check that nobody continues; the next one
//! takes its place.

use std::time::Duration;

use serde::Deserialize;

use super::{
    store,
    verify::{Finding, Progress, Report, Step, verify},
};
use crate::{
    db::{self, Json, Run},
    kernel::Timestamp,
    ledger,
    web::{App, AppError},
};

/// A check that has not shown a sign of life for so long is dead.
const DEAD_AFTER: Duration = Duration::from_mins(10);

/// Longer than any transaction, and than the clocks of several servers differ.
const STILL_OPEN: Duration = Duration::from_hours(1);

/// Adding up one account takes no longer.
const CLOSING_LIMIT: Duration = Duration::from_mins(1);

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// Under way.
    Running,
    /// The books are right.
    Passed,
    /// They are not.
    Failed,
    /// It ended before it knew.
    Stopped,
}

impl CheckStatus {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Running => "核对中",
            Self::Passed => "账簿正确",
            Self::Failed => "发现问题",
            Self::Stopped => "已中断",
        }
    }

    /// The kind of the state chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Running => "wait",
            Self::Passed => "ok",
            Self::Failed => "no",
            Self::Stopped => "off",
        }
    }
}

/// Who began a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause<'a> {
    /// The job.
    Clock,
    /// Staff, with their id.
    Staff(&'a str),
    /// The command line.
    Command,
}

impl Cause<'_> {
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Staff(_) => "staff",
            Self::Command => "command",
        }
    }
}

/// One check and its result.
#[derive(Clone, Debug, Deserialize)]
pub struct Check {
    /// Row id.
    pub id: String,
    /// `clock`, `staff` or `command`.
    pub cause: String,
    /// Who began it; empty unless it was staff.
    pub started_by: String,
    /// Where it stands.
    pub status: CheckStatus,
    /// The step that it is at.
    pub step: String,
    /// Objects compared.
    pub done: i64,
    /// Objects expected, roughly.
    pub total: i64,
    /// How much does not agree.
    pub found: i64,
    /// The first of it.
    pub findings: Json<Vec<Finding>>,
    /// When it began.
    pub started_ms: Timestamp,
    /// When it ended.
    pub ended_ms: Option<Timestamp>,
}

/// The last check that has come to an end, or is under way.
pub async fn latest(db: &impl Run) -> Result<Option<Check>, db::Error> {
    Ok(store::newest(db, "", 1).await?.into_iter().next())
}

/// The last verdict; nothing before the first check has ended.
pub async fn verdict(db: &impl Run) -> Result<Option<Check>, db::Error> {
    store::verdict(db).await
}

/// Begins a check; nothing while another one is under way.
pub async fn begin(app: &App, cause: Cause<'_>) -> Result<Option<String>, AppError> {
    let now = app.clock.now();
    let id = app.ids.next(now);
    if store::insert(&app.db, &id, cause, now).await? {
        return Ok(Some(id));
    }
    let dead = Timestamp::from_millis(
        now.millis() - i64::try_from(DEAD_AFTER.as_millis()).unwrap_or_default(),
    );
    store::stop_dead(&app.db, dead, now).await?;
    Ok(store::insert(&app.db, &id, cause, now).await?.then_some(id))
}

/// Does what was begun, and keeps the result.
pub async fn run(
    app: &App,
    id: &str,
    listener: impl Fn(&Step) + Send + Sync + 'static,
) -> Result<Report, AppError> {
    let mut progress = Progress::new(app, id).with_listener(listener);
    let verified = prove(app, &mut progress).await;
    let now = app.clock.now();
    match verified {
        Ok(report) => {
            let to = if report.is_sound() { "passed" } else { "failed" };
            store::end(&app.db, id, to, &report, now).await?;
            if !report.is_sound() {
                tracing::error!(ledger.found = report.found, "the books do not agree");
            }
            Ok(report)
        }
        Err(error) => {
            store::end(&app.db, id, "stopped", &Report::default(), now).await?;
            Err(error)
        }
    }
}

/// Compares everything, and closes the accounts: whoever reads everything anyway adds it up as well.
async fn prove(app: &App, progress: &mut Progress) -> Result<Report, AppError> {
    let report = verify(app, progress).await?;
    // Nobody waits on a page for it: the sums may take a while.
    let db = app.db.with_query_limit(CLOSING_LIMIT)?;
    ledger::close(&db, app.clock.now() - STILL_OPEN).await?;
    Ok(report)
}

/// The job: checks when the last check began longer ago than `age`.
pub async fn check_if_due(app: &App, age: Duration) -> Result<usize, AppError> {
    let last = latest(&app.db).await?;
    let now = app.clock.now();
    if last.is_some_and(|last| now < last.started_ms + age) {
        return Ok(0);
    }
    let Some(id) = begin(app, Cause::Clock).await? else { return Ok(0) };
    run(app, &id, |_| {}).await?;
    Ok(1)
}
