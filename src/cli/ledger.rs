//! `huiyuan ledger`: prove the books, hand them out.

use std::{
    fs::File,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use clap::Subcommand;

use super::{CliError, say};
use crate::{
    config::Settings,
    kernel::{Clock, Ids},
    reconcile::{
        check::{self, Cause},
        export::{Format, What, export},
        verify::Step,
    },
    server,
};

/// A statement over a whole batch may take so long; nobody waits on a page for it.
const QUERY_LIMIT: Duration = Duration::from_mins(1);

#[derive(Subcommand)]
pub(super) enum Ledger {
    /// Compare the books with every payment, transfer, refund, bill and voucher. Progress goes to
    /// standard error, what does not agree to standard output; the exit code is 1 if there is any,
    /// and 2 if the check could not be made.
    Verify,
    /// Write everything of one kind, in the order of its keys: payments, refunds, allocations or
    /// entries. Sums are fen, times RFC 3339.
    Export {
        /// payments, refunds, allocations or entries.
        #[arg(long)]
        what: What,
        /// jsonl or csv.
        #[arg(long, default_value = "jsonl")]
        format: Format,
        /// A file; standard output without it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub(super) async fn run(settings: &Settings, command: Ledger) -> Result<(), CliError> {
    match command {
        Ledger::Verify => verify(settings).await,
        Ledger::Export { what, format, out } => write(settings, (what, format), out).await,
    }
}

async fn verify(settings: &Settings) -> Result<(), CliError> {
    let app = server::assemble(settings, Clock::System, Ids::system()).await?;
    let broken = |error: crate::web::AppError| CliError::Other(error.to_string());
    let id = check::begin(&app, Cause::Command).await.map_err(broken)?;
    let id = id.ok_or_else(|| CliError::Other("another check is under way".into()))?;
    let report = check::run(&app, &id, progress()).await.map_err(broken)?;
    // The line of the progress ends here.
    let _ = writeln!(std::io::stderr());
    for one in &report.findings {
        say(&format!("{}: {}: {}", one.check, one.object, one.problem))?;
    }
    if report.is_sound() {
        return say(&format!("the books are right: {} objects compared", report.checked));
    }
    let shown = report.findings.len();
    Err(CliError::Differs(format!("{} findings ({shown} shown)", report.found)))
}

/// Shows how far the check is: one line that changes on a terminal; in a log a line for each tenth.
/// Standard error may be closed; the check goes on all the same.
fn progress() -> impl Fn(&Step) + Send + Sync + 'static {
    let is_terminal = std::io::stderr().is_terminal();
    let last = AtomicI64::new(-1);
    move |Step { name, done, total }| {
        let tenth = done * 10 / (*total).max(1);
        if is_terminal {
            let _ = write!(std::io::stderr(), "\r{name:<10} {done} / about {total}   ");
        } else if last.swap(tenth, Ordering::Relaxed) != tenth {
            let _ = writeln!(std::io::stderr(), "{name:<10} {done} / about {total}");
        }
    }
}

async fn write(
    settings: &Settings,
    kind: (What, Format),
    out: Option<PathBuf>,
) -> Result<(), CliError> {
    let app = server::assemble(settings, Clock::System, Ids::system()).await?;
    let db = app.db.with_query_limit(QUERY_LIMIT);
    let db = db.map_err(|error| CliError::Other(error.to_string()))?;
    let failed = |error: crate::reconcile::export::ExportError| CliError::Other(error.to_string());
    let rows = match out {
        Some(path) => {
            let named = |error| CliError::File(path.display().to_string(), error);
            let mut file = File::create(&path).map_err(named)?;
            export(&db, kind, &mut file).await.map_err(failed)?
        }
        None => export(&db, kind, &mut std::io::stdout()).await.map_err(failed)?,
    };
    let _ = writeln!(std::io::stderr(), "{rows} rows");
    Ok(())
}
