//! The history of a member: every field with who, when, before and after. Rows are only added, and
//! replaying them gives the present row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{field::Values, store};
use crate::{
    db::Run,
    kernel::{Ids, Timestamp, Vault, ids::MemberId},
    staff::audit::Actor,
    web::AppError,
};

/// How a change came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The registration that was approved.
    Registration,
    /// 完善信息 by the member.
    Member,
    /// The secretariat.
    Staff,
    /// A 变更申请, or a list of candidates, that was approved.
    Request,
    /// An earlier value that was put back.
    Restore,
}

impl Source {
    /// As it is shown.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Registration => "入会审核通过",
            Self::Member => "会员修改",
            Self::Staff => "秘书处修改",
            Self::Request => "会员申请通过",
            Self::Restore => "恢复历史值",
        }
    }
}

/// One field of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Row id.
    pub id: String,
    /// The member's version that the change led to; fields changed together share it.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// The field.
    pub field: String,
    /// Its stored form before.
    pub before: String,
    /// Its stored form since.
    pub after: String,
    /// How it came about.
    pub source: Source,
    /// `staff`, `member`, `visitor` or `system`.
    pub actor_kind: String,
    /// Whose id that kind has.
    pub actor_id: String,
    /// Why, where a person was asked.
    pub reason: String,
}

/// What the rows of one change have in common.
#[derive(Clone, Debug)]
pub struct Event {
    /// Whose fields.
    pub member: MemberId,
    /// The version that the change leads to.
    pub version: i64,
    /// How it came about.
    pub source: Source,
    /// Who did it.
    pub actor: Actor,
    /// Why.
    pub reason: String,
}

/// Adds the rows of a change inside the caller's transaction: field, before, after.
pub async fn record(
    tx: &impl Run,
    (vault, ids): (&Vault, &Ids),
    now: Timestamp,
    event: &Event,
    fields: &[(&str, String, String)],
) -> Result<(), AppError> {
    for (field, before, after) in fields {
        store::history::insert(tx, vault, &ids.next(now), now, event, (field, before, after))
            .await?;
    }
    Ok(())
}

/// What others changed after `version`: for each field what it was and what it is now.
pub async fn since(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
    version: i64,
) -> Result<BTreeMap<String, (String, String)>, AppError> {
    Ok(summed(&store::history::since(db, vault, member, version).await?))
}

/// The whole history of a member, oldest first (at most a thousand fields).
pub async fn all(db: &impl Run, vault: &Vault, member: &MemberId) -> Result<Vec<Change>, AppError> {
    store::history::since(db, vault, member, 0).await
}

/// Several changes of a field as one; a field that is what it was is left out.
pub fn summed(oldest_first: &[Change]) -> BTreeMap<String, (String, String)> {
    let mut all: BTreeMap<String, (String, String)> = BTreeMap::new();
    for change in oldest_first {
        let (_, after) = all
            .entry(change.field.clone())
            .or_insert_with(|| (change.before.clone(), String::new()));
        after.clone_from(&change.after);
    }
    all.retain(|_, (before, after)| before != after);
    all
}

/// The row that a history leads to.
pub fn replayed(oldest_first: &[Change]) -> BTreeMap<String, String> {
    oldest_first.iter().map(|change| (change.field.clone(), change.after.clone())).collect()
}

/// Merges what an editor typed with what others changed meanwhile: a field that the editor left
/// alone takes the new value, a field that both changed keeps what was typed.
pub fn merged(typed: &Values, meanwhile: &BTreeMap<String, (String, String)>) -> Values {
    let mut merged = typed.clone();
    for (field, (before, after)) in meanwhile {
        if let Some(value) = merged.get_mut(field.as_str())
            && value == before
        {
            value.clone_from(after);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(version: i64, field: &str, before: &str, after: &str) -> Change {
        Change {
            id: String::new(),
            version,
            at: Timestamp::default(),
            field: field.into(),
            before: before.into(),
            after: after.into(),
            source: Source::Member,
            actor_kind: String::new(),
            actor_id: String::new(),
            reason: String::new(),
        }
    }

    #[test]
    fn only_what_the_editor_left_alone_takes_the_new_value() {
        let typed: Values =
            [("address", "我的".to_owned()), ("email", "old@example.org".to_owned())].into();
        let meanwhile = summed(&[
            change(2, "address", "旧", "中"),
            change(3, "address", "中", "新"),
            change(3, "email", "old@example.org", "new@example.org"),
            change(4, "phone", "a", "b"),
            change(5, "phone", "b", "a"),
        ]);
        assert!(!meanwhile.contains_key("phone"), "it is what it was");
        let merged = merged(&typed, &meanwhile);
        assert_eq!(merged["address"], "我的");
        assert_eq!(merged["email"], "new@example.org");
    }

    proptest! {
        /// Whatever is written, replaying what was recorded gives the row, from any version on.
        #[test]
        fn replaying_the_history_gives_the_present_row(
            edits in prop::collection::vec((0usize..4, "[a-c]{0,2}"), 0..40), from in 0usize..40
        ) {
            let fields = ["a", "b", "c", "d"];
            let mut row: BTreeMap<String, String> = BTreeMap::new();
            let (mut history, mut rows) = (Vec::new(), vec![row.clone()]);
            for (version, (which, value)) in (1i64..).zip(edits) {
                let before = row.get(fields[which]).cloned().unwrap_or_default();
                if before != value {
                    history.push(change(version, fields[which], &before, &value));
                    row.insert(fields[which].into(), value);
                    rows.push(row.clone());
                }
            }
            prop_assert_eq!(replayed(&history), row.clone());
            let from = from.min(history.len());
            let mut early = rows[from].clone();
            for (field, (before, after)) in summed(&history[from..]) {
                prop_assert_eq!(early.get(&field).cloned().unwrap_or_default(), before);
                early.insert(field, after);
            }
            let filled = |row: BTreeMap<String, String>| {
                row.into_iter().filter(|(_, v)| !v.is_empty()).collect::<Vec<_>>()
            };
            prop_assert_eq!(filled(early), filled(row));
        }
    }
}
