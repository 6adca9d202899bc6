//! Transfers: a confirmed one is in the books in full, any other one is not.

use super::{BATCH, Finding, Progress, Report, entries::by_source, seen_again};
use crate::{
    kernel::Fen,
    ledger::{self, SourceSum},
    offline::{self, OfflineStatus},
    web::{App, AppError},
};

const CHECK: &str = "transfers";
const KIND: &str = "offline";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let transfers = offline::transfers_after(&app.db, &after, BATCH).await?;
        let Some(last) = transfers.last() else { break };
        last.id.as_str().clone_into(&mut after);
        let ids: Vec<String> = transfers.iter().map(|one| one.id.to_string()).collect();
        report.add(seen_again(|| of_transfers(app, &ids)).await?);
        progress.advance(ids.len()).await?;
    }
    let mut after = String::new();
    loop {
        let sums = ledger::sums_after(&app.db, KIND, &after, BATCH).await?;
        let Some(last) = sums.last() else { break };
        last.source_id.clone_into(&mut after);
        let ids: Vec<String> = sums.into_iter().map(|sum| sum.source_id).collect();
        report.add(seen_again(|| of_entries(app, &ids)).await?);
    }
    Ok(())
}

async fn of_transfers(app: &App, ids: &[String]) -> Result<Vec<Finding>, AppError> {
    let transfers = offline::transfers_of(&app.db, ids).await?;
    let sums = by_source(ledger::sums_of(&app.db, KIND, ids).await?);
    let mut found = Vec::new();
    for one in transfers {
        let id = one.id.as_str();
        let sum = sums.get(id).cloned().unwrap_or_else(|| SourceSum::none(id));
        let came = match one.status {
            OfflineStatus::Confirmed => one.amount,
            _ => Fen::ZERO,
        };
        if sum.bank != came {
            let problem = format!(
                "线下缴费 {} 状态为{}，应入账 {} 元，账簿收款 {} 元",
                one.no,
                one.status.label(),
                came.plain(),
                sum.bank.plain()
            );
            found.push(Finding::new(CHECK, format!("{KIND} {id}"), problem));
        }
    }
    Ok(found)
}

async fn of_entries(app: &App, ids: &[String]) -> Result<Vec<Finding>, AppError> {
    let known = offline::transfers_of(&app.db, ids).await?;
    let lost = ids.iter().filter(|id| !known.iter().any(|one| one.id.as_str() == id.as_str()));
    let finding = |id: &String| {
        Finding::new(CHECK, format!("{KIND} {id}"), "账簿中有分录，但没有这笔线下缴费")
    };
    Ok(lost.map(finding).collect())
}
