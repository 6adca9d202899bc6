//! A member's level changes: recorded with its first day, in force from that day, and by the
//! association's rule with a bill for the difference or without.

use super::{
    Bill,
    issue::{self, NewBill},
    model::{ITEM_DIFFERENCE, ITEM_DUES, Standard},
    plan::plan,
    store,
};
use crate::{
    db::{self, Run, Tx},
    kernel::{Date, Fen, Timestamp},
    member::{
        self, Member,
        level::{self, Change},
    },
    staff::{
        SignedInStaff,
        audit::{self, Actor, Entry},
    },
    web::{App, AppError, rules::LevelChangeRule},
};

/// Changes that come into force in one turn of the job.
const BATCH: i64 = 100;

/// Records a change of level; one whose day has come is in force at once. Returns the bill for the
/// difference, if there is one.
pub async fn change_level(
    app: &App,
    staff: &SignedInStaff,
    ip: String,
    member: &Member,
    (to, from_on, reason): (level::Level, Date, String),
) -> Result<Option<Bill>, AppError> {
    let now = app.clock.now();
    let change = Change {
        id: app.ids.next(now),
        member_id: member.id.clone(),
        level_id: to.id.clone(),
        before_level_id: member.level_id.clone(),
        from_on,
        reason,
        changed_by: staff.0.id.to_string(),
        created_ms: now,
        applied_ms: None,
    };
    let input = (app.clone(), change, staff.actor(), ip);
    db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await
}

async fn write(
    tx: &Tx,
    (app, change, actor, ip): &(App, Change, Actor, String),
) -> Result<Option<Bill>, AppError> {
    level::record(tx, change).await?;
    let is_due = change.from_on <= app.clock.now().date();
    let bill = if is_due { take_effect(tx, app, change).await? } else { None };
    let entry = Entry {
        actor: actor.clone(),
        action: "member.level-change",
        object_kind: "member",
        object_id: change.member_id.to_string(),
        reason: change.reason.clone(),
        detail: serde_json::json!({
            "before": change.before_level_id, "after": change.level_id,
            "from": change.from_on, "bill": bill.as_ref().map(|bill| &bill.no),
        }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, change.created_ms, &entry).await?;
    Ok(bill)
}

/// Lets changes come into force whose day has come; returns how many.
pub async fn apply_due(app: &App) -> Result<usize, AppError> {
    let today = app.clock.now().date();
    let mut applied = 0;
    for change in level::due_changes(&app.db, today, BATCH).await? {
        let input = (app.clone(), change);
        let done: Result<_, AppError> = db::transaction(&app.db, input, |tx, (app, change)| {
            Box::pin(take_effect(tx, app, change))
        })
        .await;
        done?;
        applied += 1;
    }
    Ok(applied)
}

async fn take_effect(tx: &Tx, app: &App, change: &Change) -> Result<Option<Bill>, AppError> {
    let now = app.clock.now();
    if !level::take_effect(tx, change, now).await? {
        return Ok(None);
    }
    match app.settings.dues.level_change {
        LevelChangeRule::NextYear => Ok(None),
        LevelChangeRule::Difference => Ok(difference(tx, app, now, change).await?),
    }
}

/// The bill that brings the year's bills up to the new standard; none if they ask for as much.
async fn difference(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    change: &Change,
) -> Result<Option<Bill>, db::Error> {
    let year = i64::from(now.year());
    let ids = std::slice::from_ref(&change.member_id);
    let Some(member) = member::billable_of(tx, ids).await?.into_iter().next() else {
        return Ok(None);
    };
    let Some(level) = level::find(tx, &change.level_id).await? else { return Ok(None) };
    let Some(tier) = &level.tier_id else { return Ok(None) };
    let Some(standard) = store::standard::of_year(tx, tier, year).await? else { return Ok(None) };
    let (_, amount) = plan(&app.settings.dues, (year, member.joined_on), &level, Some(&standard));
    let covering = store::covering(tx, ids, year).await?;
    let bills = store::live_of_year(tx, &change.member_id, year).await?;
    let Some(gross) = amount.and_then(|wanted| missing(wanted, &bills)) else { return Ok(None) };
    let item = if covering.is_empty() {
        ITEM_DUES.to_owned()
    } else {
        // One for each change: the end of the change's id is chance, and fits the column.
        format!("{ITEM_DIFFERENCE}{}", &change.id[change.id.len().saturating_sub(12)..])
    };
    let new = new_bill(change, (year, item), (&level, tier), (&standard, gross));
    issue::insert(tx, app, now, &new).await
}

fn new_bill(
    change: &Change,
    (year, item): (i64, String),
    (level, tier): (&level::Level, &crate::kernel::ids::TierId),
    (standard, gross): (&Standard, Fen),
) -> NewBill {
    NewBill {
        member: change.member_id.clone(),
        year,
        item,
        also_covers: None,
        level: level.id.clone(),
        tier: tier.clone(),
        standard: standard.id.clone(),
        gross,
    }
}

/// What the year's bills ask for less than `wanted`.
fn missing(wanted: Fen, bills: &[Bill]) -> Option<Fen> {
    let asked = Fen::checked_sum(bills.iter().map(|bill| bill.gross))?;
    wanted.checked_sub(asked).filter(|rest| rest.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dues::pc::sample_bills;

    #[test]
    fn only_a_higher_standard_makes_a_difference() {
        let bills = &sample_bills()[..1];
        assert_eq!(missing(Fen::yuan(10_000), bills), Some(Fen::yuan(8000)));
        assert_eq!(missing(Fen::yuan(2000), bills), None);
        assert_eq!(missing(Fen::yuan(500), bills), None);
        assert_eq!(missing(Fen::yuan(500), &[]), Some(Fen::yuan(500)));
    }
}
