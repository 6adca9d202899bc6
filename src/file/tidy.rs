//! Deleting what forms left behind: uploads that no accepted form has claimed within a day.

use std::time::Duration;

use super::store;
use crate::{db, kernel::ids::FileId, web::App};

/// A refused form may be corrected for so long without uploading again.
const KEPT: Duration = Duration::from_hours(24);

/// Files deleted in one turn; the next turn takes the rest.
const MOST: i64 = 200;

/// Deletes abandoned uploads; returns how many.
pub async fn delete_abandoned(app: &App) -> Result<usize, db::Error> {
    let before = app.clock.now() - KEPT;
    let mut deleted = 0;
    for id in store::abandoned(&app.db, before, MOST).await? {
        let gone: Result<bool, db::Error> = db::transaction(&app.db, id, |tx, id: &FileId| {
            Box::pin(store::delete_unclaimed(tx, id))
        })
        .await;
        deleted += usize::from(gone?);
    }
    Ok(deleted)
}
