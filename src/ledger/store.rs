//! SQL of the ledger.

use serde::Deserialize;

use super::{Account, Posting};
use crate::{
    db::{self, Run, args},
    kernel::{Fen, Ids, Timestamp},
};

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
    let sql = format!(
        "insert into ledger_entry \
         (id, at_ms, account, amount, source_kind, source_id, kind, line) values {rows}"
    );
    tx.exec(&sql, values).await?;
    Ok(())
}

pub(super) async fn balance(db: &impl Run, account: Account) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total \
               from ledger_entry where account = ?";
    let row: Option<Sum> = db.fetch_one(sql, args![account.code()]).await?;
    Ok(row.map_or(Fen::ZERO, |row| row.total))
}

pub(super) async fn total(db: &impl Run) -> Result<Fen, db::Error> {
    let sql = "select cast(coalesce(sum(amount), 0) as signed) as total from ledger_entry";
    let row: Option<Sum> = db.fetch_one(sql, args![]).await?;
    Ok(row.map_or(Fen::ZERO, |row| row.total))
}
