//! Proving the books: every source balanced, every fen on a bill, refunded or parked, every state
//! what the numbers say, and every voucher as it was sent in. Reads everything in key order, a batch at a time, so that memory
//! does not grow with the books.
//!
//! The product goes on while it is checked, and the database shows each statement what is committed
//! then. Therefore whatever does not agree is looked at again before it is reported: what was only
//! being written a moment ago agrees then.

mod bills;
mod entries;
mod files;
mod orders;
mod parked;
mod payments;
mod progress;
mod refunds;
mod transfers;

use serde::{Deserialize, Serialize};

pub use progress::{Progress, Step};

use crate::{
    db::{self, Run},
    dues, offline, payment, refund,
    web::{App, AppError},
};

/// Rows of one batch.
pub(super) const BATCH: i64 = 500;

/// A finding is kept after it was seen so often in a row.
const LOOKS: u32 = 3;

/// Kept findings; all are counted.
pub const MOST_FINDINGS: usize = 200;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which check found it: `entries`, `payments`, …
    pub check: String,
    /// What it is about: a kind and an id.
    pub object: String,
    /// What is wrong with it, for finance.
    pub problem: String,
}

impl Finding {
    fn new(check: &str, object: &str, problem: &str) -> Self {
        Self { check: check.into(), object: object.into(), problem: problem.into() }
    }
}

/// What a check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects that were compared.
    pub checked: i64,
    /// Everything that does not agree.
    pub found: i64,
    /// The first of it.
    pub findings: Vec<Finding>,
}

impl Report {
    /// True when the books are right.
    pub const fn is_sound(&self) -> bool {
        self.found == 0
    }

    fn add(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            self.found += 1;
            if self.findings.len() < MOST_FINDINGS {
                self.findings.push(finding);
            }
        }
    }
}

/// The names of the steps in their order, with the words for people.
pub const STEPS: [(&str, &str); 8] = [
    ("entries", "分录"),
    ("payments", "线上支付"),
    ("transfers", "线下缴费"),
    ("parked", "待处理款项"),
    ("refunds", "退款"),
    ("bills", "会费账单"),
    ("orders", "订单"),
    ("files", "凭证文件"),
];

/// Compares everything with everything.
pub async fn verify(app: &App, progress: &mut Progress) -> Result<Report, AppError> {
    progress.expect(roughly(&app.db).await?);
    let mut report = Report::default();
    progress.enter(&STEPS[0]).await?;
    entries::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[1]).await?;
    payments::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[2]).await?;
    transfers::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[3]).await?;
    parked::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[4]).await?;
    refunds::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[5]).await?;
    bills::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[6]).await?;
    orders::check(app, progress, &mut report).await?;
    progress.enter(&STEPS[7]).await?;
    files::check(app, progress, &mut report).await?;
    report.checked = progress.done();
    Ok(report)
}

/// How many objects there are, roughly: every payment is met three times.
async fn roughly(db: &impl Run) -> Result<i64, db::Error> {
    let (orders, paid) = payment::counts(db).await?;
    let (bills, allocations) = dues::counts(db).await?;
    let refunds = refund::counts(db).await?;
    let files = offline::voucher_count(db).await? + refund::file_count(db).await?;
    Ok(orders + 3 * paid + bills + allocations + 3 * refunds + files)
}

/// What a batch does not agree about, seen [`LOOKS`] times in a row.
async fn seen_again<F, Fut>(mut look: F) -> Result<Vec<Finding>, AppError>
where
    F: FnMut() -> Fut + Send,
    Fut: Future<Output = Result<Vec<Finding>, AppError>> + Send,
{
    let found = look().await?;
    still_seen(found, look).await
}

/// What is found again when it is read anew; the first reading was that of the batch.
async fn still_seen<F, Fut>(mut found: Vec<Finding>, mut look: F) -> Result<Vec<Finding>, AppError>
where
    F: FnMut() -> Fut + Send,
    Fut: Future<Output = Result<Vec<Finding>, AppError>> + Send,
{
    for _ in 1..LOOKS {
        if found.is_empty() {
            break;
        }
        let now = look().await?;
        found.retain(|finding| now.contains(finding));
    }
    Ok(found)
}
