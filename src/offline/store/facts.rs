//! SQL of what other rooms want to know about confirmed transfers.

use serde::Deserialize;

use crate::{
    db::{self, Run, args, bind, marks},
    kernel::{
        Fen,
        ids::{FileId, MemberId, OfflineId},
    },
    offline::model::OfflineStatus,
};

/// A transfer as the books know it.
#[derive(Clone, Debug, Deserialize)]
pub struct Transfer {
    /// Row id; the source in the books.
    pub id: OfflineId,
    /// 缴费编号.
    pub no: String,
    /// Whose it is.
    pub member_id: MemberId,
    /// What came, fen.
    pub amount: Fen,
    /// The day of the transfer.
    pub paid_on: String,
    /// Where it stands.
    pub status: OfflineStatus,
    /// What of it exceeded its bill, fen.
    pub surplus: Fen,
    /// `open`, `returned`, …; `none` without a surplus.
    pub surplus_state: String,
}

const TRANSFER: &str = "select p.id, p.no, p.member_id, p.amount, p.paid_on, p.status, \
    coalesce(c.surplus, 0) as surplus, coalesce(c.surplus_state, 'none') as surplus_state \
    from offline_payment p left join offline_confirmation c on c.offline_id = p.id";

/// What stands in suspense because transfers exceeded their bills, fen.
pub async fn surplus_open(db: &impl Run) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(surplus), 0) as signed) as total \
               from offline_confirmation where surplus_state = 'open'";
    let found: Option<Fen> = db.fetch_one(sql, args![]).await?;
    Ok(found.unwrap_or(Fen::ZERO))
}

/// The transfer with this number.
pub async fn transfer_by_no(db: &impl Run, no: &str) -> Result<Option<Transfer>, db::Error> {
    db.fetch_one(&format!("{TRANSFER} where p.no = ?"), args![no]).await
}

/// These transfers, in no particular order.
pub async fn transfers_of(db: &impl Run, ids: &[String]) -> Result<Vec<Transfer>, db::Error> {
    let sql = format!("{TRANSFER} where p.id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// Transfers in the order of their ids, for whoever reads them all.
pub async fn transfers_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<Transfer>, db::Error> {
    let sql = format!("{TRANSFER} where p.id > ? order by p.id limit ?");
    db.fetch(&sql, args![after, most]).await
}

/// A correction that took money of a transfer back: a source of its own in the books.
#[derive(Clone, Debug, Deserialize)]
pub struct TakenBack {
    /// Row id; the source in the books.
    pub id: String,
    /// The transfer.
    pub offline_id: OfflineId,
}

const TAKEN_BACK: &str = "select id, offline_id from offline_correction \
    where status = 'approved' and kind in ('reverse', 'return')";

/// The transfer of a correction, in whatever state that is.
pub(in crate::offline) async fn corrected(
    db: &impl Run,
    correction: &str,
) -> Result<Option<OfflineId>, db::Error> {
    let sql = "select offline_id from offline_correction where id = ?";
    db.fetch_one(sql, args![correction]).await
}

/// What took money of these transfers back.
pub async fn taken_back_of(db: &impl Run, ids: &[String]) -> Result<Vec<TakenBack>, db::Error> {
    let sql = format!("{TAKEN_BACK} and offline_id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// Which of these corrections took money back.
pub async fn taken_back_by(db: &impl Run, ids: &[String]) -> Result<Vec<TakenBack>, db::Error> {
    let sql = format!("{TAKEN_BACK} and id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// A voucher and the report that it belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct VoucherRef {
    /// The file.
    pub file_id: FileId,
    /// 缴费编号.
    pub no: String,
}

/// Vouchers of all versions in the order of their files, for whoever looks at them all.
pub async fn vouchers_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<VoucherRef>, db::Error> {
    let sql = "select v.file_id, min(p.no) as no from offline_voucher v \
               join offline_payment p on p.id = v.offline_id \
               where v.file_id > ? group by v.file_id order by v.file_id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// How many vouchers there are: for progress.
pub async fn voucher_count(db: &impl Run) -> Result<i64, db::Error> {
    let sql = "select count(*) as n from offline_voucher";
    let found: Option<i64> = db.fetch_one(sql, args![]).await?;
    Ok(found.unwrap_or_default())
}
