//! Drives clients: each has one connection with one request in flight. They all live in one
//! thread of their own, so that the client never takes more than one core.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use crate::{
    Result,
    stats::quantile,
    wire::{Connection, Protocol},
};

/// What a client sends.
#[derive(Clone, Debug)]
pub enum Requests {
    /// The same again and again.
    Same(Vec<u8>),
    /// Each once, taken from a list that clients may share.
    Each(Arc<Queue>),
}

/// Requests that are each sent once.
#[derive(Debug)]
pub struct Queue {
    list: Vec<Vec<u8>>,
    next: AtomicUsize,
}

impl Queue {
    /// In this order.
    pub fn new(list: Vec<Vec<u8>>) -> Arc<Self> {
        Arc::new(Self { list, next: AtomicUsize::new(0) })
    }
}

impl Requests {
    fn next(&self) -> Option<&[u8]> {
        match self {
            Self::Same(request) => Some(request),
            Self::Each(queue) => {
                queue.list.get(queue.next.fetch_add(1, Relaxed)).map(Vec::as_slice)
            }
        }
    }
}

/// What all clients have in common.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The server.
    pub address: SocketAddr,
    /// What it speaks.
    pub protocol: Protocol,
    /// When to stop if requests are left.
    pub span: Duration,
    /// The rest between an answer and the next request.
    pub pause: Duration,
    /// Statuses that are right.
    pub right: &'static [u16],
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Requests with a right answer.
    pub answered: u64,
    /// Others, by what happened.
    pub wrong: BTreeMap<String, u64>,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    micros: Vec<u32>,
}

impl Outcome {
    /// Right answers per second.
    pub fn rate(&self) -> f64 {
        per(self.answered, self.elapsed.as_secs_f64())
    }

    /// A quantile of the time to the answer, in µs.
    pub fn quantile(&mut self, part: f64) -> u32 {
        quantile(&mut self.micros, part)
    }

    /// Fails when anything went wrong: such a run does not count.
    pub fn must_be_clean(&self, what: &str) -> Result<()> {
        if self.wrong.is_empty() && self.answered > 0 {
            return Ok(());
        }
        Err(format!("{what}: {} right answers, and {:?}", self.answered, self.wrong).into())
    }

    fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.micros.extend(other.micros);
        for (why, count) in other.wrong {
            *self.wrong.entry(why).or_default() += count;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn per(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { count as f64 / seconds } else { 0.0 }
}

/// Runs one client for each element of `clients` and waits for all.
pub async fn drive(plan: Plan, clients: Vec<Requests>) -> Result<Outcome> {
    let (send, receive) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let outcome = runtime.map(|runtime| runtime.block_on(all(plan, clients)));
        // Nobody waits any more when the harness ends.
        let _ = send.send(outcome);
    });
    Ok(receive.await??)
}

async fn all(plan: Plan, clients: Vec<Requests>) -> Outcome {
    let started = Instant::now();
    let until = started + plan.span;
    let tasks: Vec<_> =
        clients.into_iter().map(|requests| tokio::spawn(client(plan, requests, until))).collect();
    let mut outcome = Outcome::default();
    for task in tasks {
        match task.await {
            Ok(one) => outcome.add(one),
            Err(error) => *outcome.wrong.entry(error.to_string()).or_default() += 1,
        }
    }
    outcome.elapsed = started.elapsed();
    outcome
}

async fn client(plan: Plan, requests: Requests, until: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let mut connection = match Connection::open(plan.address, plan.protocol).await {
        Ok(connection) => connection,
        Err(error) => {
            outcome.wrong.insert(error.to_string(), 1);
            return outcome;
        }
    };
    while Instant::now() < until {
        let Some(request) = requests.next() else { break };
        let asked = Instant::now();
        let why = match connection.ask(request).await {
            Ok(status) if plan.right.contains(&status) => {
                outcome.answered += 1;
                let micros = asked.elapsed().as_micros();
                outcome.micros.push(u32::try_from(micros).unwrap_or(u32::MAX));
                if !plan.pause.is_zero() {
                    tokio::time::sleep(plan.pause).await;
                }
                continue;
            }
            Ok(status) => format!("status {status}"),
            Err(error) => error.to_string(),
        };
        let is_broken = !why.starts_with("status");
        *outcome.wrong.entry(why).or_default() += 1;
        if is_broken {
            break;
        }
    }
    outcome
}
