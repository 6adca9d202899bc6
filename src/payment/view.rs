//! What the pay pages of both surfaces show of an order.

use serde::Serialize;

use super::{
    model::{Attempt, AttemptStatus, Order, OrderStatus, TradeType},
    store,
};
use crate::{
    kernel::{Fen, Timestamp},
    web::{App, AppError},
};

/// How an order looks to its payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Nothing was started yet.
    Idle,
    /// WeChat has not answered.
    Unanswered,
    /// There is a QR code.
    Code,
    /// It is open on a phone, in WeChat.
    Phone,
    /// It is open on a phone, in a browser.
    Browser,
    /// Paid, and on the bills.
    Paid,
    /// Paid, but the bills were settled: to be refunded.
    Parked,
    /// Closed, or out of time.
    Closed,
}

impl Mode {
    /// The word in JSON and in the address of the poll.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Unanswered => "unanswered",
            Self::Code => "code",
            Self::Phone => "phone",
            Self::Browser => "browser",
            Self::Paid => "paid",
            Self::Parked => "parked",
            Self::Closed => "closed",
        }
    }

    /// What a script is told: the three states that matter to it, and the odd one.
    pub const fn state(self) -> &'static str {
        match self {
            Self::Idle | Self::Unanswered | Self::Code | Self::Phone | Self::Browser => "pending",
            Self::Paid => "paid",
            Self::Parked => "parked",
            Self::Closed => "closed",
        }
    }

    /// Every one, for samples.
    pub(super) const ALL: [Self; 8] = [
        Self::Idle,
        Self::Unanswered,
        Self::Code,
        Self::Phone,
        Self::Browser,
        Self::Paid,
        Self::Parked,
        Self::Closed,
    ];

    /// True while the page goes on asking.
    pub const fn is_pending(self) -> bool {
        !matches!(self, Self::Paid | Self::Parked | Self::Closed)
    }
}

/// An order on the screen.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    /// Row id, for addresses.
    pub id: String,
    /// 订单号.
    pub no: String,
    /// 缴费项目.
    pub description: String,
    /// Fen.
    pub amount: Fen,
    /// How it looks.
    pub mode: &'static str,
    /// True while the page goes on asking.
    pub is_pending: bool,
    /// Until it is out of time.
    pub seconds_left: u64,
    /// When it was paid, in words; empty before.
    pub paid_at: String,
    /// WeChat's number; empty before.
    pub transaction: String,
    /// The address of its 缴费凭据; empty before, and where no bill got the money.
    pub receipt: String,
    /// The bills of a closed order, so that one click begins anew.
    pub bills: Vec<String>,
}

/// An order with what its payer is to see; the live attempt, if there is one.
pub(super) async fn look(
    app: &App,
    order: Order,
) -> Result<(OrderView, Mode, Option<Attempt>), AppError> {
    let now = app.clock.now();
    let is_open = order.status == OrderStatus::Pending && order.expires_ms > now;
    let attempt = if is_open {
        store::live_attempt(&app.db, &order.id).await?
    } else {
        store::paid_attempt(&app.db, &order.id).await?
    };
    let mode = mode(&order, is_open, attempt.as_ref());
    let paid = attempt.as_ref().and_then(|attempt| attempt.transaction_id.clone());
    let receipt = paid.as_ref().filter(|_| mode == Mode::Paid);
    let bills = match mode {
        Mode::Closed => store::shares(&app.db, &order.id).await?,
        _ => Vec::new(),
    };
    let view = OrderView {
        id: order.id.into(),
        no: order.no,
        description: order.description,
        amount: order.amount,
        mode: mode.code(),
        is_pending: mode.is_pending(),
        seconds_left: order.expires_ms.since(now).as_secs(),
        paid_at: order.paid_ms.map(Timestamp::to_second).unwrap_or_default(),
        receipt: receipt.map(|paid| format!("/receipts/W{paid}")).unwrap_or_default(),
        transaction: paid.unwrap_or_default(),
        bills: bills.into_iter().map(|share| share.bill_id.into()).collect(),
    };
    Ok((view, mode, attempt))
}

fn mode(order: &Order, is_open: bool, attempt: Option<&Attempt>) -> Mode {
    match (order.status, attempt) {
        (OrderStatus::Paid, _) => Mode::Paid,
        (_, Some(attempt)) if attempt.status == AttemptStatus::Duplicate => Mode::Parked,
        (OrderStatus::Closed, _) => Mode::Closed,
        (OrderStatus::Pending, _) if !is_open => Mode::Closed,
        (OrderStatus::Pending, None) => Mode::Idle,
        (OrderStatus::Pending, Some(attempt)) => match (attempt.status, attempt.trade_type) {
            (AttemptStatus::Prepaid, TradeType::Native) => Mode::Code,
            (AttemptStatus::Prepaid, TradeType::Jsapi) => Mode::Phone,
            (AttemptStatus::Prepaid, TradeType::H5) => Mode::Browser,
            _ => Mode::Unanswered,
        },
    }
}

impl OrderView {
    /// One for a page's samples.
    pub(super) fn sample(mode: Mode) -> Self {
        let is_paid = matches!(mode, Mode::Paid | Mode::Parked);
        let when = |text: &str| if is_paid { text.to_owned() } else { String::new() };
        Self {
            id: "0193".into(),
            no: "D20260301090000123456".into(),
            description: "2025、2026 年度会费".into(),
            amount: Fen::yuan(4000),
            mode: mode.code(),
            is_pending: mode.is_pending(),
            seconds_left: 1742,
            paid_at: when("2026-03-01 09:05:12"),
            transaction: when("4200001234202603010000000001"),
            receipt: if mode == Mode::Paid { "/receipts/W4200".into() } else { String::new() },
            bills: if mode == Mode::Closed { vec!["0191".into()] } else { Vec::new() },
        }
    }
}
