//! 会员标签: short words that the secretariat gives to members, to find them again.

use super::{
    Member,
    history::{self, Event, Source},
    store,
};
use crate::{
    db::{self, Run},
    kernel::{ids::MemberId, text},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// The most tags that a member may have.
const MOST: usize = 10;
/// The longest tag, in characters.
const LONGEST: usize = 20;

/// The tags of a member.
pub async fn of(db: &impl Run, member: &MemberId) -> Result<Vec<String>, db::Error> {
    store::tag::of(db, member).await
}

/// All tags that were ever given, for the filter; at most two hundred.
pub async fn all(db: &impl Run) -> Result<Vec<String>, db::Error> {
    store::tag::all(db, 200).await
}

/// Tags as they are typed, parted by 、 , or blanks.
pub fn parse(typed: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    let parts =
        typed.split(|c: char| c.is_whitespace() || matches!(c, '、' | ',' | '，' | ';' | '；'));
    for part in parts.filter(|part| !part.is_empty()) {
        let tag = text::required(part, LONGEST).map_err(|error| format!("标签{error}"))?;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > MOST {
        return Err(format!("最多 {MOST} 个标签"));
    }
    tags.sort();
    Ok(tags)
}

/// Replaces the tags of a member; `false` when the member was changed meanwhile.
pub async fn set(
    app: &App,
    actor: Actor,
    member: &Member,
    tags: Vec<String>,
    (version, ip): (i64, String),
) -> Result<bool, AppError> {
    let input = (app.clone(), actor, member.clone(), tags, version, ip);
    db::transaction(&app.db, input, |tx, (app, actor, member, tags, version, ip)| {
        Box::pin(give(tx, app, (actor, member), tags, (*version, ip)))
    })
    .await
}

/// The same inside a transaction of the caller's.
pub async fn give(
    tx: &impl Run,
    app: &App,
    (actor, member): (&Actor, &Member),
    tags: &[String],
    (version, ip): (i64, &str),
) -> Result<bool, AppError> {
    let now = app.clock.now();
    if !store::history::raise(tx, &member.id, version).await? {
        return Ok(false);
    }
    let before = store::tag::of(tx, &member.id).await?;
    store::tag::replace(tx, &member.id, tags, now).await?;
    let event = Event {
        member: member.id.clone(),
        version: version + 1,
        source: Source::Staff,
        actor: actor.clone(),
        reason: String::new(),
    };
    let field = ("tags", before.join("、"), tags.join("、"));
    history::record(tx, (&app.vault, &app.ids), now, &event, &[field]).await?;
    let entry = Entry {
        actor: actor.clone(),
        action: "member.tags",
        object_kind: "member",
        object_id: member.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "before": before, "after": tags }),
        ip: ip.to_owned(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn tags_are_parted_as_people_part_them() {
        let tags = parse("常务、重点，重点 云计算").unwrap();
        assert_eq!(tags.len(), 3);
        assert!(parse("").unwrap().is_empty());
        assert!(parse(&"长".repeat(21)).is_err());
        assert!(parse("a b c d e f g h i j k").is_err());
    }
}
