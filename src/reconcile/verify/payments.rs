//! Online payments: what WeChat has paid is in the books in full, on bills or in suspense; and what
//! the books call a payment is one.

use std::collections::{HashMap, HashSet};

use super::{
    BATCH, Finding, Progress, Report,
    entries::{by_batch, by_source, ids_of},
    still_seen,
};
use crate::{
    kernel::Fen,
    ledger::{self, SourceSum},
    payment::{self, Parked, ParkedStatus, Received},
    web::{App, AppError},
};

const CHECK: &str = "payments";
const KIND: &str = "payment";

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    let mut after = String::new();
    loop {
        let paid = payment::received_after(&app.db, &after, BATCH).await?;
        let Some(last) = paid.last() else { break };
        last.transaction_id.clone_into(&mut after);
        let ids: Vec<String> = paid.iter().map(|one| one.transaction_id.clone()).collect();
        let found = of_payments(app, paid).await?;
        let look = || async { of_payments(app, payment::received_of(&app.db, &ids).await?).await };
        report.add(still_seen(found, look).await?);
        progress.advance(ids.len()).await?;
    }
    by_batch(app, KIND, (progress, report), |sums| of_entries(app, sums)).await
}

/// What is parked of these transactions. An item that explained itself counts no more.
async fn parked(app: &App, ids: &[String]) -> Result<HashMap<String, Parked>, AppError> {
    let found = payment::parked_among(&app.db, ids).await?;
    let counts = |item: &Parked| item.booked.0 && item.status != ParkedStatus::Explained;
    let items = found.into_iter().filter(counts);
    Ok(items.map(|item| (item.transaction_id.clone(), item)).collect())
}

async fn of_payments(app: &App, paid: Vec<Received>) -> Result<Vec<Finding>, AppError> {
    let ids: Vec<String> = paid.iter().map(|one| one.transaction_id.clone()).collect();
    let sums = by_source(ledger::sums_of(&app.db, KIND, &ids).await?);
    let parked = parked(app, &ids).await?;
    let mut found = Vec::new();
    for one in paid {
        let id = &one.transaction_id;
        let sum = sums.get(id).cloned().unwrap_or_else(|| SourceSum::none(id));
        let in_suspense = parked.get(id).map_or(Fen::ZERO, |item| item.amount);
        found.extend(compare(id, (one.amount, in_suspense), &sum));
        if one.refunded > one.amount {
            let problem = format!("已退款 {} 元，超过付款金额", one.refunded.plain());
            found.push(Finding::new(CHECK, &format!("{KIND} {id}"), &problem));
        }
    }
    Ok(found)
}

/// What came, and what of it was parked, against the entries.
fn compare(id: &str, (came, parked): (Fen, Fen), sum: &SourceSum) -> Vec<Finding> {
    let object = format!("{KIND} {id}");
    let mut found = Vec::new();
    if sum.clearing != came {
        let problem = format!("付款 {} 元，账簿收款 {} 元", came.plain(), sum.clearing.plain());
        found.push(Finding::new(CHECK, &object, &problem));
    }
    if sum.suspense.negated() != parked {
        let problem = format!(
            "待处理款项登记 {} 元，账簿计入 {} 元",
            parked.plain(),
            sum.suspense.negated().plain()
        );
        found.push(Finding::new(CHECK, &object, &problem));
    }
    found
}

/// Entries of payments without an attempt of ours: such money can only be parked.
async fn of_entries(app: &App, sums: Vec<SourceSum>) -> Result<Vec<Finding>, AppError> {
    let ids = ids_of(&sums);
    let ours = payment::received_of(&app.db, &ids).await?;
    let ours: HashSet<String> = ours.into_iter().map(|one| one.transaction_id).collect();
    let parked = parked(app, &ids).await?;
    let mut found = Vec::new();
    for sum in sums {
        if ours.contains(&sum.source_id) {
            continue;
        }
        if let Some(item) = parked.get(&sum.source_id) {
            found.extend(compare(&sum.source_id, (item.amount, item.amount), &sum));
        } else {
            let object = format!("{KIND} {}", sum.source_id);
            found.push(Finding::new(CHECK, &object, "账簿中有分录，但没有这笔付款"));
        }
    }
    Ok(found)
}
