//! The preview: who owes how much and why, written line by line.

use std::collections::HashMap;

use super::{
    Batch,
    model::{Kind, Line, Outcome, Run, RunStatus},
};
use crate::{
    db::{self, Tx},
    dues::{
        model::{Bill, Standard},
        plan::{Why, plan},
        store,
    },
    kernel::{
        Date, Fen,
        ids::{LevelId, MemberId, TierId},
    },
    member::{self, Billable, Level, level},
    web::AppError,
};

/// What a batch of members is judged by, read once.
struct Facts {
    levels: Vec<Level>,
    level_of: HashMap<MemberId, LevelId>,
    standards: HashMap<TierId, Standard>,
}

/// The next members, or the next bills, of a run. `false` when another worker has it.
pub(super) async fn batch(tx: &Tx, batch: &Batch) -> Result<bool, AppError> {
    let Batch { app, run, worker } = batch;
    let most = i64::from(app.settings.dues.run_batch);
    let (lines, scanned) = match run.kind {
        Kind::Issue => issue_lines(tx, batch, most).await?,
        Kind::Recalculate => recalculation_lines(tx, batch, most).await?,
        Kind::Void => super::void::lines(tx, batch, most).await?,
    };
    let mut after = run.clone();
    match scanned {
        Some(key) => after.scanned = key,
        None => after.status = RunStatus::Prepared,
    }
    count(&mut after, &lines).ok_or_else(|| AppError::Fault("sums beyond all bills".into()))?;
    // First the run's own row: whoever lost it to another worker keeps nothing.
    if !store::run::advance(tx, (run, worker), &after).await? {
        return Ok(false);
    }
    store::run::insert_lines(tx, &lines).await?;
    Ok(true)
}

fn count(run: &mut Run, lines: &[Line]) -> Option<()> {
    for line in lines {
        if line.outcome == Outcome::Planned {
            run.planned += 1;
            run.total = run.total.checked_add(line.amount)?;
            let before = line.before_amount.unwrap_or(Fen::ZERO);
            run.before_total = run.before_total.checked_add(before)?;
        } else {
            run.excluded += 1;
        }
    }
    Some(())
}

/// The day whose levels count: today for the current year, else the first day of the year.
fn level_day(year: i64, today: Date) -> Date {
    let first = i32::try_from(year).ok().and_then(|year| Date::new(year, 1, 1));
    first.filter(|day| day.year() != today.year()).unwrap_or(today)
}

async fn facts(tx: &Tx, batch: &Batch, members: &[Billable]) -> Result<Facts, db::Error> {
    let levels = level::all(tx).await?;
    let day = level_day(batch.run.year, batch.app.clock.now().date());
    let level_of = level::on_day(tx, members, day).await?;
    let mut standards = HashMap::new();
    for tier in levels.iter().filter_map(|level| level.tier_id.as_ref()) {
        if let Some(standard) = store::standard::of_year(tx, tier, batch.run.year).await? {
            standards.insert(tier.clone(), standard);
        }
    }
    Ok(Facts { levels, level_of, standards })
}

impl Facts {
    fn judge(&self, batch: &Batch, member: &Billable) -> Line {
        let Batch { app, run, .. } = batch;
        let level_id = self.level_of.get(&member.id).unwrap_or(&member.level_id);
        let level = self.levels.iter().find(|level| level.id == *level_id);
        let tier = level.and_then(|level| level.tier_id.as_ref());
        let standard = tier.and_then(|tier| self.standards.get(tier));
        let (why, amount) = level.map_or((Why::Exempt, None), |level| {
            plan(&app.settings.dues, (run.year, member.joined_on), level, standard)
        });
        Line {
            id: app.ids.next(app.clock.now()),
            run_id: run.id.clone(),
            member_id: member.id.clone(),
            bill_id: None,
            level_id: level_id.clone(),
            tier_id: tier.cloned(),
            standard_id: standard.map(|standard| standard.id.clone()),
            why,
            outcome: if amount.is_some() { Outcome::Planned } else { Outcome::Excluded },
            gross: amount.unwrap_or(Fen::ZERO),
            amount: amount.unwrap_or(Fen::ZERO),
            before_amount: None,
            also_covers: None,
        }
    }
}

async fn issue_lines(
    tx: &Tx,
    batch: &Batch,
    most: i64,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let year = batch.run.year;
    let members = member::billable(tx, &batch.run.scanned, most).await?;
    let last = members.last().map(|member| member.id.to_string());
    let ids: Vec<MemberId> = members.iter().map(|member| member.id.clone()).collect();
    let facts = facts(tx, batch, &members).await?;
    let now = store::covering(tx, &ids, year).await?;
    let before = store::covering(tx, &ids, year - 1).await?;
    let due = |bills: &[Bill], id: &MemberId| {
        bills.iter().find(|bill| bill.member_id == *id).map(|bill| bill.due)
    };
    let line = |member: &Billable| {
        let mut line = facts.judge(batch, member);
        line.before_amount = due(&before, &member.id);
        if now.iter().any(|bill| bill.member_id == member.id) {
            (line.why, line.outcome) = (Why::HasBill, Outcome::Excluded);
            (line.gross, line.amount) = (Fen::ZERO, Fen::ZERO);
        }
        line
    };
    Ok((members.iter().map(line).collect(), last))
}

/// Only bills whose numbers change become lines, and those that cannot be recalculated.
async fn recalculation_lines(
    tx: &Tx,
    batch: &Batch,
    most: i64,
) -> Result<(Vec<Line>, Option<String>), AppError> {
    let mut bills = store::untouched(tx, batch.run.year, &batch.run.scanned, most).await?;
    let last = bills.last().map(|bill| bill.id.to_string());
    bills.retain(|bill| bill.is_annual() && bill.paid == Fen::ZERO && bill.refunded == Fen::ZERO);
    let ids: Vec<MemberId> = bills.iter().map(|bill| bill.member_id.clone()).collect();
    let members = member::billable_of(tx, &ids).await?;
    let facts = facts(tx, batch, &members).await?;
    let line = |bill: &Bill| {
        let member = members.iter().find(|member| member.id == bill.member_id)?;
        let line = Line {
            bill_id: Some(bill.id.clone()),
            before_amount: Some(bill.due),
            also_covers: bill.also_covers,
            ..facts.judge(batch, member)
        };
        changed(bill, line)
    };
    Ok((bills.iter().filter_map(line).collect(), last))
}

/// The line with the numbers that the bill would get; nothing when they are what they were.
fn changed(bill: &Bill, line: Line) -> Option<Line> {
    if line.outcome == Outcome::Excluded {
        return Some(line);
    }
    let same_level = bill.level_id == line.level_id;
    let amounts = bill.amounts().recalculate(line.gross)?;
    if same_level
        && bill.gross == line.gross
        && line.standard_id.as_ref() == Some(&bill.standard_id)
    {
        return None;
    }
    let why = if same_level { Why::NewStandard } else { Why::NewLevel };
    Some(Line { why, amount: amounts.due, ..line })
}
