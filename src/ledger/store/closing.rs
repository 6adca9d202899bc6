//! SQL of the balances: what was closed, and what came since. The entries are the truth; a closing
//! only spares a page the adding up of everything, and is made anew after every check of the books.

use serde::Deserialize;

use super::{Account, id_floor};
use crate::{
    db::{self, Db, Run, Tx, args},
    kernel::{Fen, Timestamp},
};

/// The balance of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Balance {
    /// [`Account::code`].
    pub account: String,
    /// The sum of its entries, fen.
    pub amount: Fen,
    /// How many there are.
    pub entries: i64,
}

#[derive(Deserialize)]
struct Closing {
    account: String,
    until_id: String,
    amount: Fen,
    entries: i64,
}

const SUM: &str = "select cast(coalesce(sum(amount), 0) as signed) as amount, \
    count(*) as entries from ledger_entry where account = ?";

#[derive(Deserialize)]
struct Sum {
    amount: Fen,
    entries: i64,
}

/// The balances of all accounts that have entries: the closing, and a range of one index for each
/// account behind it.
pub async fn balances(db: &impl Run) -> Result<Vec<Balance>, db::Error> {
    let sql = "select account, until_id, amount, entries from ledger_closing";
    let closings: Vec<Closing> = db.fetch(sql, args![]).await?;
    let mut found = Vec::new();
    for account in Account::ALL.map(Account::code) {
        let closing = closings.iter().find(|closing| closing.account == account);
        let from = closing.map_or("", |closing| closing.until_id.as_str());
        let since: Option<Sum> =
            db.fetch_one(&format!("{SUM} and id >= ?"), args![account, from]).await?;
        let (amount, entries) = since.map_or((Fen::ZERO, 0), |sum| (sum.amount, sum.entries));
        let before = closing.map_or((Fen::ZERO, 0), |closing| (closing.amount, closing.entries));
        let amount = amount
            .checked_add(before.0)
            .ok_or_else(|| db::Error::Other(format!("the balance of {account} is too large")))?;
        let entries = entries + before.1;
        if entries > 0 {
            found.push(Balance { account: account.to_owned(), amount, entries });
        }
    }
    Ok(found)
}

/// Closes the accounts: adds up all entries made before `until`, for whoever has the time.
/// `until` must be older than any transaction that may still be open.
pub async fn close(db: &Db, until: Timestamp) -> Result<(), db::Error> {
    let until = id_floor(until);
    let mut closings = Vec::new();
    for account in Account::ALL.map(Account::code) {
        let sql = format!("{SUM} and id < ?");
        let sum: Option<Sum> = db.fetch_one(&sql, args![account, until]).await?;
        let (amount, entries) = sum.map_or((Fen::ZERO, 0), |sum| (sum.amount, sum.entries));
        let (account, until_id) = (account.to_owned(), until.clone());
        closings.push(Closing { account, until_id, amount, entries });
    }
    db::transaction(db, closings, |tx, closings| Box::pin(replace(tx, closings))).await
}

async fn replace(tx: &Tx, closings: &[Closing]) -> Result<(), db::Error> {
    tx.exec("delete from ledger_closing", args![]).await?;
    let sql = "insert into ledger_closing (account, until_id, amount, entries) \
               values (?, ?, ?, ?)";
    for Closing { account, until_id, amount, entries } in closings {
        tx.exec(sql, args![account, until_id, amount, entries]).await?;
    }
    Ok(())
}
