//! Notifications: what they say, how they are wrapped, and when each delivery happens.
//!
//! Sending is in `deliver`; notifications that tests forge are in `forge`.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use crate::crypto;
use crate::envelope;
use crate::mishap::Mishap;
use crate::order::Order;
use crate::refund::Refund;
use crate::world::{Books, World};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// WeChat's waits before the second to the sixteenth attempt, in milliseconds.
pub const RETRIES: [i64; 15] = [
    15 * SECOND,
    15 * SECOND,
    30 * SECOND,
    3 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    30 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    3 * HOUR,
    3 * HOUR,
    3 * HOUR,
    6 * HOUR,
    6 * HOUR,
];

/// One event that the merchant must hear of.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The same for every attempt.
    pub id: String,
    /// `TRANSACTION.SUCCESS`, `REFUND.SUCCESS` …
    pub event: &'static str,
    /// `transaction` or `refund`.
    pub kind: &'static str,
    /// For people.
    pub summary: &'static str,
    /// The order it is about.
    pub out_trade_no: String,
    /// Where it goes.
    pub url: String,
    /// The plain JSON.
    pub plain: String,
    /// What the envelope's `associated_data` is.
    pub associated_data: &'static str,
    /// Whether the envelope's keys come in another order.
    pub shuffled: bool,
    /// The plain text was falsified, so that an acknowledgement means nothing.
    pub falsified: bool,
    /// When it happened.
    pub created_ms: i64,
}

/// Something that will happen.
#[derive(Clone, Debug)]
pub struct Due {
    /// When, by the sandbox's clock.
    pub at_ms: i64,
    /// What.
    pub event: Event,
}

/// What can be due.
#[derive(Clone, Debug)]
pub enum Event {
    /// Delivery of a notice, the first attempt being 1, in so many copies at once.
    Deliver { notice: Arc<Notice>, attempt: usize, copies: usize },
    /// A refund gets its end state.
    FinishRefund { out_refund_no: String },
}

/// What became of one delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// The notice.
    pub notify_id: String,
    /// `TRANSACTION.SUCCESS` …
    pub event: &'static str,
    /// The order it is about.
    pub out_trade_no: String,
    /// 1 for the first; 0 for a probe.
    pub attempt: usize,
    /// Where it went.
    pub url: String,
    /// When it was sent.
    pub sent_ms: i64,
    /// HTTP status of the answer; none when there was no answer.
    pub status: Option<u16>,
    /// The answer's text, or why there was none.
    pub body: String,
    /// 200 or 204 within five seconds.
    pub acknowledged: bool,
    /// When the next attempt is due.
    pub next_ms: Option<i64>,
    /// What was sent, so that it can be sent again.
    pub sent: Sealed,
}

/// A notification ready to be posted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sealed {
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are not UTF-8 are replaced here.
    pub body: String,
    /// The exact bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Lets the merchant hear that an order was paid.
pub fn paid(world: &World, books: &mut Books, order: &Order) {
    let number = order.out_trade_no.as_str();
    let mut notice = Notice {
        id: notice_id(),
        event: "TRANSACTION.SUCCESS",
        kind: "transaction",
        summary: "支付成功",
        out_trade_no: number.to_owned(),
        url: order.notify_url.clone(),
        plain: String::new(),
        associated_data: "transaction",
        shuffled: false,
        falsified: false,
        created_ms: world.clock.now_ms(),
    };
    let mut plain = order.view();
    notice.falsified = falsify(books, number, &mut plain);
    if books.mishaps.strikes(Some(number), &Mishap::EmptyAssociatedData) {
        notice.associated_data = "";
    }
    notice.shuffled = books.mishaps.strikes(Some(number), &Mishap::ShuffledKeys);
    notice.plain = if notice.shuffled { envelope::shuffled(&plain) } else { plain.to_string() };
    queue(world, books, notice);
}

/// Lets the merchant hear how a refund ended.
pub fn refunded(world: &World, books: &mut Books, refund: &Refund, plain: &Value) {
    let Some(url) = refund.notify_url.clone() else { return };
    let (event, summary) = refund.event();
    let notice = Notice {
        id: notice_id(),
        event,
        kind: "refund",
        summary,
        out_trade_no: refund.out_trade_no.clone(),
        url,
        plain: plain.to_string(),
        associated_data: "refund",
        shuffled: false,
        falsified: false,
        created_ms: world.clock.now_ms(),
    };
    queue(world, books, notice);
}

/// Plays the mishaps that change what a notification says; true when it no longer tells the truth.
fn falsify(books: &mut Books, number: &str, plain: &mut Value) -> bool {
    let mishaps = &mut books.mishaps;
    let mut falsified = false;
    let wrong = mishaps.take(Some(number), |mishap| match mishap {
        Mishap::WrongAmount { fen } => Some(*fen),
        _ => None,
    });
    if let Some(fen) = wrong {
        let total = plain["amount"]["total"].as_i64().unwrap_or_default() + fen;
        plain["amount"]["total"] = json!(total);
        plain["amount"]["payer_total"] = json!(total);
        falsified = true;
    }
    let lies = [
        (Mishap::WrongMchid, "/mchid", json!("1900000001")),
        (Mishap::WrongAppid, "/appid", json!("wx0000000000000000")),
        (Mishap::CurrencyUsd, "/amount/currency", json!("USD")),
        (
            Mishap::UnknownOrder,
            "/out_trade_no",
            json!(format!("UNKNOWN{}", crypto::random_digits(10))),
        ),
    ];
    for (mishap, place, lie) in lies {
        if mishaps.strikes(Some(number), &mishap)
            && let Some(value) = plain.pointer_mut(place)
        {
            *value = lie;
            falsified = true;
        }
    }
    if mishaps.strikes(Some(number), &Mishap::MissingAttach)
        && let Some(map) = plain.as_object_mut()
    {
        map.remove("attach");
    }
    falsified
}

/// Puts a notice on the schedule.
fn queue(world: &World, books: &mut Books, notice: Notice) {
    let order = Some(notice.out_trade_no.as_str());
    if books.mishaps.strikes(order, &Mishap::NoNotification) {
        return;
    }
    let late = books.mishaps.take(order, |mishap| match mishap {
        Mishap::NotifyLate { seconds } => Some(seconds * SECOND),
        _ => None,
    });
    let copies = books.mishaps.take(order, |mishap| match mishap {
        Mishap::NotifyParallel { count } => Some(*count),
        _ => None,
    });
    let at_ms = world.clock.now_ms() + late.map_or(0, |late| world.clock.wait_ms(late));
    let event =
        Event::Deliver { notice: Arc::new(notice), attempt: 1, copies: copies.unwrap_or(1) };
    books.due.push(Due { at_ms, event });
    world.wake.notify_one();
}

fn notice_id() -> String {
    let bytes: [u8; 16] = rand::random();
    let hex = crypto::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
