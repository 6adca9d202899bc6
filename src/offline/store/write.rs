//! The writes: every change of a report is a compare-and-set on its state and version.

use crate::{
    db::{self, Run, Value, args, bind, marks},
    file,
    kernel::{
        Timestamp, Vault,
        ids::{FileId, MemberId, OfflineId},
        vault::VaultError,
    },
    offline::model::{Deed, Draft},
};

/// The numbers of a new row.
pub(in crate::offline) struct New<'a> {
    pub id: &'a OfflineId,
    pub no: &'a str,
    pub member: &'a MemberId,
    pub submit_key: &'a str,
}

/// What is personal, as it is stored.
#[derive(Clone, Debug)]
pub(in crate::offline) struct Sealed {
    payer_name: String,
    payer_tail: String,
    remark: String,
    email: String,
}

impl Sealed {
    /// Seals what is personal in a form; what is empty stays empty.
    pub(in crate::offline) fn of(vault: &Vault, draft: &Draft) -> Result<Self, VaultError> {
        let seal = |text: &str| if text.is_empty() { Ok(String::new()) } else { vault.seal(text) };
        Ok(Self {
            payer_name: seal(&draft.payer_name)?,
            payer_tail: seal(&draft.payer_tail)?,
            remark: seal(&draft.remark)?,
            email: seal(&draft.email)?,
        })
    }
}

/// What was typed, in the order of both statements below.
fn typed(draft: &Draft, sealed: &Sealed) -> Vec<Value> {
    args![
        draft.bill.id,
        draft.bill.year,
        draft.amount,
        draft.paid_on,
        draft.method,
        sealed.payer_name,
        sealed.payer_tail,
        draft.bank_ref,
        sealed.remark,
        draft.title,
        sealed.email
    ]
}

pub(in crate::offline) async fn insert(
    tx: &impl Run,
    new: New<'_>,
    (draft, sealed): (&Draft, &Sealed),
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into offline_payment (id, no, member_id, bill_id, year, amount, paid_on, \
               method, payer_name, payer_tail, bank_ref, remark, title, email, status, reason, \
               decided_by, decided_ms, submitted_ms, version, submit_key) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'submitted', '', '', null, ?, 1, ?)";
    let mut values = args![new.id, new.no, new.member];
    values.extend(typed(draft, sealed));
    values.extend(args![now, new.submit_key]);
    tx.exec(sql, values).await?;
    Ok(())
}

/// What a change was made from: the row as its author saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The row.
    pub id: OfflineId,
    /// Its version then.
    pub version: i64,
}

/// The condition that a deed is allowed on the row as it was seen, and its values.
fn allowed(deed: Deed, seen: &Seen) -> (String, Vec<Value>) {
    let states = deed.starts_from();
    let mut values = args![seen.id, seen.version];
    values.extend(states.iter().map(|state| bind(state.code())));
    (format!("where id = ? and version = ? and status in ({})", marks(states.len())), values)
}

/// The report is written anew and waits again. `false` when it was decided or changed meanwhile.
pub(in crate::offline) async fn amend(
    tx: &impl Run,
    seen: &Seen,
    (draft, sealed): (&Draft, &Sealed),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let (condition, bounds) = allowed(Deed::Amend, seen);
    let sql = format!(
        "update offline_payment set bill_id = ?, year = ?, amount = ?, paid_on = ?, method = ?, \
         payer_name = ?, payer_tail = ?, bank_ref = ?, remark = ?, title = ?, email = ?, \
         status = ?, submitted_ms = ?, version = version + 1 {condition}"
    );
    let mut values = typed(draft, sealed);
    values.extend(args![Deed::Amend.leads_to().code(), now]);
    values.extend(bounds);
    tx.changed(&sql, values).await
}

/// `false` when it was decided or changed meanwhile.
pub(in crate::offline) async fn delete(tx: &impl Run, seen: &Seen) -> Result<bool, db::Error> {
    let (condition, bounds) = allowed(Deed::Delete, seen);
    let sql = format!("update offline_payment set status = ?, version = version + 1 {condition}");
    let mut values = args![Deed::Delete.leads_to().code()];
    values.extend(bounds);
    tx.changed(&sql, values).await
}

/// Decides what still waits and is as it was seen. `false` otherwise.
pub(in crate::offline) async fn decide(
    tx: &impl Run,
    seen: &Seen,
    deed: Deed,
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let (condition, bounds) = allowed(deed, seen);
    let sql = format!(
        "update offline_payment set status = ?, reason = ?, decided_by = ?, decided_ms = ?, \
         version = version + 1 {condition}"
    );
    let mut values = args![deed.leads_to().code(), reason, by, now];
    values.extend(bounds);
    tx.changed(&sql, values).await
}

/// Marks what was confirmed as taken back; nothing else of the row changes, its version neither.
pub(in crate::offline) async fn reverse(tx: &impl Run, seen: &Seen) -> Result<bool, db::Error> {
    let (condition, bounds) = allowed(Deed::Reverse, seen);
    let sql = format!("update offline_payment set status = ? {condition}");
    let mut values = args![Deed::Reverse.leads_to().code()];
    values.extend(bounds);
    tx.changed(&sql, values).await
}

/// Replaces the vouchers of a report. Those that finance may have seen stay as evidence, marked as
/// replaced. `false` when a new one is gone, because the form lay open for more than a day.
pub(in crate::offline) async fn set_vouchers(
    tx: &impl Run,
    offline: &OfflineId,
    files: &[FileId],
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "select file_id from offline_voucher where offline_id = ?";
    let held: Vec<FileId> = tx.fetch(sql, args![offline]).await?;
    let new: Vec<FileId> = files.iter().filter(|id| !held.contains(id)).cloned().collect();
    if !file::claim(tx, &new).await? {
        return Ok(false);
    }
    let sql = "update offline_voucher set replaced_ms = ? \
               where offline_id = ? and replaced_ms is null";
    tx.exec(sql, args![now, offline]).await?;
    for (position, file) in (0i64..).zip(files) {
        let sql = "update offline_voucher set replaced_ms = null, position = ? \
                   where offline_id = ? and file_id = ?";
        if tx.changed(sql, args![position, offline, file]).await? {
            continue;
        }
        let sql = "insert into offline_voucher (offline_id, file_id, position, replaced_ms) \
                   values (?, ?, ?, null)";
        tx.exec(sql, args![offline, file, position]).await?;
    }
    Ok(true)
}

/// Lets the vouchers of a deleted report go, unless finance has ever decided on it.
pub(in crate::offline) async fn release_vouchers(
    tx: &impl Run,
    offline: &OfflineId,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "select count(*) as n from offline_event where offline_id = ? and staff_id <> ''";
    let decided: Option<i64> = tx.fetch_one(sql, args![offline]).await?;
    if decided.unwrap_or_default() > 0 {
        return Ok(());
    }
    let sql = "select file_id from offline_voucher where offline_id = ?";
    let files: Vec<FileId> = tx.fetch(sql, args![offline]).await?;
    tx.exec("delete from offline_voucher where offline_id = ?", args![offline]).await?;
    file::release(tx, &files, now).await
}
