//! The secretariat approves or refuses a 换绑申请.

use super::{Rescue, record, store, tell};
use crate::{
    db,
    staff::SignedInStaff,
    web::{App, AppError},
};

/// What the secretariat says.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Who.
    pub by: SignedInStaff,
    /// From where.
    pub ip: String,
    /// Why: how the evidence was checked, or what is wrong with it.
    pub words: String,
    /// Yes or no.
    pub is_approved: bool,
}

/// Decides; `false` when somebody else did meanwhile.
pub async fn decide(app: &App, rescue: &Rescue, decision: Decision) -> Result<bool, AppError> {
    let now = app.clock.now();
    let pause = std::time::Duration::from_hours(app.settings.security.rescue_hours);
    let decided = Rescue {
        decided_by: decision.by.0.id.to_string(),
        decision: decision.words.clone(),
        decided_at: Some(now),
        effective_at: decision.is_approved.then(|| now + pause),
        ip: decision.ip.clone(),
        ..rescue.clone()
    };
    let input = (app.clone(), decided, decision);
    db::transaction(&app.db, input, |tx, (app, rescue, decision)| {
        Box::pin(write(tx, app, rescue, decision))
    })
    .await
}

async fn write(
    tx: &db::Tx,
    app: &App,
    rescue: &Rescue,
    decision: &Decision,
) -> Result<bool, AppError> {
    let row = store::rescue::Decision {
        by: &rescue.decided_by,
        words: &rescue.decision,
        now: app.clock.now(),
        effective: rescue.effective_at,
    };
    if !store::rescue::decide(tx, &rescue.id, &row).await? {
        return Ok(false);
    }
    let (action, step) = if decision.is_approved {
        ("wechat.rescue-approve", "approved")
    } else {
        ("wechat.rescue-reject", "rejected")
    };
    record(tx, app, rescue, decision.by.actor(), action).await?;
    tell(tx, app, rescue, step).await?;
    Ok(true)
}
