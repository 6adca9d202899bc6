//! The page from which a person plays WeChat: the phone, codes to scan, mishaps, notifications.

use salvo::prelude::{Response, Text, handler};
use serde_json::{Value, json};

use crate::bridge;
use crate::pay;
use crate::truth;
use crate::world::World;

const DELIVERIES_SHOWN: usize = 40;

/// `GET /`.
#[handler]
pub async fn page(response: &mut Response) {
    response.render(Text::Html(include_str!("../assets/console.html")));
}

/// `GET /console.css`.
#[handler]
pub async fn style(response: &mut Response) {
    response.render(Text::Css(include_str!("../assets/console.css")));
}

/// `GET /console.js`.
#[handler]
pub async fn script(response: &mut Response) {
    bridge::script(response, include_str!("../assets/console.js"));
}

/// Everything that the page shows, at once.
pub fn state(world: &World) -> Value {
    let urls = world.urls();
    let now = world.clock.now_ms();
    let books = world.books();
    let screens = books.screens.live(now);
    let codes: Vec<Value> = pay::live_codes(&books, now)
        .iter()
        .map(|order| json!({ "url": order.code, "text": order.description, "total": order.total, "at_ms": order.created_ms }))
        .collect();
    let deliveries: Vec<Value> = books
        .deliveries
        .iter()
        .rev()
        .take(DELIVERIES_SHOWN)
        .map(|one| {
            json!({
                "event": one.event, "out_trade_no": one.out_trade_no, "attempt": one.attempt, "status": one.status,
                "body": one.body.chars().take(200).collect::<String>(), "acknowledged": one.acknowledged,
                "sent_ms": one.sent_ms, "next_ms": one.next_ms,
            })
        })
        .collect();
    json!({
        "webview": urls.webview, "product": urls.product, "behind": urls.behind, "now_ms": now, "manual_clock": world.clock.is_manual(),
        "users": books.users.list(), "codes": codes, "seen": books.seen, "screens": screens, "deliveries": deliveries,
        "mishaps": books.mishaps.list(), "orders": truth::all(&books),
    })
}
