//! Sends what is due: one loop watches the schedule, each delivery runs by itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::crypto::{self, random_text};
use crate::envelope;
use crate::keys::Signer;
use crate::mishap::Mishap;
use crate::notify::{Delivery, Due, Event, Notice, RETRIES, Sealed};
use crate::refund;
use crate::world::{NOTIFY_PATIENCE, World};

const PROBE: &str = "WECHATPAY/SIGNTEST/";
const IDLE_WAIT: Duration = Duration::from_millis(250);

/// Runs until the sandbox ends.
pub async fn run(world: Arc<World>) {
    loop {
        start_due(&world);
        let wait = next_wait(&world);
        tokio::select! {
            () = world.wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Waits until nothing is due now and nothing is on its way.
pub async fn settle(world: &Arc<World>) {
    loop {
        world.wake.notify_one();
        let now = world.clock.now_ms();
        let waiting = world.books().due.iter().any(|due| due.at_ms <= now);
        if !waiting && world.in_flight.load(Ordering::SeqCst) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn start_due(world: &Arc<World>) {
    let now = world.clock.now_ms();
    let mut books = world.books();
    let (ready, later): (Vec<Due>, Vec<Due>) =
        books.due.drain(..).partition(|due| due.at_ms <= now);
    books.due = later;
    // Counted before the lock is given back, so that `settle` never sees a gap.
    world.in_flight.fetch_add(ready.len(), Ordering::SeqCst);
    drop(books);
    for due in ready {
        let world = Arc::clone(world);
        tokio::spawn(async move {
            happen(&world, due).await;
            world.in_flight.fetch_sub(1, Ordering::SeqCst);
            world.wake.notify_one();
        });
    }
}

fn next_wait(world: &World) -> Duration {
    let now = world.clock.now_ms();
    let soonest = world.books().due.iter().map(|due| due.at_ms - now).min();
    let wait =
        soonest.and_then(|ms| u64::try_from(ms).ok()).map_or(IDLE_WAIT, Duration::from_millis);
    wait.min(IDLE_WAIT)
}

async fn happen(world: &Arc<World>, due: Due) {
    match due.event {
        Event::FinishRefund { out_refund_no } => refund::finish(world, &out_refund_no, None),
        Event::Deliver { notice, attempt, copies } => {
            deliver(world, &notice, due.at_ms, attempt, copies).await;
        }
    }
}

/// One attempt, in so many copies at once; plans the next one when none was acknowledged.
async fn deliver(
    world: &Arc<World>,
    notice: &Arc<Notice>,
    due_ms: i64,
    attempt: usize,
    copies: usize,
) {
    if strikes(world, notice, &Mishap::SigntestFirst) {
        let probe = seal(world, notice, &Flaw::Probe);
        post(world, notice, probe, 0, None).await;
    }
    let next_ms = RETRIES.get(attempt - 1).map(|wait| due_ms + world.clock.wait_ms(*wait));
    let mut running = Vec::new();
    for _ in 0..copies.max(1) {
        let (world, notice) = (Arc::clone(world), Arc::clone(notice));
        running.push(tokio::spawn(async move {
            let sealed = seal(&world, &notice, &flaw(&world, &notice));
            post(&world, &notice, sealed, attempt, next_ms).await
        }));
    }
    let mut acknowledged = false;
    for one in running {
        acknowledged |= one.await.unwrap_or(false);
    }
    let again = acknowledged && strikes(world, notice, &Mishap::NotifyTwice);
    let at_ms = if again { Some(world.clock.now_ms()) } else { next_ms.filter(|_| !acknowledged) };
    if let Some(at_ms) = at_ms {
        let event = Event::Deliver { notice: Arc::clone(notice), attempt: attempt + 1, copies: 1 };
        world.books().due.push(Due { at_ms, event });
    }
}

/// What is wrong with the signature of one delivery.
enum Flaw {
    None,
    Probe,
    Forged,
    UnknownSerial,
    Old(i64),
    Platform,
}

fn strikes(world: &World, notice: &Notice, mishap: &Mishap) -> bool {
    world.books().mishaps.strikes(Some(&notice.out_trade_no), mishap)
}

fn flaw(world: &World, notice: &Notice) -> Flaw {
    let pick = |mishap: &Mishap| match mishap {
        Mishap::ForgedSignature => Some(Flaw::Forged),
        Mishap::UnknownSerial => Some(Flaw::UnknownSerial),
        Mishap::OldTimestamp { seconds } => Some(Flaw::Old(*seconds)),
        Mishap::PlatformCertificate => Some(Flaw::Platform),
        _ => None,
    };
    world.books().mishaps.take(Some(&notice.out_trade_no), pick).unwrap_or(Flaw::None)
}

fn seal(world: &World, notice: &Notice, flaw: &Flaw) -> Sealed {
    let body = envelope::wrap(world, notice);
    let age = if let Flaw::Old(seconds) = flaw { *seconds } else { 0 };
    let timestamp = (world.clock.now_seconds() - age).to_string();
    let nonce = random_text(32);
    let signer = match flaw {
        Flaw::Forged => {
            Signer { serial: world.keys.public_key.serial.clone(), ..world.keys.merchant.clone() }
        }
        Flaw::Platform => world.keys.platform.clone(),
        Flaw::UnknownSerial => Signer {
            serial: "PUB_KEY_ID_0100000000000000000000000000".into(),
            ..world.keys.public_key.clone()
        },
        Flaw::None | Flaw::Probe | Flaw::Old(_) => world.keys.public_key.clone(),
    };
    let signature = match flaw {
        Flaw::Probe => format!("{PROBE}{}", random_text(325)),
        _ => crypto::sign(&signer.private, &crypto::answer_text(&timestamp, &nonce, &body)),
    };
    wrap(&signer.serial, timestamp, nonce, signature, body)
}

/// Puts body and signature into the form in which WeChat posts them.
pub fn wrap(
    serial: &str,
    timestamp: String,
    nonce: String,
    signature: String,
    body: Vec<u8>,
) -> Sealed {
    let headers = [
        ("Content-Type", "application/json".to_owned()),
        ("Accept", "*/*".to_owned()),
        ("User-Agent", "Mozilla/4.0".to_owned()),
        ("Request-ID", format!("08{}-{}", crypto::random_digits(20), crypto::random_digits(9))),
        ("Wechatpay-Timestamp", timestamp),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Signature", signature),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
        ("Wechatpay-Serial", serial.to_owned()),
    ];
    Sealed {
        headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body,
    }
}

/// Posts and writes down what came back; true when it was acknowledged.
async fn post(
    world: &World,
    notice: &Notice,
    sealed: Sealed,
    attempt: usize,
    next_ms: Option<i64>,
) -> bool {
    let sent_ms = world.clock.now_ms();
    let mut request =
        world.http.post(&notice.url).timeout(NOTIFY_PATIENCE).body(sealed.bytes.clone());
    for (name, value) in &sealed.headers {
        request = request.header(name, value);
    }
    let (status, body) = match request.send().await {
        Ok(answer) => (Some(answer.status().as_u16()), answer.text().await.unwrap_or_default()),
        Err(error) => (None, error.to_string()),
    };
    let acknowledged = matches!(status, Some(200 | 204));
    let mut books = world.books();
    let genuine = attempt > 0 && notice.kind == "transaction" && !notice.falsified;
    if acknowledged
        && genuine
        && let Some(order) = books.orders.get_mut(&notice.out_trade_no)
    {
        order.acknowledged = true;
    }
    books.deliveries.push(Delivery {
        notify_id: notice.id.clone(),
        event: notice.event,
        out_trade_no: notice.out_trade_no.clone(),
        attempt,
        url: notice.url.clone(),
        sent_ms,
        status,
        body,
        acknowledged,
        next_ms: next_ms.filter(|_| !acknowledged),
        sent: sealed,
    });
    acknowledged
}
