//! SQL of 换绑申请: a lost WeChat is replaced after evidence, approval and a pause.

use serde::Deserialize;

use crate::{
    account::rescue::{Rescue, Status},
    db::{self, Run, args},
    kernel::{
        Timestamp,
        ids::{AccountId, FileId, MemberId},
    },
};

const COLUMNS: &str = "id, account_id, member_id, status, reason, file_id, ip, requested_ms, \
                       decided_by, decision, decided_ms, effective_ms";

#[derive(Deserialize)]
struct Row {
    id: String,
    account_id: AccountId,
    member_id: MemberId,
    status: Status,
    reason: String,
    file_id: FileId,
    ip: String,
    requested_ms: Timestamp,
    decided_by: String,
    decision: String,
    decided_ms: Option<Timestamp>,
    effective_ms: Option<Timestamp>,
}

impl From<Row> for Rescue {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            account: row.account_id,
            member: row.member_id,
            status: row.status,
            reason: row.reason,
            file: row.file_id,
            ip: row.ip,
            requested_at: row.requested_ms,
            decided_by: row.decided_by,
            decision: row.decision,
            decided_at: row.decided_ms,
            effective_at: row.effective_ms,
        }
    }
}

/// Stores a request; the unique key refuses a second one that is open.
pub(in crate::account) async fn insert(tx: &impl Run, new: &Rescue) -> Result<(), db::Error> {
    let sql = "insert into wechat_rescue (id, account_id, member_id, status, active_key, reason, \
               file_id, ip, requested_ms, decided_by, decision, decided_ms, effective_ms) \
               values (?, ?, ?, 'waiting', '1', ?, ?, ?, ?, '', '', null, null)";
    let values =
        args![new.id, new.account, new.member, new.reason, new.file, new.ip, new.requested_at];
    tx.exec(sql, values).await?;
    Ok(())
}

/// The request of an account that is neither done nor refused.
pub(in crate::account) async fn open(
    db: &impl Run,
    account: &AccountId,
) -> Result<Option<Rescue>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from wechat_rescue where account_id = ? and active_key is not null"
    );
    Ok(db.fetch_one::<Row>(&sql, args![account]).await?.map(Rescue::from))
}

/// The request of an account that is open, else the last one, whatever became of it.
pub(in crate::account) async fn last(
    db: &impl Run,
    account: &AccountId,
) -> Result<Option<Rescue>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from wechat_rescue where account_id = ? \
         order by case when active_key is null then 1 else 0 end, id desc limit 1"
    );
    Ok(db.fetch_one::<Row>(&sql, args![account]).await?.map(Rescue::from))
}

/// Requests in a state, the oldest first.
pub(in crate::account) async fn in_state(
    db: &impl Run,
    status: Status,
    most: i64,
) -> Result<Vec<Rescue>, db::Error> {
    let sql = format!("select {COLUMNS} from wechat_rescue where status = ? order by id limit ?");
    let rows: Vec<Row> = db.fetch(&sql, args![status, most]).await?;
    Ok(rows.into_iter().map(Rescue::from).collect())
}

/// Approved requests whose pause is over.
pub(in crate::account) async fn due(
    db: &impl Run,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Rescue>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from wechat_rescue where status = 'cooling' and effective_ms <= ? \
         order by effective_ms limit ?"
    );
    let rows: Vec<Row> = db.fetch(&sql, args![now, most]).await?;
    Ok(rows.into_iter().map(Rescue::from).collect())
}

/// What the secretariat says.
pub(in crate::account) struct Decision<'a> {
    pub by: &'a str,
    pub words: &'a str,
    pub now: Timestamp,
    /// When an approval takes effect; `None` refuses.
    pub effective: Option<Timestamp>,
}

/// Decides a waiting request; `false` when somebody else was faster.
pub(in crate::account) async fn decide(
    tx: &impl Run,
    id: &str,
    decision: &Decision<'_>,
) -> Result<bool, db::Error> {
    let (status, key) = match decision.effective {
        Some(_) => (Status::Cooling, Some("1")),
        None => (Status::Rejected, None),
    };
    let sql = "update wechat_rescue set status = ?, active_key = ?, decided_by = ?, decision = ?, \
               decided_ms = ?, effective_ms = ? where id = ? and status = 'waiting'";
    let values =
        args![status, key, decision.by, decision.words, decision.now, decision.effective, id];
    tx.changed(sql, values).await
}

/// Ends a request that is in one of two open states; `false` when it is not open any more.
pub(in crate::account) async fn end(
    tx: &impl Run,
    id: &str,
    from: Status,
    to: Status,
) -> Result<bool, db::Error> {
    let sql = "update wechat_rescue set status = ?, active_key = null where id = ? and status = ?";
    tx.changed(sql, args![to, id, from]).await
}
