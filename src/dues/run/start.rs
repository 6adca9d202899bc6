//! Starting a run: only the wish is stored, the job works out the preview.

use super::model::{Kind, Run, RunStatus};
use crate::{
    db::{self, Tx},
    dues::store,
    kernel::{Fen, ids::BillRunId},
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError},
};

/// Why no run was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The year has one that has not ended.
    #[error("该年度已有未结束的批次，请先完成或取消它")]
    Open,
    /// There is nothing that could be taken back.
    #[error("只有已完成的生成批次可以作废")]
    NotIssued,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for StartError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Starts a run for a year.
pub async fn start(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (kind, year): (Kind, i64),
) -> Result<BillRunId, StartError> {
    begin(app, staff, ip, (kind, year, None)).await
}

/// Starts taking the bills of a run back.
pub async fn start_void(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    of: &Run,
) -> Result<BillRunId, StartError> {
    if of.kind != Kind::Issue || of.status != RunStatus::Done {
        return Err(StartError::NotIssued);
    }
    begin(app, staff, ip, (Kind::Void, of.year, Some(of.id.clone()))).await
}

async fn begin(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    (kind, year, of_run_id): (Kind, i64, Option<BillRunId>),
) -> Result<BillRunId, StartError> {
    let now = app.clock.now();
    let run = Run {
        id: BillRunId::new(&app.ids, now),
        no: format!("P{year}{}", app.ids.digits(6)),
        kind,
        year,
        of_run_id,
        status: RunStatus::Preparing,
        scanned: String::new(),
        planned: 0,
        done: 0,
        passed: 0,
        excluded: 0,
        total: Fen::ZERO,
        before_total: Fen::ZERO,
        created_by: staff.0.id.to_string(),
        created_ms: now,
        decided_by: None,
        decided_ms: None,
        reason: String::new(),
        ended_ms: None,
    };
    let id = run.id.clone();
    let input = (app.clone(), run, staff.actor(), ip);
    let stored: Result<(), db::Error> =
        db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await;
    match stored {
        Ok(()) => Ok(id),
        Err(error) if error.is_duplicate_of("uk_bill_run_year_open_key") => Err(StartError::Open),
        Err(error) => Err(error.into()),
    }
}

async fn write(tx: &Tx, input: &(App, Run, Actor, String)) -> Result<(), db::Error> {
    let (app, run, actor, ip) = input;
    store::run::insert(tx, run).await?;
    let entry = Entry {
        actor: actor.clone(),
        action: "dues.run-start",
        object_kind: "bill-run",
        object_id: run.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "no": run.no, "kind": run.kind, "year": run.year, "of": run.of_run_id }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, run.created_ms, &entry).await
}
