//! 会员等级: names are data; associations call their posts differently.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    Member,
    store::{self, level::Billable},
};
use crate::{
    db::{self, Flag, Run},
    kernel::{
        Date, Timestamp,
        ids::{LevelId, MemberId, TierId},
    },
};

/// The level that the reviewer starts from: 会员单位.
pub const DEFAULT: &str = "member";

/// A member level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Row id.
    pub id: LevelId,
    /// 名称, for example 副理事长单位.
    pub name: String,
    /// True for 理事以上.
    pub is_council: Flag,
    /// The dues tier; none means that no dues are owed.
    pub tier_id: Option<TierId>,
}

/// All levels in the association's order.
pub async fn all(db: &impl Run) -> Result<Vec<Level>, db::Error> {
    store::levels(db).await
}

/// One level.
pub async fn find(db: &impl Run, id: &LevelId) -> Result<Option<Level>, db::Error> {
    Ok(store::levels(db).await?.into_iter().find(|level| level.id == *id))
}

/// Puts the levels of these names into a dues tier; returns how many there were.
pub async fn set_tier(tx: &impl Run, names: &[&str], tier: &TierId) -> Result<u64, db::Error> {
    let mut changed = 0;
    for name in names {
        changed += store::set_tier(tx, name, tier).await?;
    }
    Ok(changed)
}

/// One change of a member's level; rows are only added.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// Row id.
    pub id: String,
    /// Whose level.
    pub member_id: MemberId,
    /// The new level.
    pub level_id: LevelId,
    /// The level until then.
    pub before_level_id: LevelId,
    /// First day of the new level.
    pub from_on: Date,
    /// Why.
    pub reason: String,
    /// The staff who decided it.
    pub changed_by: String,
    /// When it was decided.
    pub created_ms: Timestamp,
    /// When it came into force; none while its day has not come.
    pub applied_ms: Option<Timestamp>,
}

/// Records a change inside the caller's transaction; it comes into force by [`take_effect`].
pub async fn record(tx: &impl Run, change: &Change) -> Result<(), db::Error> {
    store::level::insert_change(tx, change).await
}

/// Lets a change come into force; `false` when it is already.
pub async fn take_effect(
    tx: &impl Run,
    change: &Change,
    now: Timestamp,
) -> Result<bool, db::Error> {
    if !store::level::mark_applied(tx, &change.id, now).await? {
        return Ok(false);
    }
    // A change that was recorded late may lie before one that is in force already.
    let changes = changes_of(tx, &change.member_id).await?;
    let level = of_changes(changes.iter(), now.date()).unwrap_or_else(|| change.level_id.clone());
    store::level::set_level(tx, &change.member_id, &level).await
}

/// Changes whose day has come and that are not in force.
pub async fn due_changes(db: &impl Run, today: Date, most: i64) -> Result<Vec<Change>, db::Error> {
    store::level::due_changes(db, today, most).await
}

/// The changes of a member, the latest first.
pub async fn changes_of(db: &impl Run, member: &MemberId) -> Result<Vec<Change>, db::Error> {
    store::level::changes(db, std::slice::from_ref(member)).await
}

/// The levels of these members on a day, past or future.
pub async fn on_day(
    db: &impl Run,
    members: &[Billable],
    day: Date,
) -> Result<HashMap<MemberId, LevelId>, db::Error> {
    let ids: Vec<MemberId> = members.iter().map(|member| member.id.clone()).collect();
    let changes = store::level::changes(db, &ids).await?;
    let level = |member: &Billable| {
        let own = changes.iter().filter(|change| change.member_id == member.id);
        (member.id.clone(), of_changes(own, day).unwrap_or_else(|| member.level_id.clone()))
    };
    Ok(members.iter().map(level).collect())
}

/// The level of a day by the changes of one member, the latest first; none without changes.
fn of_changes<'a>(changes: impl Iterator<Item = &'a Change>, day: Date) -> Option<LevelId> {
    let mut later = None;
    for change in changes {
        if change.from_on <= day {
            return Some(change.level_id.clone());
        }
        later = Some(change);
    }
    later.map(|change| change.before_level_id.clone())
}

/// The level of a member at the beginning of a year, or when it joined in that year.
pub async fn in_year(
    db: &impl Run,
    member: &Member,
    year: i64,
) -> Result<Option<Level>, db::Error> {
    let first = i32::try_from(year).ok().and_then(|year| Date::new(year, 1, 1));
    let day = first.map_or(member.joined_on, |first| first.max(member.joined_on));
    let of_changes = of_changes(changes_of(db, &member.id).await?.iter(), day);
    find(db, of_changes.as_ref().unwrap_or(&member.level_id)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_found_for_any_day() {
        let change = |from_on: &str, before: &str, after: &str| Change {
            id: from_on.into(),
            member_id: "m".parse().unwrap(),
            level_id: after.parse().unwrap(),
            before_level_id: before.parse().unwrap(),
            from_on: from_on.parse().unwrap(),
            reason: String::new(),
            changed_by: String::new(),
            created_ms: Timestamp::default(),
            applied_ms: None,
        };
        let changes = [change("2027-01-01", "b", "c"), change("2026-03-01", "a", "b")];
        let on = |day: &str| of_changes(changes.iter(), day.parse().unwrap());
        for (day, level) in [
            ("2026-02-28", "a"),
            ("2026-03-01", "b"),
            ("2026-12-31", "b"),
            ("2027-01-01", "c"),
            ("2030-01-01", "c"),
        ] {
            assert_eq!(on(day), Some(level.parse().unwrap()), "{day}");
        }
        assert_eq!(of_changes([].iter(), "2026-01-01".parse().unwrap()), None);
    }
}
