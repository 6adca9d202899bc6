//! WeChat's daily bill against the books, in both directions. A payment that the books lack (its
//! notice and every question were lost) goes into the same [`settle`] as a notice would; whatever
//! cannot be explained becomes an item for finance. Money that the books have and the bill lacks is
//! asked about first: near midnight the two may disagree about the day.

mod store;

use std::{collections::BTreeSet, time::Duration};

use crate::{
    kernel::{Date, Timestamp, ids::OutTradeNo},
    payment::{
        self, Settled,
        settle::{Outcome, settle},
    },
    web::{App, AppError},
    wechat::pay::{
        Transaction,
        bill::{BillFile, DayBill, Line, Lines},
    },
};

pub use store::Compared;

/// A bill is made from nine o'clock on the next day; WeChat asks to wait until ten (wechat.md 7).
const READY_AFTER: Duration = Duration::from_mins(24 * 60 + 10 * 60 + 10);
/// Days that are looked back upon, so that a server that was away makes up for it.
const LOOK_BACK: u32 = 7;
const DAY: Duration = Duration::from_hours(24);
/// A comparison that died is begun anew after this.
const LOCK: Duration = Duration::from_mins(15);
/// Lines and attempts at a time.
const PAGE: usize = 100;

/// Compares every day of the last week whose bill is ready and not yet compared; the number of
/// payments that came into the books by it. One bad day does not hold up the others.
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
        match compare(app, from.date()).await {
            Ok(result) => booked += result.map_or(0, |result| result.booked),
            Err(error) => {
                tracing::warn!(day = %from.date(), %error, "a bill was not compared");
                failure = Some(error);
            }
        }
    }
    failure.map_or_else(|| Ok(usize::try_from(booked).unwrap_or_default()), Err)
}

/// Compares one day; nothing while its bill is not ready or another server is at it.
pub async fn compare(app: &App, day: Date) -> Result<Option<Compared>, AppError> {
    let lock = format!("bill:{day}");
    if !app.store.put_new(&lock, "1", LOCK).await? {
        return Ok(None);
    }
    let result = locked(app, day).await;
    app.store.remove(&lock).await?;
    result
}

/// What the comparison of a day found, if it is done.
pub async fn compared(app: &App, day: Date) -> Result<Option<Compared>, AppError> {
    Ok(store::compared(&app.db, day).await?)
}

async fn locked(app: &App, day: Date) -> Result<Option<Compared>, AppError> {
    let mut result = Compared::default();
    let mut on_bill = BTreeSet::new();
    match app.pay.trade_bill(day).await? {
        DayBill::NotReady => return Ok(None),
        DayBill::NoTrades => {}
        DayBill::File(file) => bring_in(app, file, &mut result, &mut on_bill).await?,
    }
    result.differing += missing(app, day, &on_bill).await?;
    store::insert(&app.db, day, &result, app.clock.now()).await?;
    tracing::info!(
        %day,
        payments = result.payments,
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
    result: &mut Compared,
    on_bill: &mut BTreeSet<String>,
) -> Result<(), AppError> {
    result.sha1.clone_from(&file.sha1);
    let mut lines = file.lines()?;
    loop {
        let page = page(&mut lines)?;
        if page.is_empty() {
            return Ok(());
        }
        result.payments += i64::try_from(page.len()).unwrap_or_default();
        let ids: Vec<String> = page.iter().filter_map(|said| said.transaction_id.clone()).collect();
        let known = payment::settled_of(&app.db, &ids).await?;
        on_bill.extend(ids);
        for said in page {
            if known.iter().any(|settled| is_same(settled, &said)) {
                continue;
            }
            match settle(app, said, None).await? {
                Outcome::Settled => result.booked += 1,
                Outcome::Parked(_) => result.differing += 1,
                // Parked before, or booked by a notice at this very moment.
                Outcome::Repeat | Outcome::NotPaid => {}
            }
        }
    }
}

/// The next payments.
fn page(lines: &mut Lines) -> Result<Vec<Transaction>, AppError> {
    let payments = lines.filter_map(|line| match line {
        Ok(Line::Payment(said)) => Some(Ok(*said)),
        Ok(Line::Other) => None,
        Err(error) => Some(Err(error.into())),
    });
    payments.take(PAGE).collect()
}

fn is_same(settled: &Settled, said: &Transaction) -> bool {
    said.transaction_id.as_deref() == Some(settled.transaction_id.as_str())
        && said.out_trade_no == settled.out_trade_no.as_str()
        && said.amount_total == settled.amount
        && said.currency == "CNY"
}

/// From the books to the bill: how many items that makes.
async fn missing(app: &App, day: Date, on_bill: &BTreeSet<String>) -> Result<i64, AppError> {
    let from = midnight(day)?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let (mut items, mut last) = (0, None);
    loop {
        let span = (from, from + DAY);
        let page = payment::settled_between(&app.db, span, last.as_ref(), limit).await?;
        let Some(end) = page.last().cloned() else { return Ok(items) };
        for settled in page {
            if !on_bill.contains(&settled.transaction_id)
                && !is_confirmed(app, &settled.out_trade_no, &settled.transaction_id).await?
                && payment::report_absent(app, settled, day).await?
            {
                items += 1;
            }
        }
        last = Some(end);
    }
}

/// WeChat's own word about one payment counts more than the day on which a bill puts it.
async fn is_confirmed(app: &App, no: &OutTradeNo, transaction: &str) -> Result<bool, AppError> {
    let said = app.pay.query(no).await?;
    Ok(said.is_some_and(|said| {
        said.trade_state.is_paid() && said.transaction_id.as_deref() == Some(transaction)
    }))
}

fn midnight(day: Date) -> Result<Timestamp, AppError> {
    Timestamp::from_rfc3339(&format!("{day}T00:00:00+08:00"))
        .ok_or_else(|| AppError::Fault(format!("{day} has no beginning")))
}
