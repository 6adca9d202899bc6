//! W6: people poll their login codes while others try wrong passwords as fast as they can. How
//! long a poll takes alone and then, and how much memory the server takes.

use std::time::Duration;

use huiyuan::kernel::{Secret, password::Hasher};
use serde_json::json;

use crate::{
    Result,
    drive::{Outcome, Plan, Queue, Requests, drive},
    machine::pss_kib,
    place::Place,
    poll,
    product::Running,
    report::{Report, Target},
    seed,
    visitor::{Visitor, ip},
    wire::Protocol,
};

const FLOODERS: usize = 16;
/// More than can be tried in all rounds.
const TRIES: u32 = 6000;
/// Half of the tries go to accounts that exist; each is tried less often than locks it.
const ACCOUNTS: u32 = 600;
/// A page asks every two seconds; 16 that ask every 20 ms stand for 1 600 pages.
const PAUSE: Duration = Duration::from_millis(20);
/// Argon2id's default memory; also one seat of the gate.
const SEAT_MIB: f64 = 20.0;

/// Measures. Every poll must be answered; a try is refused with 422 or put off with 429.
pub async fn measure(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W6 polls beside a flood of logins, {FLOODERS} flooding connections");
    let screens = poll::screens(place, server, poll::CLIENTS).await?;
    let questions: Vec<_> = screens.iter().map(|screen| poll::question(server, screen)).collect();
    let tries = Queue::new(tries(place, server).await?);
    let span = Duration::from_secs(place.options.seconds);
    let calm = Plan {
        address: server.address,
        protocol: Protocol::Http,
        span,
        pause: PAUSE,
        right: &[204],
    };
    let flood = Plan { pause: Duration::ZERO, right: &[422, 429], ..calm };
    let clients = || questions.iter().cloned().map(Requests::Same).collect();
    let idle = mib(server)?;
    let (mut alone, mut beside, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    let mut most: f64 = 0.0;
    for round in 1..=place.options.rounds {
        let mut quiet = drive(calm, clients()).await?;
        let flooders = vec![Requests::Each(tries.clone()); FLOODERS];
        let watch = highest(server.pid, span);
        let (loud, logins, highest) =
            tokio::join!(drive(calm, clients()), drive(flood, flooders), watch);
        let (mut loud, logins) = (loud?, logins?);
        for (what, outcome) in [("polls", &quiet), ("polls beside", &loud), ("tries", &logins)] {
            outcome.must_be_clean(what)?;
        }
        most = most.max(highest?);
        let facts = json!({
            "alone": told(&mut quiet), "beside": told(&mut loud), "tries_per_second": logins.rate(),
        });
        report.row("W6", "ours", round, &facts)?;
        alone.push(f64::from(quiet.quantile(0.99)));
        beside.push(f64::from(loud.quantile(0.99)));
        rates.push(logins.rate());
    }
    let after = mib(server)?;
    report.figure(("W6", "poll p99 µs alone"), &alone, Target::None);
    report.figure(("W6", "poll p99 µs beside the flood"), &beside, Target::None);
    report.figure(("W6", "password tries/s"), &rates, Target::None);
    report.figure(("W6", "PSS MiB before"), &[idle], Target::None);
    report.figure(("W6", "PSS MiB at most during"), &[most], Target::None);
    let bound = idle + cores() * SEAT_MIB + 40.0;
    report.figure(("W6", "PSS MiB after"), &[after], Target::AtMost(bound.round()));
    Ok(())
}

fn told(outcome: &mut Outcome) -> serde_json::Value {
    json!({
        "per_second": outcome.rate(),
        "p50_us": outcome.quantile(0.5),
        "p99_us": outcome.quantile(0.99),
        "most_us": outcome.quantile(1.0),
    })
}

fn cores() -> f64 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    f64::from(u32::try_from(cores).unwrap_or(2))
}

fn mib(server: &Running) -> Result<f64> {
    pss_mib(server.pid)
}

/// In MiB.
pub fn pss_mib(pid: u32) -> Result<f64> {
    Ok(f64::from(u32::try_from(pss_kib(pid)?)?) / 1024.0)
}

/// The highest memory within a span, looked at ten times a second.
async fn highest(pid: u32, span: Duration) -> Result<f64> {
    let mut most: f64 = 0.0;
    let started = std::time::Instant::now();
    while started.elapsed() < span {
        most = most.max(pss_mib(pid)?);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(most)
}

/// Wrong passwords for accounts that exist and for others, in turn, each from its own address.
async fn tries(place: &Place, server: &Running) -> Result<Vec<Vec<u8>>> {
    let hasher = Hasher::new(1, 19_456, 2)?;
    let hash = hasher.hash(&Secret::new("Right-pass-1!"), place.ids.salt()).await?;
    let known = seed::accounts(&place.db, &place.ids, &hash, ACCOUNTS).await?;
    let visitor = Visitor::new(server.address, 3)?;
    let page = visitor.get("/login").await?;
    let token = page.attribute("main form input[type=hidden]", "value")?;
    let field = page.attribute("main form input[type=hidden]", "name")?;
    let mut requests = Vec::new();
    for n in 0..TRIES {
        let account = match known.get(usize::try_from(n / 2 % ACCOUNTS)?) {
            Some(known) if n % 2 == 0 => known.clone(),
            _ => seed::uscc("U", n)?,
        };
        let body = format!("{field}={token}&account={account}&password=Wrong-pass-1%21");
        let head = format!(
            "POST /login HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nx-forwarded-for: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            server.address,
            visitor.cookies(),
            ip(10_000 + n),
            body.len()
        );
        requests.push((head + &body).into_bytes());
    }
    Ok(requests)
}
