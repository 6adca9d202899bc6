//! Deleting what nothing refers to: uploads that no accepted form has claimed within a day, and
//! files that were released a month ago.
//!
//! What is evidence is never released: every version of a report that finance may have seen keeps
//! its vouchers. Released are the files of a report that its member took back before anybody had
//! decided on it, and pages of an application that the applicant replaced.

use std::time::Duration;

use super::store;
use crate::{
    db::{self, Run},
    kernel::{Timestamp, ids::FileId},
    web::App,
};

/// A refused form may be corrected for so long without uploading again.
pub(super) const KEPT: Duration = Duration::from_hours(24);

/// A released file can still be looked up for so long, should somebody ask.
const RELEASED: Duration = Duration::from_hours(30 * 24);

/// Files deleted in one turn; the next turn takes the rest.
const MOST: i64 = 200;

/// Deletes what is free; returns how many.
pub async fn delete_abandoned(app: &App) -> Result<usize, db::Error> {
    let now = app.clock.now();
    let mut deleted = 0;
    for id in store::free(&app.db, now, MOST).await? {
        let gone: Result<bool, db::Error> = db::transaction(&app.db, id, move |tx, id: &FileId| {
            Box::pin(store::delete_free(tx, id, now))
        })
        .await;
        deleted += usize::from(gone?);
    }
    Ok(deleted)
}

/// Lets files go, inside the transaction that took a reference away; what another holder has claimed
/// stays.
pub async fn release(tx: &impl Run, ids: &[FileId], now: Timestamp) -> Result<(), db::Error> {
    store::release(tx, ids, now + RELEASED).await
}
