//! W1: WeChat tells of payments, and each is booked durably before it is acknowledged.

mod limit;
mod oracle;
mod sign;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use huiyuan::{
    db::{self, Db},
    kernel::Ids,
};
use serde_json::json;
use wechat_sandbox::{APP_ID, MCH_ID};

use crate::{
    Result,
    drive::{Plan, Queue, Requests, drive},
    machine::{Meter, Process},
    place::Place,
    product::Running,
    report::{Report, Target},
    seed::{self, Payable, Payee},
    wire::Protocol,
};

const CLIENTS: usize = 32;
/// Payments of the untimed first turn of either side.
const WARM_UP: usize = 512;
const PAYEE: Payee = Payee { app_id: APP_ID, mch_id: MCH_ID };

/// One side of one round.
struct Turn {
    rate: f64,
    cpu: Vec<(&'static str, f64)>,
    p99: f64,
    transactions: Vec<String>,
}

impl Turn {
    fn total(&self) -> f64 {
        self.cpu.iter().map(|(_, micros)| micros).sum()
    }

    fn of(&self, name: &str) -> f64 {
        self.cpu.iter().filter(|(of, _)| *of == name).map(|(_, micros)| micros).sum()
    }

    fn facts(&self) -> serde_json::Value {
        let cpu: serde_json::Map<_, _> =
            self.cpu.iter().map(|(name, micros)| ((*name).to_owned(), json!(micros))).collect();
        json!({"per_second": self.rate, "cpu_us_per_request": cpu, "p99_us": self.p99})
    }
}

/// Measures, and fails when a notice was refused or the books are off by one fen.
pub async fn measure(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W1 WeChat notice to durable booking, {CLIENTS} connections");
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    let mut acknowledged = BTreeSet::new();
    for round in 0..=place.options.rounds {
        let count = if round == 0 { WARM_UP } else { place.options.payments };
        let (mine, body) = product_turn(place, &place.db, server, count).await?;
        let bound = limit_turn(place, count, &body).await?;
        for turn in [&mine, &bound] {
            acknowledged.extend(turn.transactions.iter().cloned());
        }
        if round > 0 {
            report.row("W1", "ours", round, &mine.facts())?;
            report.row("W1", "limit", round, &bound.facts())?;
            ours.push(mine);
            limits.push(bound);
        }
    }
    oracle::check(&place.db, &acknowledged).await?;
    println!("  the books are exact: {} payments acknowledged and booked", acknowledged.len());
    judge(report, &ours, &limits);
    Ok(())
}

fn judge(report: &mut Report, ours: &[Turn], limits: &[Turn]) {
    let pick = |turns: &[Turn], of: fn(&Turn) -> f64| turns.iter().map(of).collect::<Vec<_>>();
    let mut ratio = |measure, of: fn(&Turn) -> f64, target| {
        report.ratio(("W1", measure), &pick(ours, of), &pick(limits, of), target);
    };
    ratio("payments/s against the same statements", |turn| turn.rate, Target::AtLeast(0.6));
    ratio("CPU µs/payment, server + database", Turn::total, Target::None);
    ratio("CPU µs/payment, server (limit: driver)", |turn| turn.of("server"), Target::None);
    ratio("CPU µs/payment, database", |turn| turn.of("mariadbd"), Target::None);
    ratio("p99 µs", |turn| turn.p99, Target::None);
}

/// What a notice costs on another database: server and database, µs.
pub async fn cost(place: &Place, db: &Db, server: &Running, count: usize) -> Result<f64> {
    Ok(product_turn(place, db, server, count).await?.0.total())
}

async fn product_turn(
    place: &Place,
    db: &Db,
    server: &Running,
    count: usize,
) -> Result<(Turn, Arc<str>)> {
    let payables = seed::payables(db, &place.ids, PAYEE, count).await?;
    let (requests, body) = sign::notices(&place.sandbox, server, &payables).await?;
    let queue = Queue::new(requests);
    let clients = vec![Requests::Each(queue); CLIENTS];
    let plan = Plan {
        address: server.address,
        protocol: Protocol::Http,
        span: Duration::from_mins(2),
        pause: Duration::ZERO,
        right: &[204],
    };
    let meter = Meter::start(&[server.process(), place.options.database()])?;
    let mut outcome = drive(plan, clients).await?;
    let used = meter.stop()?;
    outcome.must_be_clean("W1")?;
    if outcome.answered != u64::try_from(count)? {
        return Err(format!("W1: {} of {count} notices answered", outcome.answered).into());
    }
    let transactions = payables.into_iter().map(|payable| payable.transaction_id).collect();
    let (rate, p99) = (outcome.rate(), f64::from(outcome.quantile(0.99)));
    Ok((Turn { rate, cpu: each(&used, count), p99, transactions }, body))
}

async fn limit_turn(place: &Place, count: usize, body: &Arc<str>) -> Result<Turn> {
    let payables = Arc::new(seed::payables(&place.db, &place.ids, PAYEE, count).await?);
    // A pool of its own, as the product has one.
    let db = Db::connect(&db::Settings::new(&place.options.mysql)).await?;
    let own = Process { name: "server", pid: std::process::id() };
    let meter = Meter::start(&[own, place.options.database()])?;
    let (started, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let shared = (db.clone(), place.ids.clone(), Arc::clone(body));
            tokio::spawn(booker(shared, Arc::clone(&payables), Arc::clone(&next)))
        })
        .collect();
    let mut micros = Vec::with_capacity(count);
    for task in tasks {
        micros.extend(task.await??);
    }
    let (used, seconds) = (meter.stop()?, started.elapsed().as_secs_f64());
    let p99 = f64::from(crate::stats::quantile(&mut micros, 0.99));
    let transactions = payables.iter().map(|payable| payable.transaction_id.clone()).collect();
    Ok(Turn {
        rate: f64::from(u32::try_from(count)?) / seconds,
        cpu: each(&used, count),
        p99,
        transactions,
    })
}

async fn booker(
    (db, ids, body): (Db, Ids, Arc<str>),
    payables: Arc<Vec<Payable>>,
    next: Arc<AtomicUsize>,
) -> Result<Vec<u32>> {
    let mut micros = Vec::new();
    while let Some(payable) = payables.get(next.fetch_add(1, Relaxed)) {
        let (body, ids) = (Arc::clone(&body), ids.clone());
        let asked = Instant::now();
        limit::book(&db, limit::Input { payable: payable.clone(), body, ids }).await?;
        micros.push(u32::try_from(asked.elapsed().as_micros())?);
    }
    Ok(micros)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn each(used: &[(&'static str, u64)], count: usize) -> Vec<(&'static str, f64)> {
    used.iter().map(|(name, micros)| (*name, *micros as f64 / count as f64)).collect()
}
