//! Bills: what is paid is the sum of the allocations, and the state follows from the numbers.

use super::{BATCH, Finding, Progress, Report, still_seen};
use crate::{
    dues::{self, BillFacts, BillStatus},
    kernel::Fen,
    web::{App, AppError},
};

const CHECK: &str = "bills";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let bills = dues::bill_facts_after(&app.db, &after, BATCH).await?;
        let Some(last) = bills.last() else { return Ok(()) };
        let from = std::mem::replace(&mut after, last.id.to_string());
        let found = bills.iter().flat_map(judge).collect();
        report.add(still_seen(found, || of_bills(app, &from)).await?);
        progress.advance(bills.len()).await?;
    }
}

async fn of_bills(app: &App, after: &str) -> Result<Vec<Finding>, AppError> {
    let bills = dues::bill_facts_after(&app.db, after, BATCH).await?;
    Ok(bills.iter().flat_map(judge).collect())
}

fn judge(bill: &BillFacts) -> Vec<Finding> {
    let finding = |problem: String| Finding::new(CHECK, &format!("bill {}", bill.no), &problem);
    let mut found = Vec::new();
    if bill.paid != bill.allocated {
        let problem =
            format!("已缴 {} 元，款项合计 {} 元", bill.paid.plain(), bill.allocated.plain());
        found.push(finding(problem));
    }
    let settled = bill.paid.checked_add(bill.refunded);
    if bill.paid < Fen::ZERO || settled.is_none_or(|sum| sum > bill.due) {
        let problem = format!("应缴 {} 元，已缴 {} 元", bill.due.plain(), bill.paid.plain());
        found.push(finding(problem));
    }
    let follows = bill.amounts().status();
    if bill.status != BillStatus::Void && bill.status != follows {
        let problem = format!("状态为{}，按金额应为{}", bill.status.label(), follows.label());
        found.push(finding(problem));
    }
    found
}
