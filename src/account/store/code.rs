//! SQL of one-time codes.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{Timestamp, ids::AccountId},
};

/// A code that is open.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::account) struct Open {
    pub id: String,
    pub code_index: String,
}

/// A code to be given out.
pub(in crate::account) struct New<'a> {
    pub id: &'a str,
    pub account: &'a AccountId,
    pub purpose: &'a str,
    pub code_index: &'a str,
    pub issued_by: &'a str,
    pub now: Timestamp,
    pub expires: Timestamp,
}

/// Stores a code; the one before it is worthless from now on.
pub(in crate::account) async fn issue(tx: &impl Run, new: &New<'_>) -> Result<(), db::Error> {
    withdraw(tx, new.account, new.purpose).await?;
    let sql = "insert into account_code (id, account_id, purpose, code_index, active_key, tries, \
               issued_by, issued_ms, expires_ms, used_ms) values (?, ?, ?, ?, '1', 0, ?, ?, ?, null)";
    let values = args![
        new.id,
        new.account,
        new.purpose,
        new.code_index,
        new.issued_by,
        new.now,
        new.expires
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Makes the open code of an account worthless.
pub(in crate::account) async fn withdraw(
    tx: &impl Run,
    account: &AccountId,
    purpose: &str,
) -> Result<(), db::Error> {
    let sql = "update account_code set active_key = null \
               where account_id = ? and purpose = ? and active_key is not null";
    tx.exec(sql, args![account, purpose]).await?;
    Ok(())
}

pub(in crate::account) async fn open(
    db: &impl Run,
    account: &AccountId,
    purpose: &str,
) -> Result<Option<Open>, db::Error> {
    let sql = "select id, code_index from account_code \
               where account_id = ? and purpose = ? and active_key is not null";
    db.fetch_one(sql, args![account, purpose]).await
}

/// Counts a try before the code is looked at; `false` when it is used, too old or tried out.
pub(in crate::account) async fn take_try(
    db: &impl Run,
    id: &str,
    most: i64,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update account_code set tries = tries + 1 \
               where id = ? and active_key is not null and tries < ? and expires_ms > ?";
    db.changed(sql, args![id, most, now]).await
}

/// Uses a code up; of many users one gets it.
pub(in crate::account) async fn spend(
    tx: &impl Run,
    id: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update account_code set active_key = null, used_ms = ? \
               where id = ? and active_key is not null";
    tx.changed(sql, args![now, id]).await
}
