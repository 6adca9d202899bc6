//! `huiyuan ledger verify` over a large database: how long, how much memory, and whether it tells
//! how far it is.

use std::time::{Duration, Instant};

use huiyuan::db::Run as _;
use serde_json::json;
use tokio::{io::AsyncReadExt as _, process::ChildStderr};

use crate::{
    Result,
    estate::Estate,
    machine::{Meter, Process, peak_mib},
    place::Place,
    report::{Report, Target},
};

/// What one check took.
struct Run {
    seconds: f64,
    peak: f64,
    program: f64,
    database: f64,
    told: u32,
}

/// Verifies once and fails when the books are not right.
pub async fn measure(place: &Place, estate: &Estate, report: &mut Report) -> Result<()> {
    let count = "select count(*) as n from ledger_entry";
    let db = estate.db.with_query_limit(Duration::from_mins(1))?;
    let entries: Option<i64> = db.fetch_one(count, Vec::new()).await?;
    let entries = u32::try_from(entries.unwrap_or_default())?;
    println!("ledger verify over {entries} entries");
    let run = verify(place, estate).await?;
    let facts = json!({
        "entries": entries, "seconds": run.seconds, "peak_mib": run.peak, "told": run.told,
        "program_cpu_s": run.program, "database_cpu_s": run.database,
    });
    report.row("LV", "ours", 1, &facts)?;
    let per_million = |value: f64| [value * 1_000_000.0 / f64::from(entries.max(1))];
    for (what, value) in [
        ("seconds for a million entries", run.seconds),
        ("CPU s for a million entries, program", run.program),
        ("CPU s for a million entries, database", run.database),
    ] {
        report.figure(("LV", what), &per_million(value), Target::None);
    }
    report.figure(("LV", "peak memory (RSS) MiB"), &[run.peak], Target::AtMost(64.0));
    let told = [f64::from(run.told)];
    report.figure(("LV", "times it told how far it is"), &told, Target::AtLeast(100.0));
    Ok(())
}

async fn verify(place: &Place, estate: &Estate) -> Result<Run> {
    let database = Meter::start(&[place.options.database()])?;
    let started = Instant::now();
    let mut child = estate.product.spawn(&["ledger", "verify"])?;
    let pid = child.id().ok_or("the check has ended at once")?;
    let stderr = child.stderr.take().ok_or("no stderr")?;
    let telling = tokio::spawn(tellings(stderr));
    let own = Meter::start(&[Process { name: "check", pid }])?;
    let (mut peak, mut cpu) = (0.0, 0.0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        // Both are gone with the process.
        peak = peak_mib(pid).unwrap_or(peak);
        cpu = seconds(&own).unwrap_or(cpu);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    if !status.success() {
        return Err("ledger verify found the books wrong, or failed".into());
    }
    Ok(Run {
        seconds: started.elapsed().as_secs_f64(),
        peak,
        program: cpu,
        database: seconds(&database)?,
        told: telling.await?,
    })
}

fn seconds(meter: &Meter) -> Result<f64> {
    Ok(meter.stop()?.iter().map(|(_, micros)| Duration::from_micros(*micros).as_secs_f64()).sum())
}

/// Every line of progress begins with a carriage return.
async fn tellings(mut stderr: ChildStderr) -> u32 {
    let (mut buffer, mut told) = ([0; 4096], 0);
    while let Ok(length @ 1..) = stderr.read(&mut buffer).await {
        for byte in &buffer[..length] {
            told += u32::from(*byte == b'\r');
        }
    }
    told
}
