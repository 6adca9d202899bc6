//! Transfers: a confirmed one is in the books in full, any other one is not.

use std::collections::HashMap;

use super::{
    BATCH, Finding, Progress, Report,
    entries::{by_batch, by_source, ids_of},
    seen_again,
};
use crate::{
    kernel::Fen,
    ledger::{self, SourceSum},
    offline::{self, OfflineStatus, Transfer},
    refund,
    web::{App, AppError},
};

const CHECK: &str = "transfers";
const KIND: &str = "offline";
/// What a correction takes back is booked under the correction.
const TAKEN_BACK: &str = "correction";

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
    by_batch(app, KIND, (progress, report), |sums| of_entries(app, ids_of(&sums))).await?;
    by_batch(app, TAKEN_BACK, (progress, report), |sums| of_corrections(app, ids_of(&sums))).await
}

async fn of_transfers(app: &App, ids: &[String]) -> Result<Vec<Finding>, AppError> {
    let transfers = offline::transfers_of(&app.db, ids).await?;
    let sums = sums(app, ids).await?;
    let refunds = refund::done_of(&app.db, KIND, ids).await?;
    let mut found = Vec::new();
    for one in transfers {
        let id = one.id.as_str();
        let sum = sums.get(id).cloned().unwrap_or_else(|| SourceSum::none(id));
        let given = refunds.iter().find(|(of, _)| of == id).map_or(Fen::ZERO, |(_, sum)| *sum);
        let came = expected(&one, given);
        if sum.bank != came {
            let problem = format!(
                "线下缴费 {} 状态为{}，应入账 {} 元，账簿收款 {} 元",
                one.no,
                one.status.label(),
                came.plain(),
                sum.bank.plain()
            );
            found.push(Finding::new(CHECK, &format!("{KIND} {id}"), &problem));
        }
        let open = if one.surplus_state == "open" { one.surplus } else { Fen::ZERO };
        if sum.suspense.negated() != open {
            let problem = format!(
                "线下缴费 {} 多缴待处理 {} 元，账簿计入待处理款项 {} 元",
                one.no,
                open.plain(),
                sum.suspense.negated().plain()
            );
            found.push(Finding::new(CHECK, &format!("{KIND} {id}"), &problem));
        }
    }
    Ok(found)
}

/// What each transfer brought, less what its corrections took back.
async fn sums(app: &App, ids: &[String]) -> Result<HashMap<String, SourceSum>, AppError> {
    let mut sums = by_source(ledger::sums_of(&app.db, KIND, ids).await?);
    let corrections = offline::taken_back_of(&app.db, ids).await?;
    let those: Vec<String> = corrections.iter().map(|one| one.id.clone()).collect();
    let mut back = by_source(ledger::sums_of(&app.db, TAKEN_BACK, &those).await?);
    for one in corrections {
        let Some(back) = back.remove(&one.id) else { continue };
        let id = one.offline_id.to_string();
        let sum = sums.entry(id.clone()).or_insert_with(|| SourceSum::none(&id));
        sum.bank = sum.bank.checked_add(back.bank).unwrap_or_default();
        sum.suspense = sum.suspense.checked_add(back.suspense).unwrap_or_default();
    }
    Ok(sums)
}

/// What must be in the bank under this transfer. Of a reversed one nothing, except what had been
/// refunded before: that did come.
fn expected(one: &Transfer, refunded: Fen) -> Fen {
    let returned = if one.surplus_state == "returned" { one.surplus } else { Fen::ZERO };
    match one.status {
        OfflineStatus::Confirmed => one.amount.checked_sub(returned).unwrap_or_default(),
        OfflineStatus::Reversed => refunded,
        OfflineStatus::Submitted | OfflineStatus::Rejected | OfflineStatus::Deleted => Fen::ZERO,
    }
}

async fn of_entries(app: &App, ids: Vec<String>) -> Result<Vec<Finding>, AppError> {
    let known = offline::transfers_of(&app.db, &ids).await?;
    let lost = ids.iter().filter(|id| !known.iter().any(|one| one.id.as_str() == id.as_str()));
    let finding = |id: &String| {
        Finding::new(CHECK, &format!("{KIND} {id}"), "账簿中有分录，但没有这笔线下缴费")
    };
    Ok(lost.map(finding).collect())
}

async fn of_corrections(app: &App, ids: Vec<String>) -> Result<Vec<Finding>, AppError> {
    let known = offline::taken_back_by(&app.db, &ids).await?;
    let lost = ids.iter().filter(|id| !known.iter().any(|one| one.id == **id));
    let finding = |id: &String| {
        Finding::new(CHECK, &format!("{TAKEN_BACK} {id}"), "账簿中有分录，但没有这次冲正或退还")
    };
    Ok(lost.map(finding).collect())
}
