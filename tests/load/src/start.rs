//! W10: how long a start takes on a migrated database and how much memory an idle server takes.
//! W11: how big the program is.

use std::time::Duration;

use serde_json::json;

use crate::{
    Result,
    flood::pss_mib,
    place::Place,
    report::{Report, Target},
};

const STARTS: usize = 7;
const BYTES_PER_MB: f64 = 1_000_000.0;

/// W10.
pub async fn measure(place: &Place, report: &mut Report) -> Result<()> {
    println!("W10 start to the first 200, {STARTS} times on either database");
    let (mut small, mut full, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=STARTS {
        let (server, took) = place.small.serve().await?;
        server.stop().await?;
        report.row("W10", "SQLite", round, &json!({"ms": millis(took)}))?;
        small.push(millis(took));
        let (server, took) = place.product.serve().await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let idle = pss_mib(server.pid)?;
        server.stop().await?;
        report.row("W10", "MariaDB", round, &json!({"ms": millis(took), "idle_mib": idle}))?;
        full.push(millis(took));
        memory.push(idle);
    }
    report.figure(("W10", "start ms, SQLite"), &small, Target::AtMost(150.0));
    report.figure(("W10", "start ms, MariaDB + Redis"), &full, Target::AtMost(150.0));
    report.figure(("W10", "idle PSS MiB, MariaDB + Redis"), &memory, Target::AtMost(40.0));
    Ok(())
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// W11.
pub fn weigh(place: &Place, report: &mut Report) -> Result<()> {
    let bytes = std::fs::metadata(&place.options.product)?.len();
    report.row("W11", "ours", 1, &json!({"bytes": bytes}))?;
    let size = f64::from(u32::try_from(bytes)?) / BYTES_PER_MB;
    report.figure(("W11", "size of the stripped program, MB"), &[size], Target::AtMost(30.0));
    Ok(())
}
