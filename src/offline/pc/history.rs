//! The history of a report as pages show it.

use serde::Serialize;

use crate::{
    kernel::{Fen, Timestamp, ids::OfflineId},
    offline::{model::Event, store},
    web::{App, AppError},
};

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    at: Timestamp,
    what: &'static str,
    by: String,
    amount: Fen,
    reason: String,
}

/// The history with the names that `name` gives to staff ids.
pub(in crate::offline) fn lines(events: Vec<Event>, name: impl Fn(&str) -> String) -> Vec<Line> {
    let line = |event: Event| Line {
        by: if event.staff_id.is_empty() { "会员".into() } else { name(&event.staff_id) },
        at: event.at,
        what: event.what,
        amount: event.amount,
        reason: event.reason,
    };
    events.into_iter().map(line).collect()
}

/// The history for the member, who need not know who of the secretariat it was, nor what finance
/// says among themselves: only the reason of a rejection is for the member.
pub(super) async fn of(app: &App, id: &OfflineId) -> Result<Vec<Line>, AppError> {
    let mut events = store::events(&app.db, id).await?;
    events.retain(|event| !event.is_internal);
    for event in &mut events {
        if !event.tells_why {
            event.reason.clear();
        }
    }
    Ok(lines(events, |_| "秘书处".into()))
}

/// One of each kind.
pub(in crate::offline) fn sample_lines() -> Vec<Line> {
    let event = |staff_id: &str, reason: &str| Event {
        at: Timestamp::from_millis(1_764_000_000_000),
        what: "驳回",
        staff_id: staff_id.into(),
        amount: Fen::yuan(1500),
        reason: reason.into(),
        is_internal: false,
        tells_why: true,
    };
    lines(vec![event("", ""), event("staff", "回单不清晰")], |_| "王会计".into())
}
