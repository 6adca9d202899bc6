//! SQL of payment links. A link is found by the index of its token; the token itself is kept
//! nowhere.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{
        Timestamp,
        ids::{AccountId, BillId, LinkId, MemberId},
    },
};

/// A payment link.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// Row id.
    pub id: LinkId,
    /// Whose bill.
    pub member_id: MemberId,
    /// The one bill that it pays.
    pub bill_id: BillId,
    /// When it was made.
    pub created_ms: Timestamp,
    /// Until when it opens.
    pub expires_ms: Timestamp,
    /// Since when it does not open any more, because its member said so.
    pub revoked_ms: Option<Timestamp>,
}

const COLUMNS: &str = "id, member_id, bill_id, created_ms, expires_ms, revoked_ms";

pub(in crate::payment) async fn insert(
    tx: &impl Run,
    link: &Link,
    token_index: &str,
    by: &AccountId,
) -> Result<(), db::Error> {
    let sql = "insert into payment_link (id, token_index, member_id, bill_id, created_by, \
               created_ms, expires_ms, revoked_ms) values (?, ?, ?, ?, ?, ?, ?, null)";
    let Link { id, member_id, bill_id, created_ms, expires_ms, .. } = link;
    let values = args![id, token_index, member_id, bill_id, by, created_ms, expires_ms];
    tx.exec(sql, values).await?;
    Ok(())
}

/// The link behind a token, if it still opens.
pub(in crate::payment) async fn by_token(
    db: &impl Run,
    token_index: &str,
    now: Timestamp,
) -> Result<Option<Link>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from payment_link \
         where token_index = ? and revoked_ms is null and expires_ms > ?"
    );
    db.fetch_one(&sql, args![token_index, now]).await
}

/// One of a member's own links.
pub(in crate::payment) async fn of_member(
    db: &impl Run,
    id: &LinkId,
    member: &MemberId,
) -> Result<Option<Link>, db::Error> {
    let sql = format!("select {COLUMNS} from payment_link where id = ? and member_id = ?");
    db.fetch_one(&sql, args![id, member]).await
}

/// A member's links, newest first.
pub(in crate::payment) async fn page(
    db: &impl Run,
    member: &MemberId,
    before: &str,
    most: i64,
) -> Result<Vec<Link>, db::Error> {
    // Every id sorts before `~`.
    let before = if before.is_empty() { "~" } else { before };
    let sql = format!(
        "select {COLUMNS} from payment_link where member_id = ? and id < ? \
         order by id desc limit ?"
    );
    db.fetch(&sql, args![member, before, most]).await
}

/// How many of a member's links still open.
pub(in crate::payment) async fn count_live(
    db: &impl Run,
    member: &MemberId,
    now: Timestamp,
) -> Result<i64, db::Error> {
    let sql = "select count(*) from payment_link \
               where member_id = ? and revoked_ms is null and expires_ms > ?";
    Ok(db.fetch_one(sql, args![member, now]).await?.unwrap_or_default())
}

/// Ends a link; `false` when it was ended before.
pub(in crate::payment) async fn revoke(
    tx: &impl Run,
    id: &LinkId,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update payment_link set revoked_ms = ? where id = ? and revoked_ms is null";
    tx.changed(sql, args![now, id]).await
}
