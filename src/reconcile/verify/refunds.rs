//! Refunds: one that is done is in the books in full, any other one is not; what is set aside is what
//! the refunds hold, and never more than was paid.

use super::{
    BATCH, Finding, Progress, Report,
    entries::{by_batch, by_source, ids_of},
    seen_again,
};
use crate::{
    kernel::Fen,
    ledger::{self, SourceSum},
    refund::{self, RefundFact, RefundStatus},
    web::{App, AppError},
};

const CHECK: &str = "refunds";
const KIND: &str = "refund";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let refunds = refund::refunds_after(&app.db, &after, BATCH).await?;
        let Some(last) = refunds.last() else { break };
        let from = std::mem::replace(&mut after, last.id.to_string());
        report.add(seen_again(|| of_refunds(app, &from)).await?);
        progress.advance(refunds.len()).await?;
    }
    by_batch(app, KIND, (progress, report), |sums| of_entries(app, ids_of(&sums))).await?;
    for kind in ["offline", "payment"] {
        let mut after = String::new();
        loop {
            let limits = refund::limits_after(&app.db, kind, &after, BATCH).await?;
            let Some(last) = limits.last() else { break };
            let from = std::mem::replace(&mut after, last.of_id.clone());
            report.add(seen_again(|| of_limits(app, kind, &from)).await?);
            progress.advance(limits.len()).await?;
        }
    }
    Ok(())
}

async fn of_refunds(app: &App, after: &str) -> Result<Vec<Finding>, AppError> {
    let refunds = refund::refunds_after(&app.db, after, BATCH).await?;
    let ids: Vec<String> = refunds.iter().map(|one| one.id.to_string()).collect();
    let sums = by_source(ledger::sums_of(&app.db, KIND, &ids).await?);
    let mut found = Vec::new();
    for one in refunds {
        let id = one.id.as_str();
        let sum = sums.get(id).cloned().unwrap_or_else(|| SourceSum::none(id));
        found.extend(compare(&one, &sum));
    }
    Ok(found)
}

fn compare(refund: &RefundFact, sum: &SourceSum) -> Option<Finding> {
    let is_gone = matches!(refund.status, RefundStatus::Success | RefundStatus::Foreign);
    let gone = if is_gone { refund.amount } else { Fen::ZERO };
    let open = if refund.status == RefundStatus::Foreign { refund.amount } else { Fen::ZERO };
    let is_booked = refund.status == RefundStatus::Success;
    let from_bills = if is_booked && refund.origin != "parked" { refund.parts } else { Fen::ZERO };
    let from_suspense =
        if is_booked && refund.origin == "parked" { refund.amount } else { Fen::ZERO };
    let left = sum.clearing.checked_add(sum.bank).unwrap_or_default().negated();
    let agrees = left == gone
        && sum.payable == open
        && sum.income == from_bills
        && sum.suspense == from_suspense;
    let problem = || {
        format!(
            "退款 {} 金额 {} 元，状态为{}；账簿付出 {} 元，冲减会费收入 {} 元，冲减待处理款项 {} 元",
            refund.no,
            refund.amount.plain(),
            refund.status.label(),
            left.plain(),
            sum.income.plain(),
            sum.suspense.plain()
        )
    };
    (!agrees).then(|| Finding::new(CHECK, &format!("{KIND} {}", refund.id), &problem()))
}

async fn of_entries(app: &App, ids: Vec<String>) -> Result<Vec<Finding>, AppError> {
    let known = refund::known(&app.db, &ids).await?;
    let lost = ids.iter().filter(|id| !known.contains(*id));
    let finding =
        |id: &String| Finding::new(CHECK, &format!("{KIND} {id}"), "账簿中有分录，但没有这笔退款");
    Ok(lost.map(finding).collect())
}

async fn of_limits(app: &App, kind: &str, after: &str) -> Result<Vec<Finding>, AppError> {
    let limits = refund::limits_after(&app.db, kind, after, BATCH).await?;
    let mut found = Vec::new();
    for one in limits {
        let object = format!("{} {}", one.of_kind, one.of_id);
        if one.reserved != one.held {
            let problem = format!(
                "退款占用 {} 元，登记占用 {} 元，两者不等",
                one.held.plain(),
                one.reserved.plain()
            );
            found.push(Finding::new(CHECK, &object, &problem));
        }
        if one.held > one.total {
            let problem =
                format!("退款合计 {} 元，超过付款 {} 元", one.held.plain(), one.total.plain());
            found.push(Finding::new(CHECK, &object, &problem));
        }
    }
    Ok(found)
}
