//! Handing the books to an outside auditor: a row for each payment, refund, allocation or entry, in
//! the order of their keys, streamed so that memory does not grow with the books.
//!
//! The columns are a contract (`columns`): they keep their names, order and meaning; new ones are
//! added at the end. Sums are fen, times are RFC 3339 in Shanghai, empty means "none".

pub mod columns;
mod write;

use std::io::Write;

pub use columns::What;
pub use write::Format;

use crate::{
    db::{self, Db},
    dues, ledger, payment, refund,
};
use columns::{allocation, entry, payment as payment_cells, refund as refund_cells};
use write::Writer;

/// Rows of one batch.
const BATCH: i64 = 1000;

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nobody reads any more, or the disk is full.
    #[error("writing: {0}")]
    Io(#[from] std::io::Error),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Writes everything of one kind; returns how many rows there were.
pub async fn export(
    db: &Db,
    (what, format): (What, Format),
    out: &mut (dyn Write + Send),
) -> Result<u64, ExportError> {
    let mut writer = Writer::new(out, format, what.columns())?;
    let mut after = String::new();
    loop {
        let rows = match what {
            What::Payments => {
                let rows = payment::received_after(db, &after, BATCH).await?;
                keys(&mut after, rows.last().map(|row| &row.transaction_id));
                rows.into_iter().map(payment_cells).collect()
            }
            What::Refunds => {
                let rows = refund::refunds_after(db, &after, BATCH).await?;
                keys(&mut after, rows.last().map(|row| &row.id));
                rows.into_iter().map(refund_cells).collect()
            }
            What::Allocations => {
                let rows = dues::allocations_after(db, &after, BATCH).await?;
                keys(&mut after, rows.last().map(|row| &row.id));
                rows.into_iter().map(allocation).collect()
            }
            What::Entries => {
                let rows = ledger::entries_after(db, &after, BATCH).await?;
                keys(&mut after, rows.last().map(|row| &row.id));
                rows.into_iter().map(entry).collect::<Vec<_>>()
            }
        };
        if rows.is_empty() {
            return Ok(writer.finish()?);
        }
        for row in rows {
            writer.row(row)?;
        }
    }
}

fn keys(after: &mut String, last: Option<&impl ToString>) {
    if let Some(last) = last {
        *after = last.to_string();
    }
}
