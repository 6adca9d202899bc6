//! SQL of what other rooms want to know about confirmed transfers.

use serde::Deserialize;

use crate::{
    db::{self, Run, args, bind, marks},
    kernel::{
        Fen,
        ids::{MemberId, OfflineId},
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
}

const TRANSFER: &str = "select id, no, member_id, amount, paid_on, status from offline_payment";

/// The transfer with this number.
pub async fn transfer_by_no(db: &impl Run, no: &str) -> Result<Option<Transfer>, db::Error> {
    db.fetch_one(&format!("{TRANSFER} where no = ?"), args![no]).await
}

/// These transfers, in no particular order.
pub async fn transfers_of(db: &impl Run, ids: &[String]) -> Result<Vec<Transfer>, db::Error> {
    let sql = format!("{TRANSFER} where id in ({})", marks(ids.len()));
    db.fetch(&sql, ids.iter().map(bind).collect()).await
}

/// Transfers in the order of their ids, for whoever reads them all.
pub async fn transfers_after(
    db: &impl Run,
    after: &str,
    most: i64,
) -> Result<Vec<Transfer>, db::Error> {
    let sql = format!("{TRANSFER} where id > ? order by id limit ?");
    db.fetch(&sql, args![after, most]).await
}
