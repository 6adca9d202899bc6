//! `huiyuan ledger verify` over a large database: how long, how much memory, and whether it tells
//! how far it is.

use std::time::{Duration, Instant};

use huiyuan::db::Run as _;
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::{
    Result,
    estate::Estate,
    machine::{Meter, Process, peak_mib},
    place::Place,
    report::{Report, Target},
};

/// Verifies once and fails when the books are not right.
pub async fn measure(place: &Place, estate: &Estate, report: &mut Report) -> Result<()> {
    let count = "select count(*) as n from ledger_entry";
    let db = estate.db.with_query_limit(Duration::from_mins(1))?;
    let entries: Option<i64> = db.fetch_one(count, Vec::new()).await?;
    let entries = entries.unwrap_or_default();
    println!("ledger verify over {entries} entries");
    let meter = Meter::start(&[place.options.database()])?;
    let started = Instant::now();
    let mut child = estate.product.spawn(&["ledger", "verify"])?;
    let pid = child.id().ok_or("the check has ended at once")?;
    let mut said = child.stderr.take().ok_or("no stderr")?;
    let telling = tokio::spawn(async move {
        let (mut buffer, mut told) = ([0; 4096], 0);
        while let Ok(length @ 1..) = said.read(&mut buffer).await {
            told += buffer[..length].iter().filter(|byte| **byte == b'\r').count();
        }
        told
    });
    let own = Meter::start(&[Process { name: "check", pid }])?;
    let (mut peak, mut cpu) = (0.0, 0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // Both are gone with the process.
        peak = peak_mib(pid).unwrap_or(peak);
        cpu = own.stop().map_or(cpu, |used| used.iter().map(|(_, micros)| *micros).sum());
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let (seconds, told) = (started.elapsed().as_secs_f64(), telling.await?);
    if !status.success() {
        return Err("ledger verify found the books wrong, or failed".into());
    }
    let database = meter.stop()?.iter().map(|(_, micros)| *micros).sum::<u64>();
    let facts = json!({
        "entries": entries, "seconds": seconds, "peak_mib": peak, "progress_lines": told,
        "cpu_us": cpu, "database_cpu_us": database,
    });
    report.row("LV", "ours", 1, &facts)?;
    let per_million = |value: f64| {
        let entries = f64::from(u32::try_from(entries).unwrap_or(u32::MAX));
        [value * 1_000_000.0 / entries.max(1.0)]
    };
    let seconds_of = |micros: u64| f64::from(u32::try_from(micros / 1000).unwrap_or(0)) / 1000.0;
    let figures = [
        ("seconds for a million entries", seconds),
        ("CPU s for a million entries, program", seconds_of(cpu)),
        ("CPU s for a million entries, database", seconds_of(database)),
    ];
    for (what, value) in figures {
        report.figure(("LV", what), &per_million(value), Target::None);
    }
    report.figure(("LV", "peak memory (RSS) MiB"), &[peak], Target::AtMost(64.0));
    report.figure(("LV", "times it told how far it is"), &[count_of(told)], Target::AtLeast(100.0));
    Ok(())
}

fn count_of(told: usize) -> f64 {
    f64::from(u32::try_from(told).unwrap_or(u32::MAX))
}
