//! Evidence: every voucher of a transfer and every receipt of a refund is still the file that was
//! uploaded. Each is read whole, one at a time.

use super::{Finding, Progress, Report, seen_again};
use crate::{
    file,
    kernel::ids::FileId,
    offline, refund,
    web::{App, AppError},
};

const CHECK: &str = "files";
/// Files of one batch.
const BATCH: i64 = 20;

/// Whose files they are: the kind and the words before the number.
#[derive(Clone, Copy)]
enum Of {
    Transfers,
    Refunds,
}

impl Of {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Transfers => ("offline", "缴费凭证"),
            Self::Refunds => ("refund", "银行回单"),
        }
    }

    /// File and number, in the order of the files.
    async fn after(self, app: &App, after: &str) -> Result<Vec<(FileId, String)>, AppError> {
        Ok(match self {
            Self::Transfers => {
                let found = offline::vouchers_after(&app.db, after, BATCH).await?;
                found.into_iter().map(|it| (it.file_id, it.no)).collect()
            }
            Self::Refunds => {
                let found = refund::files_after(&app.db, after, BATCH).await?;
                found.into_iter().map(|it| (it.file_id, it.no)).collect()
            }
        })
    }
}

pub(super) async fn check(
    app: &App,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), AppError> {
    for of in [Of::Transfers, Of::Refunds] {
        let mut after = String::new();
        loop {
            let files = of.after(app, &after).await?;
            let Some((last, _)) = files.last() else { break };
            let from = std::mem::replace(&mut after, last.to_string());
            report.add(seen_again(|| damaged(app, of, &from)).await?);
            progress.advance(files.len()).await?;
        }
    }
    Ok(())
}

async fn damaged(app: &App, of: Of, after: &str) -> Result<Vec<Finding>, AppError> {
    let (kind, word) = of.words();
    let mut found = Vec::new();
    for (file, no) in of.after(app, after).await? {
        if let Some(damage) = file::damage(app, &file).await? {
            let problem = format!("{word} {file} {}", damage.label());
            found.push(Finding::new(CHECK, &format!("{kind} {no}"), &problem));
        }
    }
    Ok(found)
}
