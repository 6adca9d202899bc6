//! SQL of WeChat bindings.

use serde::Deserialize;

use crate::{
    account::model::Binding,
    db::{self, Run, args},
    kernel::{
        OpenId, Timestamp, Uscc, Vault,
        ids::{AccountId, MemberId},
        vault::VaultError,
    },
    web::AppError,
};

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

/// The WeChat that is bound to an account of a member now, sealed; the oldest account first.
pub(in crate::account) async fn open_id_of_member(
    db: &impl Run,
    member: &MemberId,
) -> Result<Option<String>, db::Error> {
    let sql = "select b.open_id from account a join wechat_binding b on b.account_id = a.id \
               where a.member_id = ? and b.active_key is not null order by a.id limit 1";
    db.fetch_one(sql, args![member]).await
}

#[derive(Deserialize)]
struct Count {
    n: i64,
}

/// How many accounts this WeChat serves.
pub(in crate::account) async fn accounts_of(
    db: &impl Run,
    app_id: &str,
    open_id_index: &str,
) -> Result<i64, db::Error> {
    let sql = "select count(*) as n from wechat_binding \
               where app_id = ? and open_id_index = ? and active_key is not null";
    let row: Option<Count> = db.fetch_one(sql, args![app_id, open_id_index]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// The accounts that this WeChat serves, the oldest binding first.
pub(in crate::account) async fn bound_to(
    db: &impl Run,
    app_id: &str,
    open_id_index: &str,
) -> Result<Vec<AccountId>, db::Error> {
    let sql = "select account_id from wechat_binding \
               where app_id = ? and open_id_index = ? and active_key is not null order by id";
    db.fetch(sql, args![app_id, open_id_index]).await
}

pub(in crate::account) async fn insert_binding(
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
pub(in crate::account) async fn end_binding(
    tx: &impl Run,
    account: &AccountId,
    reason: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update wechat_binding set active_key = null, ended_ms = ?, end_reason = ? \
               where account_id = ? and active_key is not null";
    tx.changed(sql, args![now, reason, account]).await
}

/// The index of the WeChat in which a unit registered.
pub(in crate::account) async fn registrant(
    db: &impl Run,
    uscc: &Uscc,
) -> Result<Option<String>, db::Error> {
    let sql = "select open_id_index from wechat_registrant where uscc = ?";
    db.fetch_one(sql, args![uscc]).await
}

pub(in crate::account) async fn set_registrant(
    tx: &impl Run,
    uscc: &Uscc,
    open_id_index: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.exec("delete from wechat_registrant where uscc = ?", args![uscc]).await?;
    let sql = "insert into wechat_registrant (uscc, open_id_index, at_ms) values (?, ?, ?)";
    tx.exec(sql, args![uscc, open_id_index, now]).await?;
    Ok(())
}
