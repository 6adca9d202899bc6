//! W2: a PC with a login code asks whether it was scanned. W4: the registration page. Both beside
//! a hello-world of the same framework.

mod journey;
mod store;

use std::time::Duration;

use serde_json::json;

use crate::{
    Result,
    drive::{Plan, Requests, drive},
    hello,
    machine::{Meter, Process},
    place::Place,
    product::Running,
    report::{Report, Target},
    wire::{Connection, Protocol},
};

pub use journey::{Screen, screens, staff};

/// PCs that ask at once, each on its own connection.
pub const CLIENTS: u32 = 16;

/// The request of a screen.
pub fn question(server: &Running, screen: &Screen) -> Vec<u8> {
    format!(
        "GET {} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nhx-request: true\r\naccept: */*\r\n\r\n",
        screen.path, server.address, screen.cookies
    )
    .into_bytes()
}

/// One side of one round.
#[derive(Clone, Copy)]
struct Turn {
    rate: f64,
    server: f64,
    all: f64,
    p99: f64,
}

/// Drives one side for its time and measures it.
async fn turn(
    plan: Plan,
    clients: Vec<Requests>,
    processes: &[Process],
    what: &str,
) -> Result<Turn> {
    let meter = Meter::start(processes)?;
    let mut outcome = drive(plan, clients).await?;
    let used = meter.stop()?;
    outcome.must_be_clean(what)?;
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let each = |micros: u64| micros as f64 / outcome.answered as f64;
    let server = used.iter().filter(|(name, _)| *name == "server").map(|(_, us)| *us).sum();
    let all = used.iter().map(|(_, us)| *us).sum();
    let (server, all) = (each(server), each(all));
    Ok(Turn { rate: outcome.rate(), server, all, p99: f64::from(outcome.quantile(0.99)) })
}

fn told(turn: Turn) -> serde_json::Value {
    json!({
        "per_second": turn.rate, "server_us": turn.server, "all_us": turn.all, "p99_us": turn.p99,
    })
}

fn pick(turns: &[Turn], of: fn(&Turn) -> f64) -> Vec<f64> {
    turns.iter().map(of).collect()
}

/// W2.
pub async fn measure(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W2 poll of a login code, {CLIENTS} connections");
    let screens = screens(place, server, CLIENTS).await?;
    let questions: Vec<_> = screens.iter().map(|screen| question(server, screen)).collect();
    let redis = place.options.redis;
    let (hmget, asked) = store::overhear(redis, async {
        let mut connection = Connection::open(server.address, Protocol::Http).await?;
        match connection.ask(&questions[0]).await? {
            204 => Ok(()),
            status => Err(format!("the poll answered {status}").into()),
        }
    })
    .await?;
    println!("  the product asks Redis {asked} times a poll");
    let hello = hello::start().await?;
    let plan = plan(place, server.address, &[204]);
    let (mut ours, mut limits, mut hellos) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=place.options.rounds {
        let clients = questions.iter().cloned().map(Requests::Same).collect();
        let processes = [server.process(), place.options.store()];
        let mine = turn(plan, clients, &processes, "W2").await?;
        let at_redis = Plan { address: redis, protocol: Protocol::Redis, right: &[200], ..plan };
        let clients = vec![Requests::Same(hmget.clone()); CLIENTS as usize];
        let bound = turn(at_redis, clients, &[place.options.store()], "HMGET").await?;
        let least = hello_turn(plan, &hello).await?;
        if round > 0 {
            for (side, turn) in [("ours", mine), ("redis", bound), ("hello", least)] {
                report.row("W2", side, round, &told(turn))?;
            }
            ours.push(mine);
            limits.push(bound);
            hellos.push(least);
        }
    }
    hello.stop().await?;
    let rates = (pick(&ours, |turn| turn.rate), pick(&limits, |turn| turn.rate));
    report.ratio(("W2", "polls/s against HMGET/s"), &rates.0, &rates.1, Target::AtLeast(0.5));
    let cpu = (pick(&ours, |turn| turn.server), pick(&hellos, |turn| turn.server));
    report.ratio(("W2", "CPU µs/poll, server, against hello"), &cpu.0, &cpu.1, Target::AtMost(3.0));
    let all = (pick(&ours, |turn| turn.all), pick(&limits, |turn| turn.all));
    report.ratio(("W2", "CPU µs/poll, server + Redis"), &all.0, &all.1, Target::None);
    let p99 = (pick(&ours, |turn| turn.p99), pick(&limits, |turn| turn.p99));
    report.ratio(("W2", "p99 µs against HMGET"), &p99.0, &p99.1, Target::None);
    Ok(())
}

/// W4.
pub async fn measure_page(place: &Place, server: &Running, report: &mut Report) -> Result<()> {
    println!("W4 registration page, {CLIENTS} connections");
    let hello = hello::start().await?;
    let plan = plan(place, server.address, &[200]);
    let request = format!("GET /register HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    let request = request.into_bytes();
    let (mut ours, mut hellos) = (Vec::new(), Vec::new());
    for round in 0..=place.options.rounds {
        let clients = vec![Requests::Same(request.clone()); CLIENTS as usize];
        let mine = turn(plan, clients, &[server.process()], "W4").await?;
        let least = hello_turn(plan, &hello).await?;
        if round > 0 {
            report.row("W4", "ours", round, &told(mine))?;
            report.row("W4", "hello", round, &told(least))?;
            ours.push(mine);
            hellos.push(least);
        }
    }
    hello.stop().await?;
    let cpu = (pick(&ours, |turn| turn.server), pick(&hellos, |turn| turn.server));
    report.ratio(("W4", "CPU µs/page, server, against hello"), &cpu.0, &cpu.1, Target::AtMost(2.0));
    let rates = (pick(&ours, |turn| turn.rate), pick(&hellos, |turn| turn.rate));
    report.ratio(("W4", "pages/s against hello/s"), &rates.0, &rates.1, Target::None);
    Ok(())
}

fn plan(place: &Place, address: std::net::SocketAddr, right: &'static [u16]) -> Plan {
    let span = Duration::from_secs(place.options.seconds);
    Plan { address, protocol: Protocol::Http, span, pause: Duration::ZERO, right }
}

async fn hello_turn(plan: Plan, hello: &Running) -> Result<Turn> {
    let request = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", hello.address).into_bytes();
    let plan = Plan { address: hello.address, right: &[200], ..plan };
    let clients = vec![Requests::Same(request); CLIENTS as usize];
    turn(plan, clients, &[hello.process()], "hello").await
}
