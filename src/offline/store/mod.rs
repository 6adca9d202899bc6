//! SQL of offline payments. What is personal (付款户名, 付款账号后四位, 备注, 接收邮箱) is sealed
//! and opened here.

mod confirmation;
mod correction;
mod event;
mod facts;
mod list;
mod write;

use serde::Deserialize;

pub(super) use confirmation::{confirmation, insert_confirmation, move_surplus};
pub(super) use correction::{NewCorrection, answer_correction, corrections, insert_correction};
pub(super) use event::{Happened, events, insert_event};
pub(super) use facts::corrected;
pub use facts::{
    TakenBack, Transfer, VoucherRef, surplus_open, taken_back_by, taken_back_of, transfer_by_no,
    transfers_after, transfers_of, voucher_count, vouchers_after,
};
pub use list::{
    Filter, Needle, WaitsFor, corrections_waiting, page, surplus_waiting, undecided_of, waiting,
};
pub use write::Seen;
pub(super) use write::{
    New, Sealed, amend, decide, delete, insert, release_vouchers, reverse, set_vouchers,
};

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

const COLUMNS: &str = "id, no, member_id, bill_id, year, amount, paid_on, method, payer_name, \
    payer_tail, bank_ref, remark, title, email, status, reason, decided_by, decided_ms, \
    submitted_ms, version";

#[derive(Deserialize)]
struct Row {
    id: OfflineId,
    no: String,
    member_id: MemberId,
    bill_id: BillId,
    year: i64,
    amount: Fen,
    paid_on: Date,
    method: String,
    payer_name: String,
    payer_tail: String,
    bank_ref: String,
    remark: String,
    title: String,
    email: String,
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
            payer_name: vault.open(&self.payer_name)?,
            payer_tail: vault.open(&self.payer_tail)?,
            remark: vault.open(&self.remark)?,
            email: vault.open(&self.email)?,
            id: self.id,
            no: self.no,
            member_id: self.member_id,
            bill_id: self.bill_id,
            year: self.year,
            amount: self.amount,
            paid_on: self.paid_on,
            method: self.method,
            bank_ref: self.bank_ref,
            title: self.title,
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

/// Other reports with the same 流水号 that are not rejected or deleted: perhaps the same money.
pub(super) async fn same_reference(
    db: &impl Run,
    payment: &OfflinePayment,
) -> Result<Vec<String>, db::Error> {
    if payment.bank_ref.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "select no from offline_payment where bank_ref = ? and id <> ? \
               and status in ('submitted', 'confirmed') order by id limit 5";
    db.fetch(sql, args![payment.bank_ref, payment.id]).await
}

/// The vouchers of a report in their order.
pub(super) async fn vouchers(db: &impl Run, offline: &OfflineId) -> Result<Vec<FileId>, db::Error> {
    #[derive(Deserialize)]
    struct Voucher {
        file_id: FileId,
    }
    let sql = "select file_id from offline_voucher where offline_id = ? and replaced_ms is null \
               order by position";
    let rows: Vec<Voucher> = db.fetch(sql, args![offline]).await?;
    Ok(rows.into_iter().map(|row| row.file_id).collect())
}

/// A voucher that the member has replaced since it was sent in.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Replaced {
    pub file_id: FileId,
    pub replaced_ms: Timestamp,
}

/// The vouchers of a report's earlier versions, the newest first.
pub(super) async fn replaced_vouchers(
    db: &impl Run,
    offline: &OfflineId,
) -> Result<Vec<Replaced>, db::Error> {
    let sql = "select file_id, replaced_ms from offline_voucher where offline_id = ? \
               and replaced_ms is not null order by replaced_ms desc, position limit 50";
    db.fetch(sql, args![offline]).await
}

/// True for a voucher of any version of the report.
pub(super) async fn has_voucher(
    db: &impl Run,
    offline: &OfflineId,
    file: &FileId,
) -> Result<bool, db::Error> {
    let sql = "select count(*) as n from offline_voucher where offline_id = ? and file_id = ?";
    let found: Option<i64> = db.fetch_one(sql, args![offline, file]).await?;
    Ok(found.is_some_and(|count| count > 0))
}
