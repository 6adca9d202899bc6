//! SQL of the ledger. Rows are only added.

mod closing;

use serde::Deserialize;

pub use closing::{Balance, balances, close};

use super::model::{Account, Entry, EntryFilter, Posting, SourceSum};
use crate::{
    db::{self, Run, args, bind, marks},
    kernel::{Fen, Ids, Timestamp},
};

const COLUMNS: &str = "id, at_ms, account, amount, source_kind, source_id, kind, line";

const SUMS: &str = "select source_id, cast(coalesce(sum(amount), 0) as signed) as total, \
    cast(coalesce(sum(case when account = 'wechat-clearing' then amount else 0 end), 0) \
    as signed) as clearing, \
    cast(coalesce(sum(case when account in ('bank', 'cash') then amount else 0 end), 0) \
    as signed) as bank, \
    cast(coalesce(sum(case when account = 'dues-income' then amount else 0 end), 0) \
    as signed) as income, \
    cast(coalesce(sum(case when account = 'suspense' then amount else 0 end), 0) \
    as signed) as suspense, \
    cast(coalesce(sum(case when account = 'refunds-payable' then amount else 0 end), 0) \
    as signed) as payable from ledger_entry where source_kind = ?";

#[derive(Deserialize)]
struct Sum {
    total: Fen,
}

pub(super) async fn insert(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    posting: &Posting,
) -> Result<(), db::Error> {
    let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?)"; posting.lines.len()].join(", ");
    let mut values = Vec::with_capacity(posting.lines.len() * 8);
    for (line, (account, amount)) in (1i64..).zip(&posting.lines) {
        values.extend(args![
            ids.next(now),
            now,
            account.code(),
            amount,
            posting.source.kind,
            posting.source.id,
            posting.kind,
            line
        ]);
    }
    let sql = format!("insert into ledger_entry ({COLUMNS}) values {rows}");
    tx.exec(&sql, values).await?;
    Ok(())
}

/// The sum of an account's entries.
pub async fn balance(db: &impl Run, account: Account) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total \
               from ledger_entry where account = ?";
    let row: Option<Sum> = db.fetch_one(sql, args![account.code()]).await?;
    Ok(row.map_or(Fen::ZERO, |row| row.total))
}

/// The sum of all entries; anything but zero is a broken book.
pub async fn total(db: &impl Run) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total from ledger_entry";
    let row: Option<Sum> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or(Fen::ZERO, |row| row.total))
}

/// Entries that fit a filter, newest first.
pub async fn page(db: &impl Run, filter: &EntryFilter, most: i64) -> Result<Vec<Entry>, db::Error> {
    let mut sql = format!("select {COLUMNS} from ledger_entry where 1 = 1");
    let mut values = Vec::new();
    if let Some(account) = filter.account {
        sql.push_str(" and account = ?");
        values.push(bind(account.code()));
    }
    if !filter.source.is_empty() {
        // Every kind that exists: the unique key begins with the kind.
        let kinds = kinds(db).await?;
        sql.push_str(" and source_kind in (");
        sql.push_str(&marks(kinds.len()));
        sql.push_str(") and source_id = ?");
        values.extend(kinds.iter().map(bind));
        values.push(bind(&filter.source));
    }
    // The ids are ordered by the time at which they were made: no second index is needed.
    if let Some(from) = filter.from {
        sql.push_str(" and id >= ? and at_ms >= ?");
        values.extend(args![id_floor(from), from]);
    }
    if let Some(until) = filter.until {
        sql.push_str(" and id < ? and at_ms < ?");
        values.extend(args![id_floor(until), until]);
    }
    if !filter.before.is_empty() {
        sql.push_str(" and id < ?");
        values.push(bind(&filter.before));
    }
    sql.push_str(" order by id desc limit ?");
    values.push(bind(&most));
    db.fetch(&sql, values).await
}

/// No id that was made at `at` or later is smaller (UUIDv7 begins with its milliseconds).
fn id_floor(at: Timestamp) -> String {
    format!("{:012x}", at.millis().max(0))
}

/// Entries in the order of their ids, for whoever reads them all.
pub async fn entries_after(db: &impl Run, after: &str, most: i64) -> Result<Vec<Entry>, db::Error> {
    let sql = format!("select {COLUMNS} from ledger_entry where id > ? order by id limit ?");
    db.fetch(&sql, args![after, most]).await
}

/// The kinds of sources that have entries, found by leaps over the unique key.
pub async fn kinds(db: &impl Run) -> Result<Vec<String>, db::Error> {
    #[derive(Deserialize)]
    struct Row {
        kind: Option<String>,
    }
    let mut kinds: Vec<String> = Vec::new();
    loop {
        let last = kinds.last().cloned().unwrap_or_default();
        let sql = "select min(source_kind) as kind from ledger_entry where source_kind > ?";
        let row: Option<Row> = db.fetch_one(sql, args![last]).await?;
        match row.and_then(|row| row.kind) {
            Some(kind) => kinds.push(kind),
            None => return Ok(kinds),
        }
    }
}

/// The sums of the sources of a kind, in the order of their ids, for whoever reads them all.
pub async fn sums_after(
    db: &impl Run,
    kind: &str,
    after: &str,
    most: i64,
) -> Result<Vec<SourceSum>, db::Error> {
    let sql = format!("{SUMS} and source_id > ? group by source_id order by source_id limit ?");
    db.fetch(&sql, args![kind, after, most]).await
}

/// The sums of these sources; those without entries are left out.
pub async fn sums_of(
    db: &impl Run,
    kind: &str,
    ids: &[String],
) -> Result<Vec<SourceSum>, db::Error> {
    let sql = format!("{SUMS} and source_id in ({}) group by source_id", marks(ids.len()));
    let mut values = args![kind];
    values.extend(ids.iter().map(bind));
    db.fetch(&sql, values).await
}
