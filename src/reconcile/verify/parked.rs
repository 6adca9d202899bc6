//! Parked money: each item that was put on bills has its entries, no other one has; and the account
//! holds what is still parked.

use super::{BATCH, Finding, Progress, Report, entries::by_source, seen_again};
use crate::{
    kernel::Fen,
    ledger::{self, Account, SourceSum},
    offline,
    payment::{self, Parked, ParkedStatus},
    web::{App, AppError},
};

const CHECK: &str = "parked";
const KIND: &str = "parked";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let items = payment::parked_after(&app.db, &after, BATCH).await?;
        let Some(last) = items.last() else { break };
        let from = std::mem::replace(&mut after, last.id.to_string());
        report.add(seen_again(|| of_items(app, &from)).await?);
        progress.advance(items.len()).await?;
    }
    report.add(seen_again(|| of_account(app)).await?);
    Ok(())
}

async fn of_items(app: &App, after: &str) -> Result<Vec<Finding>, AppError> {
    let items = payment::parked_after(&app.db, after, BATCH).await?;
    let ids: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
    let sums = by_source(ledger::sums_of(&app.db, KIND, &ids).await?);
    let mut found = Vec::new();
    for item in items {
        let id = item.id.as_str();
        let sum = sums.get(id).cloned().unwrap_or_else(|| SourceSum::none(id));
        let assigned = if item.status == ParkedStatus::Assigned { item.amount } else { Fen::ZERO };
        if sum.suspense != assigned {
            found.push(Finding::new(CHECK, &format!("{KIND} {id}"), &differs(&item, &sum)));
        }
    }
    Ok(found)
}

fn differs(item: &Parked, sum: &SourceSum) -> String {
    format!(
        "款项 {} 元，状态为{}，账簿转出 {} 元",
        item.amount.plain(),
        item.status.label(),
        sum.suspense.plain()
    )
}

/// The account against everything that may stand in it.
async fn of_account(app: &App) -> Result<Vec<Finding>, AppError> {
    let balance = ledger::balance(&app.db, Account::Suspense).await?.negated();
    let online = payment::parked_total(&app.db).await?;
    let transfers = offline::surplus_open(&app.db).await?;
    let expected = online.checked_add(transfers).unwrap_or(online);
    if balance == expected {
        return Ok(Vec::new());
    }
    let problem = format!("待处理款项共 {} 元，科目余额 {} 元", expected.plain(), balance.plain());
    Ok(vec![Finding::new(CHECK, "account suspense", &problem)])
}
