//! Saving fields of a member together with what its account signs in with: one transaction.

use crate::{
    account::store,
    db,
    member::{
        amend::{self, AmendError, Amendment},
        sheet::Sheet,
    },
    web::App,
};

/// Writes the values; where they touch the code or the contact's mobile, the account follows.
pub async fn save(app: &App, sheet: &Sheet, amendment: Amendment) -> Result<Sheet, AmendError> {
    let input = (app.clone(), sheet.clone(), amendment);
    db::transaction(&app.db, input, |tx, (app, sheet, amendment)| {
        Box::pin(write(tx, app, sheet, amendment))
    })
    .await
}

/// The same inside a transaction of the caller's.
pub(super) async fn write(
    tx: &db::Tx,
    app: &App,
    sheet: &Sheet,
    amendment: &Amendment,
) -> Result<Sheet, AmendError> {
    let next = amend::amend(tx, app, sheet, amendment).await?;
    if amend::touches_locked(&amendment.values) {
        store::follow(tx, &app.vault, &next.member).await?;
    }
    Ok(next)
}
