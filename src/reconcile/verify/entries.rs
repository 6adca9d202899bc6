//! The books against themselves and against the bills: every source sums to zero, and what it booked
//! as income is what it put on bills, neither without the other.

use std::collections::HashMap;

use super::{BATCH, Finding, Progress, Report, still_seen};
use crate::{
    dues,
    kernel::Fen,
    ledger::{self, SourceSum},
    web::{App, AppError},
};

const CHECK: &str = "entries";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    for kind in ledger::kinds(&app.db).await? {
        let look = |sums: Vec<SourceSum>| {
            let kind = kind.clone();
            async move { booked(app, &kind, sums).await }
        };
        by_batch(app, &kind, (progress, report), look).await?;
    }
    for kind in dues::allocation_kinds(&app.db).await? {
        let mut after = String::new();
        loop {
            let sums = dues::allocated_after(&app.db, &kind, &after, BATCH).await?;
            let Some(last) = sums.last() else { break };
            last.source_id.clone_into(&mut after);
            let ids: Vec<String> = sums.iter().map(|sum| sum.source_id.clone()).collect();
            let found = unbooked(app, &kind, sums).await?;
            let look = || async {
                unbooked(app, &kind, dues::allocated_of(&app.db, &kind, &ids).await?).await
            };
            report.add(still_seen(found, look).await?);
            progress.advance(ids.len()).await?;
        }
    }
    Ok(())
}

/// Sources with entries that do not agree.
async fn booked(app: &App, kind: &str, sums: Vec<SourceSum>) -> Result<Vec<Finding>, AppError> {
    let allocated = allocated(app, kind, &ids_of(&sums)).await?;
    let mut found = Vec::new();
    for sum in sums {
        let object = format!("{kind} {}", sum.source_id);
        if sum.total != Fen::ZERO {
            let problem = format!("借贷不平，差额 {} 元", sum.total.plain());
            found.push(Finding::new(CHECK, &object, &problem));
        }
        let on_bills = allocated.get(&sum.source_id).copied().unwrap_or(Fen::ZERO);
        if sum.income.negated() != on_bills {
            let problem = format!(
                "会费收入 {} 元，账单上的款项 {} 元，两者不等",
                sum.income.negated().plain(),
                on_bills.plain()
            );
            found.push(Finding::new(CHECK, &object, &problem));
        }
    }
    Ok(found)
}

/// Sources that put money on bills, but have no entries at all.
async fn unbooked(
    app: &App,
    kind: &str,
    allocated: Vec<dues::AllocatedSum>,
) -> Result<Vec<Finding>, AppError> {
    let ids: Vec<String> = allocated.iter().map(|one| one.source_id.clone()).collect();
    let sums = by_source(ledger::sums_of(&app.db, kind, &ids).await?);
    let lost = allocated.into_iter().filter(|one| !sums.contains_key(&one.source_id));
    let finding = |one: dues::AllocatedSum| {
        let problem = format!("账单上有 {} 元，账簿中没有分录", one.amount.plain());
        Finding::new(CHECK, &format!("{kind} {}", one.source_id), &problem)
    };
    Ok(lost.map(finding).collect())
}

/// The sources of some sums.
pub(super) fn ids_of(sums: &[SourceSum]) -> Vec<String> {
    sums.iter().map(|sum| sum.source_id.clone()).collect()
}

/// Goes through the sources of a kind that have entries, a batch at a time.
pub(super) async fn by_batch<F, Fut>(
    app: &App,
    kind: &str,
    (progress, report): (&mut Progress, &mut Report),
    look: F,
) -> Result<(), AppError>
where
    F: Fn(Vec<SourceSum>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<Finding>, AppError>> + Send,
{
    let mut after = String::new();
    loop {
        let sums = ledger::sums_after(&app.db, kind, &after, BATCH).await?;
        let Some(last) = sums.last() else { return Ok(()) };
        last.source_id.clone_into(&mut after);
        let ids = ids_of(&sums);
        let found = look(sums).await?;
        let again = || async { look(ledger::sums_of(&app.db, kind, &ids).await?).await };
        report.add(still_seen(found, again).await?);
        progress.advance(ids.len()).await?;
    }
}

async fn allocated(
    app: &App,
    kind: &str,
    ids: &[String],
) -> Result<HashMap<String, Fen>, AppError> {
    let own = dues::allocated_of(&app.db, kind, ids).await?;
    Ok(own.into_iter().map(|one| (one.source_id, one.amount)).collect())
}

/// Sums by their source.
pub(super) fn by_source(sums: Vec<SourceSum>) -> HashMap<String, SourceSum> {
    sums.into_iter().map(|sum| (sum.source_id.clone(), sum)).collect()
}
