//! Sending queued notices. The channel of this version is the log; the WeChat template channel
//! joins it here.

use std::time::Duration;

use tracing::info;

use super::store;
use crate::{db, web::App};

const BATCH: i64 = 50;
const BACK_OFF: Duration = Duration::from_mins(1);

/// Sends what is due; returns how many notices were sent.
pub async fn send_due(app: &App) -> Result<usize, db::Error> {
    let now = app.clock.now();
    let mut sent = 0;
    for row in store::due(&app.db, now, BATCH).await? {
        if store::claim(&app.db, &row, now + BACK_OFF).await? {
            info!(
                notice.topic = row.topic,
                notice.id = row.id,
                member.id = row.member_id,
                "notice {}",
                row.topic
            );
            store::mark_sent(&app.db, &row.id).await?;
            sent += 1;
        }
    }
    Ok(sent)
}
