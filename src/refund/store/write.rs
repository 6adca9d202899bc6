//! SQL that changes refunds: always from the states named, so that the first commit wins.

use crate::{
    db::{self, Flag, Run, args},
    kernel::{
        Fen, Timestamp,
        ids::{FileId, RefundId, StaffId, UnexplainedId},
    },
    refund::model::{Means, Origin, Part, Refund, RefundStatus},
};

/// A transfer back that somebody has made at the bank; empty for WeChat.
#[derive(Clone, Debug, Default)]
pub(in crate::refund) struct Transfer {
    /// The bank's reference.
    pub evidence: String,
    /// Who made it.
    pub paid_by: String,
    /// On which day.
    pub paid_on: String,
    /// The bank's receipts.
    pub files: Vec<FileId>,
}

/// A refund as it is asked for.
#[derive(Clone, Debug)]
pub(in crate::refund) struct NewRefundRow {
    pub id: RefundId,
    pub no: String,
    pub means: Means,
    pub origin: Origin,
    pub of: (String, String),
    pub out_trade_no: String,
    pub parked_id: Option<UnexplainedId>,
    pub member_id: String,
    pub amount: Fen,
    pub total: Fen,
    pub reason: String,
    pub reopens: bool,
    pub transfer: Transfer,
    pub status: RefundStatus,
    pub by: String,
}

pub(in crate::refund) async fn insert(
    tx: &impl Run,
    new: &NewRefundRow,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into refund (id, no, means, origin, of_kind, of_id, out_trade_no, \
        parked_id, member_id, amount, total, reason, reopens, evidence, paid_by, paid_on, status, \
        requested_by, requested_ms, decided_by, decided_ms, decision, wechat_id, problem, \
        next_ms, tries, ended_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
        ?, '', null, '', '', '', ?, 0, null)";
    let next = (new.status == RefundStatus::Submitting).then_some(now);
    let mut values = args![new.id, new.no, new.means, new.origin, new.of.0, new.of.1];
    values.extend(args![new.out_trade_no, new.parked_id, new.member_id, new.amount, new.total]);
    let Transfer { evidence, paid_by, paid_on, .. } = &new.transfer;
    values.extend(args![new.reason, Flag(new.reopens), evidence, paid_by, paid_on, new.status]);
    values.extend(args![new.by, now, next]);
    tx.exec(sql, values).await?;
    Ok(())
}

/// One that was begun outside; `false` when it is on record already.
pub(in crate::refund) async fn insert_foreign(
    tx: &impl Run,
    new: &NewRefundRow,
    (wechat_id, ended): (&str, Timestamp),
    now: Timestamp,
) -> Result<bool, db::Error> {
    match insert(tx, new, now).await {
        Err(error) if error.is_duplicate_of("uk_refund_no") => return Ok(false),
        done => done?,
    }
    let sql = "update refund set wechat_id = ?, ended_ms = ? where id = ?";
    tx.changed(sql, args![wechat_id, ended, new.id]).await
}

pub(in crate::refund) async fn insert_parts(
    tx: &impl Run,
    id: &RefundId,
    parts: &[Part],
) -> Result<(), db::Error> {
    if parts.is_empty() {
        return Ok(());
    }
    let rows = vec!["(?, ?, ?, ?, ?)"; parts.len()].join(", ");
    let sql = format!(
        "insert into refund_part (refund_id, of_kind, of_id, bill_id, amount) values {rows}"
    );
    let values = parts.iter().flat_map(|p| args![id, p.of_kind, p.of_id, p.bill_id, p.amount]);
    tx.exec(&sql, values.collect()).await?;
    Ok(())
}

/// What was planned once and came to nothing.
pub(in crate::refund) async fn clear_parts(tx: &impl Run, id: &RefundId) -> Result<(), db::Error> {
    tx.exec("delete from refund_part where refund_id = ?", args![id]).await?;
    Ok(())
}

/// The decision about a request. Who approves is never who asked; who withdraws always is.
pub(in crate::refund) async fn decide(
    tx: &impl Run,
    id: &RefundId,
    to: RefundStatus,
    (by, words): (&StaffId, &str),
    (is_own, now): (bool, Timestamp),
) -> Result<bool, db::Error> {
    let who = if is_own { "requested_by = ?" } else { "requested_by <> ?" };
    let sql = format!(
        "update refund set status = ?, decided_by = ?, decided_ms = ?, decision = ?, \
         next_ms = ?, ended_ms = ? where id = ? and status = 'requested' and {who}"
    );
    let next = (to == RefundStatus::Submitting).then_some(now);
    let ended = matches!(to, RefundStatus::Success | RefundStatus::Rejected).then_some(now);
    tx.changed(&sql, args![to, by, now, words, next, ended, id, by]).await
}

/// WeChat has accepted it, or it is in trouble there; asked again at `next`.
pub(in crate::refund) async fn accept(
    tx: &impl Run,
    id: &RefundId,
    to: RefundStatus,
    (wechat_id, problem): (&str, &str),
    next: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update refund set status = ?, wechat_id = ?, problem = ?, next_ms = ? \
               where id = ? and status in ('submitting', 'processing', 'refused', 'abnormal')";
    tx.changed(sql, args![to, wechat_id, problem, next, id]).await
}

/// It has ended at WeChat.
pub(in crate::refund) async fn end(
    tx: &impl Run,
    refund: &Refund,
    to: RefundStatus,
    (wechat_id, problem): (&str, &str),
    at: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update refund set status = ?, wechat_id = ?, problem = ?, next_ms = null, \
               ended_ms = ? where id = ? and status = ?";
    tx.changed(sql, args![to, wechat_id, problem, at, refund.id, refund.status]).await
}

/// Why it has not gone on, for people; `to` when it goes no further by itself.
pub(in crate::refund) async fn note_problem(
    tx: &impl Run,
    refund: &Refund,
    to: RefundStatus,
    (problem, next): (&str, Option<Timestamp>),
) -> Result<bool, db::Error> {
    let sql = "update refund set status = ?, problem = ?, next_ms = ? where id = ? and status = ?";
    tx.changed(sql, args![to, problem, next, refund.id, refund.status]).await
}

/// A person lets it be sent once more, under the same number.
pub(in crate::refund) async fn resubmit(
    tx: &impl Run,
    id: &RefundId,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update refund set status = 'submitting', next_ms = ? \
               where id = ? and status = 'refused'";
    tx.changed(sql, args![now, id]).await
}

/// A person has said what a refund from outside was for.
pub(in crate::refund) async fn charge(
    tx: &impl Run,
    id: &RefundId,
    (origin, parked): (Origin, Option<&UnexplainedId>),
    (by, words): (&StaffId, &str),
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update refund set status = 'success', origin = ?, parked_id = ?, decided_by = ?, \
               decided_ms = ?, decision = ? where id = ? and status = 'foreign'";
    tx.changed(sql, args![origin, parked, by, now, words, id]).await
}

/// Refunds that WeChat is to be asked about.
pub(in crate::refund) async fn due(
    db: &impl Run,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Refund>, db::Error> {
    let sql = format!(
        "select {} from refund where next_ms <= ? order by next_ms limit ?",
        super::COLUMNS
    );
    db.fetch(&sql, args![now, most]).await
}

/// Takes a question for this server; `false` when another one was faster.
pub(in crate::refund) async fn claim(
    db: &impl Run,
    refund: &Refund,
    next: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update refund set tries = tries + 1, next_ms = ? \
               where id = ? and tries = ? and next_ms is not null";
    db.changed(sql, args![next, refund.id, refund.tries]).await
}
