//! `/dues/pay`, `/pay/{order}` and its poll.

use std::time::Duration;

use salvo::{Request, Response, Writer as _, handler};
use serde::Serialize;
use tokio::time::timeout;

use crate::{
    account::SignedIn,
    kernel::ids::OrderId,
    payment::{
        checkout::{self as verb, CheckoutError},
        model::{Attempt, Order, TradeType},
        poll::{answer_shortly, answer_with},
        start::{Way, start},
        store,
        view::{Mode, OrderView, look},
    },
    web::{App, AppError, Form, Html, Page, SeeOther, Surface, qr},
};

/// The part of the page that the poll brings.
const PANEL: &str = "fragments/payment/panel.html";

/// How long a click waits for WeChat. The attempt goes on under its number afterwards.
const PATIENCE: Duration = Duration::from_secs(4);

/// What the pay page shows, as a whole page and as the fragment that the poll brings.
#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    order: OrderView,
    /// The code that WeChat pays, as SVG; empty when there is none.
    code: String,
    /// The code that opens the phone's pay page, as SVG.
    phone_code: String,
    phone_url: String,
}

/// `/pay/{order}`
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct PayPage(Panel);

impl Page for PayPage {
    const TEMPLATE: &'static str = "pages/payment/pay.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "微信支付".into()
    }

    fn samples() -> Vec<Self> {
        Panel::samples().into_iter().map(Self).collect()
    }
}

impl Panel {
    fn samples() -> Vec<Self> {
        let svg = qr::svg("weixin://wxpay/bizpayurl?pr=sample").unwrap_or_default();
        Mode::ALL
            .map(|mode| Self {
                order: OrderView::sample(mode),
                code: if mode == Mode::Code { svg.clone() } else { String::new() },
                phone_code: svg.clone(),
                phone_url: "https://example.org/h5/pay/0193".into(),
            })
            .into()
    }

    fn draw(
        app: &App,
        (order, mode, attempt): (OrderView, Mode, Option<Attempt>),
    ) -> Result<Self, AppError> {
        let phone_url = app.url(&format!("/h5/pay/{}", order.id));
        let code = attempt
            .filter(|a| mode == Mode::Code && a.trade_type == TradeType::Native)
            .map(|attempt| qr::svg(&attempt.code_url))
            .transpose()?;
        let phone_code = if mode.is_pending() { qr::svg(&phone_url)? } else { String::new() };
        Ok(Self { order, code: code.unwrap_or_default(), phone_code, phone_url })
    }
}

pub(super) async fn own_order(app: &App, who: &SignedIn, req: &Request) -> Result<Order, AppError> {
    let id: OrderId =
        req.param::<String>("order").and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
    store::order_of(&app.db, &id, &who.member.id).await?.ok_or(AppError::NotFound)
}

/// Asks WeChat for a code, but does not keep the member waiting for it.
pub(super) async fn fetch_code(app: &App, id: &OrderId) -> Result<(), AppError> {
    let Ok(started) = timeout(PATIENCE, start(app, id, &Way::Native)).await else {
        tracing::warn!(payment.order = id.as_str(), "WeChat gave no code in time");
        return Ok(());
    };
    started.map(drop)
}

/// `POST /dues/pay`
#[handler]
pub async fn checkout(app: App, who: SignedIn, form: Form) -> Result<SeeOther, AppError> {
    let bills = verb::read_bills(&form.values("bill"));
    if let Err(nothing @ CheckoutError::Nothing) = &bills {
        return Ok(SeeOther::to("/dues").refusing(nothing.to_string()));
    }
    let id = verb::checkout(&app, &who.member.id, &bills?, None).await?;
    fetch_code(&app, &id).await?;
    Ok(SeeOther::to(format!("/pay/{id}")))
}

/// `GET /pay/{order}`
#[handler]
pub async fn pay(app: App, who: SignedIn, req: &mut Request) -> Result<Html<PayPage>, AppError> {
    let order = own_order(&app, &who, req).await?;
    Ok(Html::new(PayPage(Panel::draw(&app, look(&app, order).await?)?)))
}

/// `POST /pay/{order}`: a code again, after silence of WeChat or a look on the phone.
#[handler]
pub async fn restart(
    app: App,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let order = own_order(&app, &who, req).await?;
    fetch_code(&app, &order.id).await?;
    Ok(SeeOther::to(format!("/pay/{}", order.id)))
}

/// `GET /pay/{order}/state?seen=`: 204 while the page shows the truth, else the part that changed,
/// or JSON on demand.
#[handler]
pub async fn state(
    app: App,
    who: SignedIn,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    let order = own_order(&app, &who, req).await?;
    let looked = look(&app, order).await?;
    if answer_shortly(looked.1, req, res) {
        return Ok(());
    }
    answer_with((Surface::Pc, PANEL), &Panel::draw(&app, looked)?, (&app, req), res)
}
