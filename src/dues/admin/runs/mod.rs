//! 账单批次: the list with the form that starts one, and one run with its preview and progress.

mod decide;
mod list;
mod progress;
mod show;

pub use decide::{approve, cancel, void};
pub use list::{RunsPage, all, begin};
pub use progress::{Progress, watch};
pub use show::{RunPage, one};

use salvo::Request;

use crate::{
    dues::{
        run::{Kind, Run, RunStatus},
        store,
    },
    kernel::{Fen, Timestamp},
    web::{App, AppError},
};

/// The run that the path names.
async fn find(app: &App, req: &Request) -> Result<Run, AppError> {
    let id = req.param::<String>("run").and_then(|id| id.parse().ok());
    store::run::find(&app.db, &id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}

/// Runs in every state.
fn samples() -> Vec<Run> {
    let states = [
        RunStatus::Preparing,
        RunStatus::Prepared,
        RunStatus::Running,
        RunStatus::Done,
        RunStatus::Cancelled,
    ];
    let at = Timestamp::from_millis(1_764_100_000_000);
    let sample = |(kind, status): (Kind, RunStatus)| {
        Some(Run {
            id: "sample".parse().ok()?,
            no: "P2027000001".into(),
            kind,
            year: 2027,
            of_run_id: if kind == Kind::Void { "sample".parse().ok() } else { None },
            status,
            scanned: String::new(),
            planned: 1200,
            done: if status == RunStatus::Done { 1198 } else { 400 },
            passed: 2,
            excluded: 35,
            total: Fen::yuan(3_000_000),
            before_total: Fen::yuan(2_800_000),
            created_by: "a".into(),
            created_ms: at,
            decided_by: Some("b".into()),
            decided_ms: Some(at),
            reason: "按会员代表大会决议执行".into(),
            ended_ms: Some(at),
        })
    };
    let kinds = [Kind::Issue, Kind::Recalculate, Kind::Void];
    let every = kinds.into_iter().flat_map(|kind| states.map(|status| (kind, status)));
    every.filter_map(sample).collect()
}
