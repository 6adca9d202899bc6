//! SQL of refunds. A state changes only from the states named.

mod file;
mod limit;
mod list;
mod write;

pub use file::{FileRef, file_count, files_after};
pub(super) use file::{files, insert_files};
pub(super) use limit::{Limit, check_in, give_back, reserved, take};
pub use limit::{LimitFacts, limits_after};
pub(super) use list::{Filter, page};
pub use list::{
    RefundFact, counts, done_of, gone_between, known, refunds_after, waiting, with_ids,
    with_numbers,
};
pub(super) use write::{
    NewRefundRow, Transfer, accept, charge, claim, clear_parts, decide, due, end, insert,
    insert_foreign, insert_parts, note_problem, resubmit,
};

use crate::{
    db::{self, Run, args},
    kernel::{Fen, ids::RefundId},
    refund::model::{Part, Refund},
};

const COLUMNS: &str = "id, no, means, origin, of_kind, of_id, out_trade_no, parked_id, member_id, \
    amount, total, reason, reopens, evidence, paid_by, paid_on, status, requested_by, requested_ms, decided_by, \
    decided_ms, decision, wechat_id, problem, tries, ended_ms";

/// One refund.
pub(super) async fn refund(db: &impl Run, id: &RefundId) -> Result<Option<Refund>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from refund where id = ?"), args![id]).await
}

/// The refund with this number.
pub(super) async fn by_no(db: &impl Run, no: &str) -> Result<Option<Refund>, db::Error> {
    db.fetch_one(&format!("select {COLUMNS} from refund where no = ?"), args![no]).await
}

/// What was given back of a payment, whoever did it, fen.
pub(super) async fn gone(db: &impl Run, of: (&str, &str)) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total from refund \
               where of_kind = ? and of_id = ? and status in ('success', 'foreign')";
    let found: Option<Fen> = db.fetch_one(sql, args![of.0, of.1]).await?;
    Ok(found.unwrap_or(Fen::ZERO))
}

/// What it takes off which bills, in the order in which bills are locked.
pub(super) async fn parts(db: &impl Run, id: &RefundId) -> Result<Vec<Part>, db::Error> {
    let sql = "select of_kind, of_id, bill_id, amount from refund_part \
               where refund_id = ? order by bill_id, of_kind, of_id";
    db.fetch(sql, args![id]).await
}
