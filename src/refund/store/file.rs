//! SQL of the bank's receipts of refunds.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::ids::{FileId, RefundId},
};

/// The receipts of a refund in their order.
pub(in crate::refund) async fn files(
    db: &impl Run,
    refund: &RefundId,
) -> Result<Vec<FileId>, db::Error> {
    let sql = "select file_id from refund_file where refund_id = ? order by position";
    db.fetch(sql, args![refund]).await
}

/// Attaches the receipts, once: a refund that was asked for is never changed.
pub(in crate::refund) async fn insert_files(
    tx: &impl Run,
    refund: &RefundId,
    files: &[FileId],
) -> Result<(), db::Error> {
    for (position, file) in (0i64..).zip(files) {
        let sql = "insert into refund_file (refund_id, file_id, position) values (?, ?, ?)";
        tx.exec(sql, args![refund, file, position]).await?;
    }
    Ok(())
}

/// A receipt and the refund that it belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct FileRef {
    /// The file.
    pub file_id: FileId,
    /// 退款单号.
    pub no: String,
}

/// Receipts in the order of their files, for whoever looks at them all.
pub async fn files_after(db: &impl Run, after: &str, most: i64) -> Result<Vec<FileRef>, db::Error> {
    let sql = "select f.file_id, min(r.no) as no from refund_file f \
               join refund r on r.id = f.refund_id \
               where f.file_id > ? group by f.file_id order by f.file_id limit ?";
    db.fetch(sql, args![after, most]).await
}

/// How many receipts there are: for progress.
pub async fn file_count(db: &impl Run) -> Result<i64, db::Error> {
    let found: Option<i64> = db.fetch_one("select count(*) as n from refund_file", args![]).await?;
    Ok(found.unwrap_or_default())
}
