//! The writes: every change of a report is a compare-and-set on its state and version.

use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp, Vault,
        ids::{FileId, MemberId, OfflineId},
        vault::VaultError,
    },
    offline::model::{Draft, OfflineStatus},
};

/// The numbers of a new row.
pub(in crate::offline) struct New<'a> {
    pub id: &'a OfflineId,
    pub no: &'a str,
    pub member: &'a MemberId,
    pub submit_key: &'a str,
    pub sealed_tail: &'a str,
}

pub(in crate::offline) async fn insert(
    tx: &impl Run,
    new: New<'_>,
    draft: &Draft,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into offline_payment (id, no, member_id, bill_id, amount, paid_on, method, \
               payer_name, payer_tail, bank_ref, remark, status, reason, decided_by, decided_ms, \
               submitted_ms, version, submit_key) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'submitted', '', '', null, ?, 1, ?)";
    let values = args![
        new.id,
        new.no,
        new.member,
        draft.bill.id,
        draft.amount,
        draft.paid_on,
        draft.method,
        draft.payer_name,
        new.sealed_tail,
        draft.bank_ref,
        draft.remark,
        now,
        new.submit_key
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// 付款账号后四位 as it is stored.
pub(in crate::offline) fn sealed_tail(vault: &Vault, draft: &Draft) -> Result<String, VaultError> {
    if draft.payer_tail.is_empty() { Ok(String::new()) } else { vault.seal(&draft.payer_tail) }
}

/// What a change was made from: the row as its author saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The row.
    pub id: OfflineId,
    /// Its version then.
    pub version: i64,
}

/// The report is written anew and waits again. `false` when it was decided or changed meanwhile.
pub(in crate::offline) async fn amend(
    tx: &impl Run,
    seen: &Seen,
    sealed_tail: &str,
    draft: &Draft,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update offline_payment set bill_id = ?, amount = ?, paid_on = ?, method = ?, \
               payer_name = ?, payer_tail = ?, bank_ref = ?, remark = ?, status = 'submitted', \
               submitted_ms = ?, version = version + 1 \
               where id = ? and version = ? and status in ('submitted', 'rejected')";
    let values = args![
        draft.bill.id,
        draft.amount,
        draft.paid_on,
        draft.method,
        draft.payer_name,
        sealed_tail,
        draft.bank_ref,
        draft.remark,
        now,
        seen.id,
        seen.version
    ];
    tx.changed(sql, values).await
}

/// `false` when it was decided or changed meanwhile.
pub(in crate::offline) async fn delete(tx: &impl Run, seen: &Seen) -> Result<bool, db::Error> {
    let sql = "update offline_payment set status = 'deleted', version = version + 1 \
               where id = ? and version = ? and status in ('submitted', 'rejected')";
    tx.changed(sql, args![seen.id, seen.version]).await
}

/// Decides what still waits and is as it was seen. `false` otherwise.
pub(in crate::offline) async fn decide(
    tx: &impl Run,
    seen: &Seen,
    to: OfflineStatus,
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update offline_payment set status = ?, reason = ?, decided_by = ?, decided_ms = ?, \
               version = version + 1 where id = ? and version = ? and status = 'submitted'";
    tx.changed(sql, args![to.code(), reason, by, now, seen.id, seen.version]).await
}

/// Replaces the vouchers of a report.
pub(in crate::offline) async fn set_vouchers(
    tx: &impl Run,
    offline: &OfflineId,
    files: &[FileId],
) -> Result<(), db::Error> {
    tx.exec("delete from offline_voucher where offline_id = ?", args![offline]).await?;
    for (position, file) in (0i64..).zip(files) {
        let sql = "insert into offline_voucher (offline_id, file_id, position) values (?, ?, ?)";
        tx.exec(sql, args![offline, file, position]).await?;
    }
    Ok(())
}
