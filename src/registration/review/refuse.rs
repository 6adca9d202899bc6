//! 退回补正 and 不通过. The applicant is told in the same transaction.

use super::{Outcome, Reviewer, outcome, record};
use crate::{
    db,
    notice::{self, Notice, Topic},
    registration::{
        Registration,
        model::{Act, Defect},
        store::decide,
    },
    web::{App, AppError},
};

/// Returns what the reviewer saw to its applicant, who amends exactly these fields.
pub async fn give_back(
    app: &App,
    by: Reviewer,
    seen: &Registration,
    defects: Vec<Defect>,
) -> Result<Outcome, AppError> {
    let input = Return { app: app.clone(), by, seen: seen.clone(), defects };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(send_back(tx, input))).await?;
    outcome(app, &seen.id, won).await
}

/// Turns what the reviewer saw down; the unit may apply anew.
pub async fn reject(
    app: &App,
    by: Reviewer,
    seen: &Registration,
    reason: String,
) -> Result<Outcome, AppError> {
    let input = Rejection { app: app.clone(), by, seen: seen.clone(), reason };
    let won = db::transaction(&app.db, input, |tx, input| Box::pin(turn_down(tx, input))).await?;
    outcome(app, &seen.id, won).await
}

struct Return {
    app: App,
    by: Reviewer,
    seen: Registration,
    defects: Vec<Defect>,
}

async fn send_back(
    tx: &db::Tx,
    Return { app, by, seen, defects }: &Return,
) -> Result<bool, AppError> {
    let now = app.clock.now();
    if !decide::give_back(tx, seen, defects, by.at(now)).await? {
        return Ok(false);
    }
    let reason: Vec<String> =
        defects.iter().map(|defect| format!("{}：{}", defect.label(), defect.reason)).collect();
    let reason: String = reason.join("；").chars().take(500).collect();
    let detail = serde_json::json!({
        "before": seen.status, "after": Act::Return.to(), "defects": defects,
    });
    record(tx, app, by, ("registration.return", &seen.id, &reason), now, detail).await?;
    // It can be returned several times; each time the applicant is told.
    let object = format!("{}.{}", seen.id, seen.version);
    tell(tx, app, Topic::RegistrationReturned, &object, seen).await?;
    Ok(true)
}

struct Rejection {
    app: App,
    by: Reviewer,
    seen: Registration,
    reason: String,
}

async fn turn_down(
    tx: &db::Tx,
    Rejection { app, by, seen, reason }: &Rejection,
) -> Result<bool, AppError> {
    let now = app.clock.now();
    if !decide::reject(tx, seen, reason, by.at(now)).await? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "before": seen.status, "after": Act::Reject.to() });
    record(tx, app, by, ("registration.reject", &seen.id, reason), now, detail).await?;
    tell(tx, app, Topic::RegistrationRejected, seen.id.as_str(), seen).await?;
    Ok(true)
}

async fn tell(
    tx: &db::Tx,
    app: &App,
    topic: Topic,
    object: &str,
    seen: &Registration,
) -> Result<(), AppError> {
    let facts = serde_json::json!({ "no": seen.no });
    let notice = Notice { topic, member: None, object, facts };
    Ok(notice::queue(tx, &app.ids, app.clock.now(), notice).await?)
}
