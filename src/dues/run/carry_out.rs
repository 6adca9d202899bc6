//! Carrying out what was approved: bills are issued, recalculated or voided line by line.

use super::{
    Batch,
    model::{Kind, Line, Outcome, RunStatus},
    void,
};
use crate::{
    db::{self, Tx},
    dues::{
        issue::{self, NewBill},
        model::{Amounts, Bill, ITEM_DUES, title},
        store,
    },
    kernel::ids::{BillId, MemberId},
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::AppError,
};

/// The next planned lines of a run. `false` when another worker has it.
pub(super) async fn batch(tx: &Tx, batch: &Batch) -> Result<bool, AppError> {
    let Batch { app, run, worker } = batch;
    let most = i64::from(app.settings.dues.run_batch);
    let lines = store::run::lines(tx, (&run.id, Outcome::Planned), "", most).await?;
    let ids: Vec<MemberId> = lines.iter().map(|line| line.member_id.clone()).collect();
    let covering = match run.kind {
        Kind::Issue => store::covering(tx, &ids, run.year).await?,
        Kind::Recalculate | Kind::Void => Vec::new(),
    };
    let mut after = run.clone();
    for line in &lines {
        let bill = match run.kind {
            Kind::Issue if covering.iter().any(|bill| bill.member_id == line.member_id) => None,
            Kind::Issue => issue_line(tx, batch, line).await?,
            Kind::Recalculate => recalculate_line(tx, line).await?,
            Kind::Void => void::line(tx, batch, line).await?,
        };
        let outcome = if bill.is_some() { Outcome::Done } else { Outcome::Passed };
        let shown = bill.as_ref().or(line.bill_id.as_ref());
        if !store::run::finish_line(tx, &line.id, outcome, shown).await? {
            return Err(taken(&run.no));
        }
        if let Some(bill) = bill {
            after.done += 1;
            tell(tx, batch, line, &bill).await?;
        } else {
            after.passed += 1;
        }
    }
    if lines.is_empty() {
        (after.status, after.ended_ms) = (RunStatus::Done, Some(app.clock.now()));
        record_end(tx, batch).await?;
    }
    if store::run::advance(tx, (run, worker), &after).await? {
        return Ok(true);
    }
    Err(taken(&run.no))
}

/// Another worker has the run: the batch is not kept, and the next turn looks again.
fn taken(no: &str) -> AppError {
    AppError::Unavailable(format!("bill run {no} is worked on by somebody else"))
}

async fn issue_line(tx: &Tx, batch: &Batch, line: &Line) -> Result<Option<BillId>, db::Error> {
    let Batch { app, run, .. } = batch;
    let (Some(tier), Some(standard)) = (&line.tier_id, &line.standard_id) else { return Ok(None) };
    let new = NewBill {
        member: line.member_id.clone(),
        year: run.year,
        item: ITEM_DUES.to_owned(),
        also_covers: line.also_covers,
        level: line.level_id.clone(),
        tier: tier.clone(),
        standard: standard.clone(),
        gross: line.gross,
    };
    let bill = issue::insert(tx, app, app.clock.now(), &new).await?;
    Ok(bill.map(|bill| bill.id))
}

/// A bill on which money came to lie meanwhile, or that was changed otherwise, is left alone.
async fn recalculate_line(tx: &Tx, line: &Line) -> Result<Option<BillId>, db::Error> {
    let (Some(id), Some(tier), Some(standard)) = (&line.bill_id, &line.tier_id, &line.standard_id)
    else {
        return Ok(None);
    };
    let Some(bill) = store::bill(tx, id).await? else { return Ok(None) };
    let Some(to) = recalculated(&bill, line) else { return Ok(None) };
    let frozen = (&line.level_id, tier, standard);
    Ok(store::recalculate(tx, &bill, &to, frozen).await?.then(|| id.clone()))
}

fn recalculated(bill: &Bill, line: &Line) -> Option<Amounts> {
    let is_as_previewed = bill.status.is_live() && Some(bill.due) == line.before_amount;
    let amounts = bill.amounts().recalculate(line.gross)?;
    (is_as_previewed && amounts.due == line.amount).then_some(amounts)
}

async fn tell(tx: &Tx, batch: &Batch, line: &Line, bill: &BillId) -> Result<(), db::Error> {
    let Batch { app, run, .. } = batch;
    let topic = match run.kind {
        Kind::Issue => Topic::DuesIssued,
        Kind::Recalculate | Kind::Void => Topic::DuesChanged,
    };
    let what = title(run.year, ITEM_DUES);
    let facts = serde_json::json!({ "what": what, "fen": line.amount.get() });
    let object = format!("{bill}.{}", run.no);
    let notice = Notice { topic, member: Some(&line.member_id), object: &object, facts };
    notice::queue(tx, &app.ids, app.clock.now(), notice).await
}

async fn record_end(tx: &Tx, batch: &Batch) -> Result<(), db::Error> {
    let Batch { app, run, .. } = batch;
    let entry = Entry {
        actor: Actor::System,
        action: "dues.run-done",
        object_kind: "bill-run",
        object_id: run.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "no": run.no, "done": run.done, "passed": run.passed }),
        ip: String::new(),
    };
    audit::record(tx, &app.ids, app.clock.now(), &entry).await
}
