//! SQL of accounts and WeChat bindings; browsers, codes and 换绑申请 have a file each.

pub(super) mod code;
pub(super) mod device;
pub(super) mod rescue;
mod wechat;

pub(crate) use wechat::binding;
pub(super) use wechat::{
    accounts_of, bound_to, end_binding, insert_binding, open_id_of_member, registrant,
    set_registrant,
};

use serde::Deserialize;

use super::model::Account;
use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp, Uscc, Vault,
        ids::{AccountId, MemberId},
    },
    member::Member,
};

const COLUMNS: &str = "id, member_id, uscc, password_hash, status, session_generation, \
                       failed_count, locked_until_ms";

#[derive(Deserialize)]
struct Row {
    id: AccountId,
    member_id: MemberId,
    uscc: Uscc,
    password_hash: String,
    status: String,
    session_generation: i64,
    failed_count: i64,
    locked_until_ms: Timestamp,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            member_id: row.member_id,
            uscc: row.uscc,
            is_active: row.status == "active",
            session_generation: row.session_generation,
            failed_count: row.failed_count,
            locked_until: row.locked_until_ms,
            password_hash: row.password_hash,
        }
    }
}

pub(super) async fn insert(
    tx: &impl Run,
    id: &AccountId,
    member: &Member,
    mobile_index: &str,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into account (id, member_id, uscc, mobile_index, password_hash, status, \
               session_generation, failed_count, locked_until_ms, created_ms) \
               values (?, ?, ?, ?, ?, 'active', 1, 0, 0, ?)";
    tx.exec(sql, args![id, member.id, member.uscc, mobile_index, password_hash, now]).await?;
    Ok(())
}

pub(crate) async fn by_id(db: &impl Run, id: &str) -> Result<Option<Account>, db::Error> {
    let sql = format!("select {COLUMNS} from account where id = ?");
    Ok(db.fetch_one::<Row>(&sql, args![id]).await?.map(Account::from))
}

pub(super) async fn by_uscc(db: &impl Run, uscc: &Uscc) -> Result<Option<Account>, db::Error> {
    let sql = format!("select {COLUMNS} from account where uscc = ?");
    Ok(db.fetch_one::<Row>(&sql, args![uscc]).await?.map(Account::from))
}

/// The active accounts whose contact has this mobile; two are enough to know that it is not one.
pub(super) async fn by_mobile_index(db: &impl Run, index: &str) -> Result<Vec<Account>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from account where mobile_index = ? and status = 'active' limit 2"
    );
    Ok(db.fetch::<Row>(&sql, args![index]).await?.into_iter().map(Account::from).collect())
}

/// Takes one of the tries that an account has before its password is looked at; the last one
/// locks it until `until`. `false`: it is locked, nothing was taken.
pub(super) async fn take_try(
    db: &impl Run,
    id: &AccountId,
    most: i64,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, db::Error> {
    // MySQL assigns from left to right: the lock reads the count before it grows.
    let sql = "update account set \
               locked_until_ms = case when failed_count + 1 >= ? then ? else locked_until_ms end, \
               failed_count = case when failed_count + 1 >= ? then 0 else failed_count + 1 end \
               where id = ? and locked_until_ms <= ?";
    db.changed(sql, args![most, until, most, id, now]).await
}

/// Gives a try back when the password could not be looked at after all.
pub(super) async fn give_back_try(db: &impl Run, id: &AccountId) -> Result<(), db::Error> {
    let sql =
        "update account set failed_count = failed_count - 1 where id = ? and failed_count > 0";
    db.exec(sql, args![id]).await?;
    Ok(())
}

/// Replaces the password and ends every session; `false` when somebody else was faster.
pub(super) async fn change_password(
    tx: &impl Run,
    account: &Account,
    password_hash: &str,
) -> Result<bool, db::Error> {
    let sql = "update account set password_hash = ?, session_generation = session_generation + 1, \
               failed_count = 0, locked_until_ms = 0 \
               where id = ? and session_generation = ? and status = 'active'";
    tx.changed(sql, args![password_hash, account.id, account.session_generation]).await
}

/// Stores the same password hashed anew, unless it was changed meanwhile.
pub(super) async fn rehash(
    db: &impl Run,
    account: &Account,
    password_hash: &str,
) -> Result<(), db::Error> {
    let sql = "update account set password_hash = ? where id = ? and password_hash = ?";
    db.exec(sql, args![password_hash, account.id, account.password_hash]).await?;
    Ok(())
}

/// Takes the password away and ends every session: a code of the secretariat sets a new one.
pub(super) async fn take_password_away(tx: &impl Run, id: &AccountId) -> Result<(), db::Error> {
    let sql = "update account set password_hash = '', failed_count = 0, locked_until_ms = 0, \
               session_generation = session_generation + 1 where id = ?";
    tx.exec(sql, args![id]).await?;
    Ok(())
}

/// Freezes an account, which ends every session, or lets it sign in again; `false` when it was so.
pub(super) async fn set_active(
    tx: &impl Run,
    id: &AccountId,
    is_active: bool,
) -> Result<bool, db::Error> {
    let (to, from) = if is_active { ("active", "frozen") } else { ("frozen", "active") };
    let sql = "update account set status = ?, session_generation = session_generation + 1 \
               where id = ? and status = ?";
    tx.changed(sql, args![to, id, from]).await
}

/// The account of a unit.
pub(super) async fn of_member(
    db: &impl Run,
    member: &MemberId,
) -> Result<Option<Account>, db::Error> {
    let sql = format!("select {COLUMNS} from account where member_id = ? order by id limit 1");
    Ok(db.fetch_one::<Row>(&sql, args![member]).await?.map(Account::from))
}

pub(super) async fn clear_failures(db: &impl Run, id: &AccountId) -> Result<(), db::Error> {
    let sql = "update account set failed_count = 0, locked_until_ms = 0 \
               where id = ? and (failed_count > 0 or locked_until_ms > 0)";
    db.exec(sql, args![id]).await?;
    Ok(())
}

/// Ends every session of an account.
pub(super) async fn end_sessions(tx: &impl Run, account: &AccountId) -> Result<(), db::Error> {
    let sql = "update account set session_generation = session_generation + 1 where id = ?";
    tx.exec(sql, args![account]).await?;
    Ok(())
}

/// What an account signs in with follows its member.
pub(super) async fn follow(tx: &impl Run, vault: &Vault, member: &Member) -> Result<(), db::Error> {
    let sql = "update account set uscc = ?, mobile_index = ? where member_id = ?";
    let index = vault.index(member.contact_mobile.as_str());
    tx.exec(sql, args![member.uscc, index, member.id]).await?;
    Ok(())
}

/// Ends every session of a member's accounts.
pub(super) async fn end_sessions_of(tx: &impl Run, member: &MemberId) -> Result<(), db::Error> {
    let sql = "update account set session_generation = session_generation + 1 where member_id = ?";
    tx.exec(sql, args![member]).await?;
    Ok(())
}
