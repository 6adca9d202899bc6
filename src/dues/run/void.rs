//! Taking the bills of a run back: only those to which nothing has happened. The others stay, and the
//! preview lists them with what is in the way. What happens between preview and execution protects
//! the bill as well.

use super::{
    Batch,
    model::{Line, Outcome},
};
use crate::{
    db::{self, Tx},
    dues::{
        model::{Bill, BillStatus},
        plan::Why,
        store,
    },
    kernel::{Fen, ids::BillId},
    staff::audit::{self, Actor, Entry},
    web::AppError,
};

/// The next bills of the run that is taken back, each with what would become of it.
pub(super) async fn lines(
    tx: &Tx,
    batch: &Batch,
    most: i64,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let Batch { app, run, .. } = batch;
    let Some(of) = &run.of_run_id else {
        return Err(AppError::Fault(format!("bill run {} takes nothing back", run.no)));
    };
    let made = store::run::lines(tx, (of, Outcome::Done), &run.scanned, most).await?;
    let last = made.last().map(|line| line.id.clone());
    let ids: Vec<BillId> = made.iter().filter_map(|line| line.bill_id.clone()).collect();
    let bills = store::bills(tx, &ids).await?;
    let waived = store::waiver::waived_among(tx, &ids).await?;
    let line = |bill: &Bill| {
        let why = judge(bill, waived.contains(&bill.id));
        Line {
            id: app.ids.next(app.clock.now()),
            run_id: run.id.clone(),
            member_id: bill.member_id.clone(),
            bill_id: Some(bill.id.clone()),
            level_id: bill.level_id.clone(),
            tier_id: None,
            standard_id: Some(bill.standard_id.clone()),
            why,
            outcome: if why == Why::Untouched { Outcome::Planned } else { Outcome::Excluded },
            gross: bill.gross,
            amount: Fen::ZERO,
            before_amount: Some(bill.due),
            also_covers: bill.also_covers,
        }
    };
    Ok((bills.iter().map(line).collect(), last))
}

fn judge(bill: &Bill, is_waived: bool) -> Why {
    if bill.status == BillStatus::Void {
        Why::IsVoid
    } else if bill.paid != Fen::ZERO || bill.refunded != Fen::ZERO {
        Why::HasMoney
    } else if is_waived || bill.reduction != Fen::ZERO || bill.status != BillStatus::Open {
        Why::HasWaiver
    } else {
        Why::Untouched
    }
}

/// Voids one bill, if it is as it was shown.
pub(super) async fn line(tx: &Tx, batch: &Batch, line: &Line) -> Result<Option<BillId>, db::Error> {
    let Some(id) = &line.bill_id else { return Ok(None) };
    let Some(bill) = store::bill(tx, id).await? else { return Ok(None) };
    let waived = store::waiver::waived_among(tx, std::slice::from_ref(id)).await?;
    let is_as_shown = Some(bill.due) == line.before_amount;
    if judge(&bill, !waived.is_empty()) != Why::Untouched || !is_as_shown {
        return Ok(None);
    }
    if !store::void(tx, id).await? {
        return Ok(None);
    }
    let Batch { app, run, .. } = batch;
    let entry = Entry {
        actor: Actor::System,
        action: "dues.void",
        object_kind: "dues-bill",
        object_id: id.to_string(),
        reason: run.reason.clone(),
        detail: serde_json::json!({
            "no": bill.no, "year": bill.year, "before": bill.status, "due": bill.due.get(),
            "run": run.no, "approved_by": run.decided_by,
        }),
        ip: String::new(),
    };
    audit::record(tx, &app.ids, app.clock.now(), &entry).await?;
    Ok(Some(id.clone()))
}
