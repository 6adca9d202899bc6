//! W7 and W8: the secretariat's lists and searches on a small and a large database, beside the
//! SQL that nothing could do without; and how their cost grows from one to the other (W12).

mod probes;

use std::time::{Duration, Instant};

use huiyuan::db::{Db, Run as _};
use serde_json::json;

use crate::{
    Result,
    drive::{Plan, Requests, drive},
    estate::Estate,
    machine::{Meter, Process},
    place::Place,
    poll,
    product::Running,
    report::{Report, Target},
    wire::Protocol,
};

use probes::{Against, Probe};

/// Secretaries who look at once.
const CLIENTS: usize = 4;

/// One database under measurement.
struct Side<'a> {
    estate: &'a Estate,
    server: &'a Running,
    cookies: String,
    probes: Vec<Probe>,
}

impl<'a> Side<'a> {
    async fn new(estate: &'a Estate, server: &'a Running) -> Result<Self> {
        let cookies = poll::staff(server).await?.cookies();
        let probes = probes::probes(&estate.db, estate.size).await?;
        Ok(Self { estate, server, cookies, probes })
    }

    fn request(&self, probe: &Probe) -> Vec<u8> {
        format!(
            "GET {} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
            probe.path, self.server.address, self.cookies
        )
        .into_bytes()
    }
}

/// What one turn cost, per request or query.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    cpu: f64,
    p50: f64,
    count: u64,
}

/// Measures all pages on both databases, in turns.
pub async fn measure(place: &Place, pair: &Pair, report: &mut Report) -> Result<()> {
    println!("W7, W8 lists and searches, {CLIENTS} connections");
    let small = Side::new(&pair.small.0, &pair.small.1).await?;
    let large = Side::new(&pair.large.0, &pair.large.1).await?;
    let wanted = |(_, probe): &(usize, &Probe)| place.options.wants(probe.workload);
    for (n, probe) in large.probes.iter().enumerate().filter(wanted) {
        let mut costs: [Vec<Cost>; 4] = [const { Vec::new() }; 4];
        for round in 0..=place.options.rounds {
            for (which, side) in [&small, &large].into_iter().enumerate() {
                let ours = page(place, side, &side.probes[n]).await?;
                let limit = sql(place, &side.estate.db, &side.probes[n].sql).await?;
                if round > 0 {
                    let facts = json!({
                        "page": probe.name, "payments": side.estate.size.payments,
                        "cpu_us": ours.cpu, "p50_us": ours.p50, "sql_cpu_us": limit.cpu,
                        "sql_p50_us": limit.p50, "requests": ours.count,
                    });
                    report.row(probe.workload, "ours", round, &facts)?;
                    costs[which * 2].push(ours);
                    costs[which * 2 + 1].push(limit);
                }
            }
        }
        judge(report, probe, &costs);
    }
    Ok(())
}

fn judge(report: &mut Report, probe: &Probe, costs: &[Vec<Cost>; 4]) {
    let [small, _, large, limit] = costs;
    let cpu = |costs: &[Cost]| costs.iter().map(|cost| cost.cpu).collect::<Vec<_>>();
    let most = match probe.against {
        Against::Keyset => 5.0,
        Against::Scan => 1.0,
    };
    let name = |what: &str| format!("{}: {what}", probe.name);
    let (of, growth) = (name("CPU µs against SQL"), name("CPU µs against small"));
    report.ratio((probe.workload, &of), &cpu(large), &cpu(limit), Target::AtMost(most));
    // A scan grows with what it scans.
    let most = if probe.against == Against::Scan { Target::None } else { Target::AtMost(1.5) };
    report.ratio((probe.workload, &growth), &cpu(large), &cpu(small), most);
}

fn span(place: &Place) -> Duration {
    Duration::from_millis(place.options.seconds * 250)
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn each(used: &[(&'static str, u64)], count: u64) -> f64 {
    used.iter().map(|(_, micros)| *micros).sum::<u64>() as f64 / count.max(1) as f64
}

async fn page(place: &Place, side: &Side<'_>, probe: &Probe) -> Result<Cost> {
    let plan = Plan {
        address: side.server.address,
        protocol: Protocol::Http,
        span: span(place),
        pause: Duration::ZERO,
        right: &[200],
    };
    let clients = vec![Requests::Same(side.request(probe)); CLIENTS];
    let meter = Meter::start(&[side.server.process(), place.options.database()])?;
    let mut outcome = drive(plan, clients).await?;
    let used = meter.stop()?;
    outcome.must_be_clean(probe.name)?;
    let count = outcome.answered;
    Ok(Cost { cpu: each(&used, count), p50: f64::from(outcome.quantile(0.5)), count })
}

/// A row that is decoded, and then forgotten.
type Row = std::collections::BTreeMap<String, serde_json::Value>;

/// The query alone, from as many tasks, over the product's own driver and pool.
async fn sql(place: &Place, db: &Db, sql: &str) -> Result<Cost> {
    let own = Process { name: "driver", pid: std::process::id() };
    let meter = Meter::start(&[own, place.options.database()])?;
    let until = Instant::now() + span(place);
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (db, sql) = (db.clone(), sql.to_owned());
            tokio::spawn(async move {
                let mut micros = Vec::new();
                while Instant::now() < until {
                    let asked = Instant::now();
                    let _: Vec<Row> = db.fetch(&sql, Vec::new()).await?;
                    micros.push(u32::try_from(asked.elapsed().as_micros())?);
                }
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(micros)
            })
        })
        .collect();
    let mut micros = Vec::new();
    for task in tasks {
        micros.extend(task.await??);
    }
    let count = u64::try_from(micros.len())?;
    let p50 = f64::from(crate::stats::quantile(&mut micros, 0.5));
    Ok(Cost { cpu: each(&meter.stop()?, count), p50, count })
}

/// Both servers, for whoever measures growth.
pub struct Pair {
    /// On the small database.
    pub small: (Estate, Running),
    /// On the large one.
    pub large: (Estate, Running),
}

impl Pair {
    /// Fills what is not filled, and starts both.
    pub async fn open(place: &Place) -> Result<Self> {
        let [small, large] = place.options.sizes[..] else {
            return Err("--sizes wants two numbers, for example 10000,1000000".into());
        };
        let mut pair = Vec::new();
        for payments in [small, large] {
            let estate = Estate::open(place, payments).await?;
            let (server, _) = estate.product.serve().await?;
            pair.push((estate, server));
        }
        let (Some(large), Some(small)) = (pair.pop(), pair.pop()) else {
            return Err("two databases wanted".into());
        };
        Ok(Self { small, large })
    }

    /// Ends both servers.
    pub async fn stop(self) -> Result<()> {
        self.small.1.stop().await?;
        self.large.1.stop().await
    }
}
