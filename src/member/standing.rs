//! 会员状态: staff freeze a member, let it leave, expel it, or bring it back, each with a reason.
//! Ending its sessions is the account's part, in the same transaction.

use super::{
    Member,
    history::{self, Event, Source},
    model::Standing,
    store,
};
use crate::{
    db::Run,
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// An order to change the state.
#[derive(Clone, Debug)]
pub struct Order {
    /// The new state.
    pub to: Standing,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor: Actor,
    /// From where.
    pub ip: String,
}

/// Changes the state inside the caller's transaction; `false` when it is another meanwhile.
pub async fn set(
    tx: &impl Run,
    app: &App,
    member: &Member,
    order: &Order,
) -> Result<bool, AppError> {
    let (now, from) = (app.clock.now(), member.standing);
    if !store::set_standing(tx, &member.id, (from, order.to), member.version).await? {
        return Ok(false);
    }
    let event = Event {
        member: member.id.clone(),
        version: member.version + 1,
        source: Source::Staff,
        actor: order.actor.clone(),
        reason: order.reason.clone(),
    };
    let field = ("status", from.label().to_owned(), order.to.label().to_owned());
    history::record(tx, (&app.vault, &app.ids), now, &event, &[field]).await?;
    let entry = Entry {
        actor: order.actor.clone(),
        action: "member.standing",
        object_kind: "member",
        object_id: member.id.to_string(),
        reason: order.reason.clone(),
        detail: serde_json::json!({ "before": from.code(), "after": order.to.code() }),
        ip: order.ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    let object = format!("{}.{}", member.id, member.version + 1);
    let facts = serde_json::json!({ "state": order.to.label() });
    let notice =
        Notice { topic: Topic::StandingChanged, member: Some(&member.id), object: &object, facts };
    notice::queue(tx, &app.ids, now, notice).await?;
    Ok(true)
}
