//! SQL of limits: how much of a payment, and of what it put on each bill, may still go back. The
//! database itself refuses more (`ck_refund_limit_reserved`).

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::Fen,
    refund::model::MOST_PARTS,
};

/// A payment (`slot` empty) or a part of it.
#[derive(Clone, Debug)]
pub(in crate::refund) struct Limit<'a> {
    pub of: (&'a str, &'a str),
    pub slot: &'a str,
}

/// Makes sure that the limit is there; its total never changes.
pub(in crate::refund) async fn check_in(
    tx: &impl Run,
    limit: &Limit<'_>,
    total: Fen,
) -> Result<(), db::Error> {
    let sql = "insert into refund_limit (of_kind, of_id, slot, total, reserved, parts) \
               values (?, ?, ?, ?, 0, 0)";
    let (kind, id) = limit.of;
    match tx.exec(sql, args![kind, id, limit.slot, total]).await {
        Err(error) if !error.is_duplicate() => Err(error),
        _ => Ok(()),
    }
}

/// Sets a sum aside; `false` when so much is not left, or it were one part too many.
pub(in crate::refund) async fn take(
    tx: &impl Run,
    limit: &Limit<'_>,
    amount: Fen,
) -> Result<bool, db::Error> {
    let sql = "update refund_limit set reserved = reserved + ?, parts = parts + 1 \
               where of_kind = ? and of_id = ? and slot = ? and reserved + ? <= total \
               and parts < ?";
    let (kind, id) = limit.of;
    tx.changed(sql, args![amount, kind, id, limit.slot, amount, MOST_PARTS]).await
}

/// Frees a sum that did not go back after all. The part is not given back: WeChat counts it.
pub(in crate::refund) async fn give_back(
    tx: &impl Run,
    limit: &Limit<'_>,
    amount: Fen,
) -> Result<bool, db::Error> {
    let sql = "update refund_limit set reserved = reserved - ? \
               where of_kind = ? and of_id = ? and slot = ? and reserved >= ?";
    let (kind, id) = limit.of;
    tx.changed(sql, args![amount, kind, id, limit.slot, amount]).await
}

/// What is set aside of a part, fen.
pub(in crate::refund) async fn reserved(
    db: &impl Run,
    limit: &Limit<'_>,
) -> Result<Fen, db::Error> {
    let sql = "select reserved from refund_limit where of_kind = ? and of_id = ? and slot = ?";
    let (kind, id) = limit.of;
    let found: Option<Fen> = db.fetch_one(sql, args![kind, id, limit.slot]).await?;
    Ok(found.unwrap_or(Fen::ZERO))
}

/// A payment's limit beside the sum of the refunds that hold it.
#[derive(Clone, Debug, Deserialize)]
pub struct LimitFacts {
    /// `payment` or `offline`.
    pub of_kind: String,
    /// The payment within its kind.
    pub of_id: String,
    /// The whole payment, fen.
    pub total: Fen,
    /// What is set aside, fen.
    pub reserved: Fen,
    /// The refunds that may go, go or are gone, fen.
    pub held: Fen,
    /// Of them, those that are gone and booked, fen.
    pub done: Fen,
}

/// Limits of whole payments of a kind in the order of their ids, for whoever reads them all.
pub async fn limits_after(
    db: &impl Run,
    kind: &str,
    after: &str,
    most: i64,
) -> Result<Vec<LimitFacts>, db::Error> {
    let sql = "select l.of_kind, l.of_id, l.total, l.reserved, \
        (select cast(coalesce(sum(r.amount), 0) as signed) from refund r \
        where r.of_kind = l.of_kind and r.of_id = l.of_id \
        and r.status not in ('closed', 'rejected')) as held, \
        (select cast(coalesce(sum(r.amount), 0) as signed) from refund r \
        where r.of_kind = l.of_kind and r.of_id = l.of_id and r.status = 'success') as done \
        from refund_limit l where l.slot = '' and l.of_kind = ? and l.of_id > ? \
        order by l.of_id limit ?";
    db.fetch(sql, args![kind, after, most]).await
}
