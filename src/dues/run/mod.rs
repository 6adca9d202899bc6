//! 账单批次: the bills of a year for everybody, in steps: previewed, approved, carried out; and the
//! same for taking the bills of a run back.
//!
//! The preview is stored line by line with the standard of that moment, so that what was approved
//! is what is issued, whatever changes meanwhile. The job works in batches, each one transaction
//! that also notes how far it came: after a restart it goes on there. One worker at a time holds a
//! run, and if two did, the second one's batch would not be kept.

mod carry_out;
mod decide;
pub mod model;
mod prepare;
mod start;
mod void;

use std::time::Duration;

pub use decide::{DecideError, approve, cancel};
pub use model::{Kind, Line, Outcome, Run, RunStatus};
pub use start::{StartError, start, start_void};

use super::store;
use crate::{
    db,
    web::{App, AppError},
};

/// A worker that is silent for so long has died; another one goes on.
const LEASE: Duration = Duration::from_mins(2);

/// One batch of work on a run.
struct Batch {
    app: App,
    run: Run,
    worker: String,
}

/// Works on all runs until nothing is left to do or another worker has them; returns how many
/// batches that took.
pub async fn work(app: &App) -> Result<usize, AppError> {
    let worker = app.ids.token();
    let mut batches = 0;
    while work_once(app, &worker).await? {
        batches += 1;
    }
    Ok(batches)
}

/// One batch as this worker; `false` when there is nothing to do for it.
pub async fn work_once(app: &App, worker: &str) -> Result<bool, AppError> {
    for run in store::run::with_work(&app.db).await? {
        let now = app.clock.now();
        let span = (now, now + LEASE);
        if !store::run::claim(&app.db, &run.id, worker, span).await? {
            continue;
        }
        let status = run.status;
        let batch = Batch { app: app.clone(), run, worker: worker.to_owned() };
        let kept: bool = if status == RunStatus::Preparing {
            db::transaction(&app.db, batch, |tx, batch| Box::pin(prepare::batch(tx, batch))).await?
        } else {
            db::transaction(&app.db, batch, |tx, batch| Box::pin(carry_out::batch(tx, batch)))
                .await?
        };
        if kept {
            return Ok(true);
        }
    }
    Ok(false)
}
