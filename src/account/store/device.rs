//! SQL of known browsers and of the login history.

use serde::Deserialize;

use crate::{
    account::device::Device,
    db::{self, Flag, Run, args},
    kernel::{Timestamp, ids::AccountId},
};

const COLUMNS: &str = "id, browser, first_ms, last_ms, last_ip, session_sealed, failed_count, \
                       locked_until_ms";

/// How many browsers a page shows.
const MOST: i64 = 20;

pub(in crate::account) async fn find(
    db: &impl Run,
    account: &AccountId,
    index: &str,
) -> Result<Option<Device>, db::Error> {
    let sql =
        format!("select {COLUMNS} from account_device where account_id = ? and device_index = ?");
    db.fetch_one(&sql, args![account, index]).await
}

/// The browsers of an account.
pub(in crate::account) async fn list(
    db: &impl Run,
    account: &AccountId,
) -> Result<Vec<Device>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from account_device where account_id = ? order by last_ms desc limit ?"
    );
    db.fetch(&sql, args![account, MOST]).await
}

/// See [`super::take_try`]; here the tries of one browser.
pub(in crate::account) async fn take_try(
    db: &impl Run,
    id: &str,
    most: i64,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, db::Error> {
    // MySQL assigns from left to right: the lock reads the count before it grows.
    let sql = "update account_device set \
               locked_until_ms = case when failed_count + 1 >= ? then ? else locked_until_ms end, \
               failed_count = case when failed_count + 1 >= ? then 0 else failed_count + 1 end \
               where id = ? and locked_until_ms <= ?";
    db.changed(sql, args![most, until, most, id, now]).await
}

pub(in crate::account) async fn give_back_try(db: &impl Run, id: &str) -> Result<(), db::Error> {
    let sql = "update account_device set failed_count = failed_count - 1 \
               where id = ? and failed_count > 0";
    db.exec(sql, args![id]).await?;
    Ok(())
}

pub(in crate::account) async fn clear_failures(db: &impl Run, id: &str) -> Result<(), db::Error> {
    let sql = "update account_device set failed_count = 0, locked_until_ms = 0 \
               where id = ? and (failed_count > 0 or locked_until_ms > 0)";
    db.exec(sql, args![id]).await?;
    Ok(())
}

/// Clears the failures of every browser of an account.
pub(in crate::account) async fn unlock_all(
    tx: &impl Run,
    account: &AccountId,
) -> Result<(), db::Error> {
    let sql =
        "update account_device set failed_count = 0, locked_until_ms = 0 where account_id = ?";
    tx.exec(sql, args![account]).await?;
    Ok(())
}

/// One browser of an account.
pub(in crate::account) async fn of_account(
    db: &impl Run,
    account: &AccountId,
    id: &str,
) -> Result<Option<Device>, db::Error> {
    let sql = format!("select {COLUMNS} from account_device where account_id = ? and id = ?");
    db.fetch_one(&sql, args![account, id]).await
}

/// Forgets one browser; `false` when it was forgotten before.
pub(in crate::account) async fn forget(
    tx: &impl Run,
    account: &AccountId,
    id: &str,
) -> Result<bool, db::Error> {
    tx.changed("delete from account_device where account_id = ? and id = ?", args![account, id])
        .await
}

/// Forgets every browser of an account: none is known any more.
pub(in crate::account) async fn forget_all(
    tx: &impl Run,
    account: &AccountId,
) -> Result<(), db::Error> {
    tx.exec("delete from account_device where account_id = ?", args![account]).await?;
    Ok(())
}

/// One complete sign-in.
pub(in crate::account) struct NewLogin<'a> {
    pub id: &'a str,
    pub account: &'a AccountId,
    pub device_index: &'a str,
    pub way: &'a str,
    pub browser: &'a str,
    pub ip: &'a str,
    /// Its session, sealed.
    pub session: &'a str,
    pub now: Timestamp,
}

/// Notes the browser; true when the account did not know it.
pub(in crate::account) async fn touch(
    tx: &impl Run,
    new: &NewLogin<'_>,
) -> Result<bool, db::Error> {
    let sql = "update account_device set browser = ?, last_ms = ?, last_ip = ?, \
               session_sealed = ?, failed_count = 0, locked_until_ms = 0 where account_id = ? and device_index = ?";
    let values = args![new.browser, new.now, new.ip, new.session, new.account, new.device_index];
    if tx.changed(sql, values).await? {
        return Ok(false);
    }
    let sql = "insert into account_device (id, account_id, device_index, browser, first_ms, \
               last_ms, last_ip, session_sealed, failed_count, locked_until_ms) \
               values (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)";
    let values = args![
        new.id,
        new.account,
        new.device_index,
        new.browser,
        new.now,
        new.now,
        new.ip,
        new.session
    ];
    match tx.exec(sql, values).await {
        Ok(_) => Ok(true),
        // The same browser signs in twice at this moment.
        Err(error) if error.is_duplicate_of("uk_account_device_account_id_device_index") => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

pub(in crate::account) async fn insert_login(
    tx: &impl Run,
    new: &NewLogin<'_>,
    is_new_device: bool,
) -> Result<(), db::Error> {
    let sql = "insert into account_login (id, account_id, at_ms, way, browser, ip, \
               is_new_device) values (?, ?, ?, ?, ?, ?, ?)";
    let values =
        args![new.id, new.account, new.now, new.way, new.browser, new.ip, Flag(is_new_device)];
    tx.exec(sql, values).await?;
    Ok(())
}

/// A line of the login history.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::account) struct Login {
    pub id: String,
    #[serde(rename = "at_ms")]
    pub at: Timestamp,
    pub way: String,
    pub browser: String,
    pub ip: String,
    pub is_new_device: Flag,
}

/// The login history, newest first; `before` is the last id of the page before.
pub(in crate::account) async fn logins(
    db: &impl Run,
    account: &AccountId,
    before: &str,
    most: i64,
) -> Result<Vec<Login>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let sql = "select id, at_ms, way, browser, ip, is_new_device from account_login \
               where account_id = ? and id < ? order by id desc limit ?";
    db.fetch(sql, args![account, before, most]).await
}
