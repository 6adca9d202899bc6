//! WeChat's daily bill against the books, payments and refunds, in both directions. A payment that
//! the books lack (its notice and every question were lost) goes into the same `settle` as a notice
//! would, a refund into the same `conclude`; whatever cannot be explained becomes an item for
//! finance. Money that the books have and the bill lacks is asked about first: near midnight the two
//! may disagree about the day.
//!
//! The last comparison of a day is kept with its sums and with what does not agree. For a week a day
//! is compared again until it agrees: when it failed, when WeChat had not ended a refund, and after
//! finance has dealt with an item.

mod model;
mod payments;
mod refunds;
mod store;

use std::{collections::BTreeSet, time::Duration};

use crate::{
    kernel::{Date, Timestamp},
    web::{App, AppError},
    wechat::pay::{
        Transaction,
        bill::{BillFile, DayBill, Line, Lines, RefundLine},
    },
};

pub use model::{Compared, Day, KeptDifference};
pub use store::unsettled;
pub(super) use store::{day, days, differences, first_day};

use model::Tally;

/// A bill is made from nine o'clock on the next day; WeChat asks to wait until ten (wechat.md 7).
const READY_AFTER: Duration = Duration::from_mins(24 * 60 + 10 * 60 + 10);
/// Days that are looked back upon, so that a server that was away makes up for it.
const LOOK_BACK: u32 = 7;
const DAY: Duration = Duration::from_hours(24);
/// A comparison that died is begun anew after this.
const LOCK: Duration = Duration::from_mins(15);
/// Rows of the books at a time.
const PAGE: i64 = 100;
/// Lines of the bill at a time.
const LINES: usize = 100;
/// WeChat keeps bills for three months.
const OLDEST: u32 = 90;

/// Compares every day of the last week whose bill is ready and does not agree yet; the number of
/// payments and refunds that came into the books by it. One bad day does not hold up the others.
pub async fn compare_due(app: &App) -> Result<usize, AppError> {
    let now = app.clock.now();
    let midnight = midnight(now.date())?;
    let done = store::done_since(&app.db, (midnight - DAY * LOOK_BACK).date()).await?;
    let (mut booked, mut failure) = (0, None);
    for back in (1..=LOOK_BACK).rev() {
        let from = midnight - DAY * back;
        if now < from + READY_AFTER || done.contains(&from.date()) {
            continue;
        }
        match compare(app, from.date(), "").await {
            Ok(result) => booked += result.map_or(0, |result| result.booked),
            Err(error) => {
                tracing::warn!(day = %from.date(), %error, "a bill was not compared");
                failure = Some(error);
            }
        }
    }
    failure.map_or_else(|| Ok(usize::try_from(booked).unwrap_or_default()), Err)
}

/// Compares one day for `by`, staff or the job (empty); nothing while its bill is not ready or
/// another server is at it. A failure is kept beside the day.
pub async fn compare(app: &App, day: Date, by: &str) -> Result<Option<Compared>, AppError> {
    // Another installation may share the store: its days are not ours.
    let lock = format!("bill:{}", app.vault.index(&day.to_string()));
    if !app.store.put_new(&lock, "1", LOCK).await? {
        return Ok(None);
    }
    let result = locked(app, day, by).await;
    if let Err(error) = &result {
        store::note_failure(&app.db, day, (&error.to_string(), by), app.clock.now()).await?;
    }
    app.store.remove(&lock).await?;
    result
}

/// What the comparison of a day found, if it is done.
pub async fn compared(app: &App, day: Date) -> Result<Option<Compared>, AppError> {
    let day = store::day(&app.db, day).await?;
    Ok(day.filter(|day| day.status == "done").map(|day| day.result))
}

/// Where a day is: `None` when its bill cannot be had any more, else whether it is there.
pub(super) fn is_ready(day: Date, now: Timestamp) -> Result<Option<bool>, AppError> {
    let from = midnight(day)?;
    let is_old = now >= from + DAY * OLDEST;
    Ok((!is_old).then_some(now >= from + READY_AFTER))
}

/// The day before.
pub(super) fn before(day: Date) -> Result<Date, AppError> {
    Ok((midnight(day)? - DAY).date())
}

async fn locked(app: &App, day: Date, by: &str) -> Result<Option<Compared>, AppError> {
    let mut tally = Tally::default();
    let mut on_bill = BTreeSet::new();
    match app.pay.trade_bill(day).await? {
        DayBill::NotReady => return Ok(None),
        DayBill::NoTrades => {}
        DayBill::File(file) => bring_in(app, file, &mut tally, &mut on_bill).await?,
    }
    let from = midnight(day)?;
    let span = (from, from + DAY);
    payments::missing(app, (day, span), &on_bill, &mut tally).await?;
    refunds::missing(app, span, &on_bill, &mut tally).await?;
    let result = tally.result.clone();
    store::keep(app, day, (tally, by.to_owned())).await?;
    tracing::info!(
        %day,
        payments = result.payments,
        refunds = result.refunds,
        booked = result.booked,
        differing = result.differing,
        "compared the bill of {day}"
    );
    Ok(Some(result))
}

/// From the bill into the books.
async fn bring_in(
    app: &App,
    file: BillFile,
    tally: &mut Tally,
    on_bill: &mut BTreeSet<String>,
) -> Result<(), AppError> {
    tally.result.sha1.clone_from(&file.sha1);
    let mut lines = file.lines()?;
    loop {
        let (paid, refunded) = page(&mut lines)?;
        if paid.is_empty() && refunded.is_empty() {
            return Ok(());
        }
        if !paid.is_empty() {
            payments::bring_in(app, paid, tally, on_bill).await?;
        }
        if !refunded.is_empty() {
            refunds::bring_in(app, refunded, tally, on_bill).await?;
        }
    }
}

/// The next payments and refunds.
fn page(lines: &mut Lines) -> Result<(Vec<Transaction>, Vec<RefundLine>), AppError> {
    let (mut paid, mut refunded) = (Vec::new(), Vec::new());
    for line in lines {
        match line? {
            Line::Payment(said) => paid.push(*said),
            Line::Refund(said) => refunded.push(*said),
            Line::Other => {}
        }
        if paid.len() + refunded.len() == LINES {
            break;
        }
    }
    Ok((paid, refunded))
}

fn midnight(day: Date) -> Result<Timestamp, AppError> {
    Timestamp::from_rfc3339(&format!("{day}T00:00:00+08:00"))
        .ok_or_else(|| AppError::Fault(format!("{day} has no beginning")))
}
