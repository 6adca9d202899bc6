//! SQL of offline payments. 付款账号后四位 is sealed here and opened here.

mod facts;
mod write;

use serde::Deserialize;

pub use facts::{Transfer, transfer_by_no, transfers_after, transfers_of};
pub use write::Seen;
pub(super) use write::{New, amend, decide, delete, insert, sealed_tail, set_vouchers};

use super::model::{OfflinePayment, OfflineStatus};
use crate::{
    db::{self, Run, args},
    kernel::{
        Date, Fen, Timestamp, Vault,
        ids::{BillId, FileId, MemberId, OfflineId},
        vault::VaultError,
    },
    web::AppError,
};

const COLUMNS: &str = "id, no, member_id, bill_id, amount, paid_on, method, payer_name, \
    payer_tail, bank_ref, remark, status, reason, decided_by, decided_ms, submitted_ms, version";

#[derive(Deserialize)]
struct Row {
    id: OfflineId,
    no: String,
    member_id: MemberId,
    bill_id: BillId,
    amount: Fen,
    paid_on: Date,
    method: String,
    payer_name: String,
    payer_tail: String,
    bank_ref: String,
    remark: String,
    status: OfflineStatus,
    reason: String,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    submitted_ms: Timestamp,
    version: i64,
}

impl Row {
    fn open(self, vault: &Vault) -> Result<OfflinePayment, VaultError> {
        Ok(OfflinePayment {
            payer_tail: vault.open(&self.payer_tail)?,
            id: self.id,
            no: self.no,
            member_id: self.member_id,
            bill_id: self.bill_id,
            amount: self.amount,
            paid_on: self.paid_on,
            method: self.method,
            payer_name: self.payer_name,
            bank_ref: self.bank_ref,
            remark: self.remark,
            status: self.status,
            reason: self.reason,
            decided_by: self.decided_by,
            decided_at: self.decided_ms,
            submitted_at: self.submitted_ms,
            version: self.version,
        })
    }
}

fn opened(rows: Vec<Row>, vault: &Vault) -> Result<Vec<OfflinePayment>, AppError> {
    Ok(rows.into_iter().map(|row| row.open(vault)).collect::<Result<_, _>>()?)
}

pub(super) async fn find(
    db: &impl Run,
    vault: &Vault,
    id: &OfflineId,
) -> Result<Option<OfflinePayment>, AppError> {
    let sql = format!("select {COLUMNS} from offline_payment where id = ?");
    Ok(opened(db.fetch(&sql, args![id]).await?, vault)?.pop())
}

/// A member's reports that are not deleted, newest first; at most 200.
pub async fn of_member(
    db: &impl Run,
    vault: &Vault,
    member: &MemberId,
) -> Result<Vec<OfflinePayment>, AppError> {
    let sql = format!(
        "select {COLUMNS} from offline_payment where member_id = ? and status <> 'deleted' \
         order by id desc limit 200"
    );
    opened(db.fetch(&sql, args![member]).await?, vault)
}

/// The reports on a bill that wait for a decision.
pub(super) async fn waiting_on(
    db: &impl Run,
    vault: &Vault,
    bill: &BillId,
) -> Result<Vec<OfflinePayment>, AppError> {
    let sql = format!(
        "select {COLUMNS} from offline_payment where bill_id = ? and status = 'submitted' \
         order by id limit 20"
    );
    opened(db.fetch(&sql, args![bill]).await?, vault)
}

/// A page of the queue: what waits oldest first, what is decided newest first.
pub(super) async fn page(
    db: &impl Run,
    vault: &Vault,
    status: OfflineStatus,
    beyond: Option<&OfflineId>,
    most: i64,
) -> Result<Vec<OfflinePayment>, AppError> {
    let (beyond_sql, order, end) = match status {
        OfflineStatus::Submitted => ("id > ?", "id", ""),
        _ => ("id < ?", "id desc", "~"),
    };
    let beyond = beyond.map_or(end, OfflineId::as_str);
    let sql = format!(
        "select {COLUMNS} from offline_payment where status = ? and {beyond_sql} \
         order by {order} limit ?"
    );
    opened(db.fetch(&sql, args![status.code(), beyond, most]).await?, vault)
}

/// How many reports wait for finance, and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(submitted_ms) as oldest from offline_payment \
               where status = 'submitted'";
    let row: Option<Row> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// The vouchers of a report in their order.
pub(super) async fn vouchers(db: &impl Run, offline: &OfflineId) -> Result<Vec<FileId>, db::Error> {
    #[derive(Deserialize)]
    struct Voucher {
        file_id: FileId,
    }
    let sql = "select file_id from offline_voucher where offline_id = ? order by position";
    let rows: Vec<Voucher> = db.fetch(sql, args![offline]).await?;
    Ok(rows.into_iter().map(|row| row.file_id).collect())
}
