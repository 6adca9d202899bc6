//! An account comes into being, inside the transaction that approves the registration.

use super::store;
use crate::{
    db::{self, Run},
    kernel::{Timestamp, ids::AccountId},
    member::Member,
    web::App,
};

/// Stores the account of a new member, with the password hash of its registration.
pub async fn create(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    member: &Member,
    password_hash: &str,
) -> Result<AccountId, db::Error> {
    let id = AccountId::new(&app.ids, now);
    let mobile_index = app.vault.index(member.contact_mobile.as_str());
    store::insert(tx, &id, member, &mobile_index, password_hash, now).await?;
    Ok(id)
}
