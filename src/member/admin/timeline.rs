//! The history of a member as a page shows it: one entry a change, one line a field.

use serde::Serialize;

use crate::{
    db::{self, Run},
    member::{
        field::{self, find},
        history::{Change, Source},
        sheet::{masked_words, words},
    },
    staff,
};

/// One change.
#[derive(Debug, Serialize)]
pub(super) struct Event {
    pub(super) version: i64,
    pub(super) at: String,
    pub(super) source: &'static str,
    pub(super) who: String,
    pub(super) reason: String,
    pub(super) lines: Vec<Line>,
}

/// One field of it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) label: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    /// Whether the earlier value can be put back.
    pub(super) is_restorable: bool,
}

/// The name behind an actor, for pages.
pub async fn actor_name(db: &impl Run, kind: &str, id: &str) -> Result<String, db::Error> {
    Ok(match kind {
        "staff" => {
            staff::store::by_id(db, id).await?.map_or_else(|| "秘书处".into(), |row| row.name)
        }
        "member" => "会员".into(),
        _ => "系统".into(),
    })
}

/// Changes, newest first, as events. `sees_all`: mobiles in full.
pub(super) async fn events(
    db: &impl Run,
    changes: Vec<Change>,
    sees_all: bool,
) -> Result<Vec<Event>, db::Error> {
    let mut events: Vec<Event> = Vec::new();
    for change in changes {
        if events.last().is_none_or(|event| event.version != change.version) {
            events.push(Event {
                version: change.version,
                at: change.at.to_minute(),
                source: change.source.label(),
                who: actor_name(db, &change.actor_kind, &change.actor_id).await?,
                reason: change.reason.clone(),
                lines: Vec::new(),
            });
        }
        let line = line(&change, sees_all);
        if let Some(event) = events.last_mut() {
            event.lines.push(line);
        }
    }
    for event in &mut events {
        let place = |line: &Line| field::ALL.iter().position(|field| field.label == line.label);
        event.lines.sort_by_key(place);
    }
    Ok(events)
}

fn line(change: &Change, sees_all: bool) -> Line {
    let shown = |value: &str| {
        if sees_all { words(&change.field, value) } else { masked_words(&change.field, value) }
    };
    let known = find(&change.field);
    let may_be_empty = known.is_some_and(|field| !field.is_required);
    Line {
        id: change.id.clone(),
        label: field::label(&change.field),
        before: shown(&change.before),
        after: shown(&change.after),
        is_restorable: known.is_some()
            && change.source != Source::Registration
            && (may_be_empty || !change.before.is_empty()),
    }
}
