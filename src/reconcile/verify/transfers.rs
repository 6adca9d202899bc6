//! Transfers: a confirmed one is in the books in full, any other one is not.

use super::{BATCH, Finding, Progress, Report, entries::by_source, seen_again};
use crate::{
    kernel::Fen,
    ledger::{self, SourceSum},
    offline::{self, OfflineStatus, Transfer},
    refund,
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

async fn of_entries(app: &App, ids: &[String]) -> Result<Vec<Finding>, AppError> {
    let known = offline::transfers_of(&app.db, ids).await?;
    let lost = ids.iter().filter(|id| !known.iter().any(|one| one.id.as_str() == id.as_str()));
    let finding = |id: &String| {
        Finding::new(CHECK, &format!("{KIND} {id}"), "账簿中有分录，但没有这笔线下缴费")
    };
    Ok(lost.map(finding).collect())
}
