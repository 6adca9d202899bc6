//! What a payment link shows to whoever holds it: whose dues, masked, for which year, how much,
//! and how the payment stands. Both surfaces show the same facts.

use std::time::Duration;

use salvo::Request;
use serde::Serialize;

use super::{
    checkout::checkout,
    link::{self, Link},
    model::{Attempt, Order},
    store,
    view::{Mode, OrderView, look},
};
use crate::{
    dues::{self, Bill},
    kernel::{Fen, identity::masked_name, ids::OrderId},
    member,
    web::{App, AppError, Client, throttle},
};

/// Openings from one address and beginnings through one link within [`WINDOW`].
const MOST_LOOKS: u64 = 120;
const MOST_STARTS: u64 = 20;
const WINDOW: Duration = Duration::from_mins(10);

/// A link on the screen.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LinkView {
    /// The payer's unit, masked.
    pub unit: String,
    /// `2026 年度会费`.
    pub what: String,
    /// What is still owed, fen.
    pub remaining: Fen,
    /// Until when the link opens, in words.
    pub until: String,
    /// How it stands: `dead`, `settled`, `owed`, or as its order does.
    pub mode: &'static str,
    /// The order that is, or was, paid through it.
    pub order: Option<OrderView>,
}

/// A link that opens, and what it is about.
pub(super) struct Opened {
    pub link: Link,
    pub bill: Bill,
}

/// The link of this request; nothing when it does not open, whatever the reason.
pub(super) async fn find(
    app: &App,
    client: &Client,
    req: &Request,
) -> Result<Option<Opened>, AppError> {
    throttle::pass(app, "pay-link", &client.ip, MOST_LOOKS, WINDOW).await?;
    let token = req.param::<String>("token").unwrap_or_default();
    let Some(link) = link::open(app, &token).await? else { return Ok(None) };
    let bill = dues::bill(&app.db, &link.bill_id).await?;
    Ok(bill.map(|bill| Opened { link, bill }))
}

/// The order by which the link's bill is paid: the live one, or a new one.
pub(super) async fn begin(app: &App, opened: &Opened) -> Result<OrderId, AppError> {
    let Link { id, member_id, bill_id, .. } = &opened.link;
    throttle::pass(app, "pay-link-start", id.as_str(), MOST_STARTS, WINDOW).await?;
    Ok(checkout(app, member_id, std::slice::from_ref(bill_id), Some(id)).await?)
}

impl Opened {
    /// The order over exactly this bill: the live one, or the one that has paid it.
    async fn order(&self, app: &App) -> Result<Option<Order>, AppError> {
        let bill = &self.link.bill_id;
        if !self.bill.status.is_owed() {
            return Ok(store::paid_order_of_bill(&app.db, bill).await?);
        }
        for order in store::live_orders_of_bills(&app.db, std::slice::from_ref(bill)).await? {
            let is_open = order.expires_ms > app.clock.now();
            if is_open && store::shares(&app.db, &order.id).await?.len() == 1 {
                return Ok(Some(order));
            }
        }
        Ok(None)
    }

    /// As it looks, with the live attempt of its order.
    pub(super) async fn view(&self, app: &App) -> Result<(LinkView, Option<Attempt>), AppError> {
        let member = member::store::find(&app.db, &app.vault, &self.link.member_id).await?;
        let looked = match self.order(app).await? {
            Some(order) => Some(look(app, order).await?),
            None => None,
        };
        let (order, mode, attempt) = match looked {
            Some((order, mode, attempt)) => (Some(order), Some(mode), attempt),
            None => (None, None, None),
        };
        let is_owed = self.bill.status.is_owed();
        let mode = match mode {
            Some(mode) => mode.code(),
            None if is_owed => "owed",
            None => "settled",
        };
        let view = LinkView {
            unit: member.map(|member| masked_name(&member.name)).unwrap_or_default(),
            what: self.bill.title(),
            remaining: self.bill.remaining(),
            until: self.link.expires_ms.to_minute(),
            mode,
            order,
        };
        Ok((view, attempt))
    }
}

impl LinkView {
    /// What everybody sees whose link does not open, whatever the reason.
    pub(super) fn dead() -> Self {
        Self {
            unit: String::new(),
            what: String::new(),
            remaining: Fen::ZERO,
            until: String::new(),
            mode: "dead",
            order: None,
        }
    }

    /// Every shape, for the pages' samples.
    pub(super) fn samples() -> Vec<Self> {
        let view = |mode, order| Self {
            unit: masked_name("江苏示例网络科技有限公司"),
            what: "2026 年度会费".into(),
            remaining: Fen::yuan(2000),
            until: "2026-03-08 09:00".into(),
            mode,
            order,
        };
        let mut views = vec![Self::dead(), view("owed", None), view("settled", None)];
        views.extend(Mode::ALL.map(|mode| view(mode.code(), Some(OrderView::sample(mode)))));
        views
    }
}
