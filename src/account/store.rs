//! SQL of accounts and WeChat bindings.

use serde::Deserialize;

use super::model::{Account, Binding};
use crate::{
    db::{self, Run, args},
    kernel::{
        OpenId, Timestamp, Uscc, Vault,
        ids::{AccountId, MemberId},
        vault::VaultError,
    },
    member::Member,
    web::AppError,
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

#[derive(Deserialize)]
struct BindingRow {
    account_id: AccountId,
    open_id: String,
    bound_ms: Timestamp,
}

impl BindingRow {
    fn open(self, vault: &Vault) -> Result<Binding, VaultError> {
        let open_id = OpenId::parse(&vault.open(&self.open_id)?);
        Ok(Binding {
            account_id: self.account_id,
            open_id: open_id.map_err(|_| VaultError::DoesNotOpen)?,
            bound_at: self.bound_ms,
        })
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

pub(super) async fn clear_failures(db: &impl Run, id: &AccountId) -> Result<(), db::Error> {
    let sql = "update account set failed_count = 0, locked_until_ms = 0 \
               where id = ? and (failed_count > 0 or locked_until_ms > 0)";
    db.exec(sql, args![id]).await?;
    Ok(())
}

/// The live binding of an account.
pub(crate) async fn binding(
    db: &impl Run,
    vault: &Vault,
    account: &AccountId,
) -> Result<Option<Binding>, AppError> {
    let sql = "select account_id, open_id, bound_ms from wechat_binding \
               where account_id = ? and active_key is not null";
    let row: Option<BindingRow> = db.fetch_one(sql, args![account]).await?;
    Ok(row.map(|row| row.open(vault)).transpose()?)
}

#[derive(Deserialize)]
struct Count {
    n: i64,
}

/// How many accounts this WeChat serves.
pub(super) async fn accounts_of(
    db: &impl Run,
    app_id: &str,
    open_id_index: &str,
) -> Result<i64, db::Error> {
    let sql = "select count(*) as n from wechat_binding \
               where app_id = ? and open_id_index = ? and active_key is not null";
    let row: Option<Count> = db.fetch_one(sql, args![app_id, open_id_index]).await?;
    Ok(row.map_or(0, |row| row.n))
}

pub(super) async fn insert_binding(
    tx: &impl Run,
    vault: &Vault,
    (id, app_id): (&str, &str),
    account: &AccountId,
    open_id: &OpenId,
    now: Timestamp,
) -> Result<(), AppError> {
    let sql = "insert into wechat_binding (id, account_id, app_id, open_id, open_id_index, \
               active_key, bound_ms, ended_ms, end_reason) values (?, ?, ?, ?, ?, '1', ?, null, '')";
    let sealed = vault.seal(open_id.as_str())?;
    let index = vault.index(open_id.as_str());
    match tx.exec(sql, args![id, account, app_id, sealed, index, now]).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_duplicate_of("uk_wechat_binding_account_id_active_key") => {
            Err(AppError::Refused("another WeChat was bound meanwhile".into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends the live binding; `false` when there is none.
pub(super) async fn end_binding(
    tx: &impl Run,
    account: &AccountId,
    reason: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update wechat_binding set active_key = null, ended_ms = ?, end_reason = ? \
               where account_id = ? and active_key is not null";
    tx.changed(sql, args![now, reason, account]).await
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
