//! `/pay/link/{token}` on a PC, for whoever holds the address: pays one bill, nothing else.

use salvo::{Request, Response, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use super::order::fetch_code;
use crate::{
    payment::{
        linked::{LinkView, begin, find},
        model::{Attempt, TradeType},
        poll::{answer_shortly_as, answer_with},
        view::Mode,
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface, qr},
};

const PANEL: &str = "fragments/payment/link.html";

/// What the page shows, as a whole page and as the fragment that the poll brings.
#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    link: LinkView,
    /// Its path.
    path: String,
    /// The code that WeChat pays, as SVG; empty when there is none.
    code: String,
    /// What is in it, for the camera of the demo.
    code_url: String,
    /// The code that opens the link on a phone, as SVG; empty when nothing is to be paid.
    phone_code: String,
    phone_url: String,
}

/// `/pay/link/{token}`
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct PayPage(Panel);

impl Page for PayPage {
    const TEMPLATE: &'static str = "pages/payment/link.html";

    fn title(&self) -> String {
        "会费付款".into()
    }

    fn samples() -> Vec<Self> {
        let svg = qr::svg("weixin://wxpay/bizpayurl?pr=sample").unwrap_or_default();
        let panel = |link: LinkView| Panel {
            path: "/pay/link/0193".into(),
            code: if link.mode == "code" { svg.clone() } else { String::new() },
            code_url: "weixin://wxpay/bizpayurl?pr=sample".into(),
            phone_code: svg.clone(),
            phone_url: "https://example.org/h5/pay/link/0193".into(),
            link,
        };
        LinkView::samples().into_iter().map(panel).map(Self).collect()
    }
}

impl Panel {
    fn draw(
        app: &App,
        path: String,
        (link, attempt): (LinkView, Option<Attempt>),
    ) -> Result<Self, AppError> {
        let phone_url = app.url(&format!("/h5{path}"));
        let is_open = !matches!(link.mode, "dead" | "settled" | "paid" | "parked" | "closed");
        let phone_code = if is_open { qr::svg(&phone_url)? } else { String::new() };
        let native =
            attempt.filter(|a| link.mode == Mode::Code.code() && a.trade_type == TradeType::Native);
        let code = native.as_ref().map(|attempt| qr::svg(&attempt.code_url)).transpose()?;
        let code_url = native.map(|attempt| attempt.code_url).unwrap_or_default();
        Ok(Self { link, path, code: code.unwrap_or_default(), code_url, phone_code, phone_url })
    }
}

fn path_of(req: &Request) -> String {
    format!("/pay/link/{}", req.param::<String>("token").unwrap_or_default())
}

/// `GET /pay/link/{token}`; a phone is led to its own page.
#[handler]
pub async fn look(
    app: App,
    client: Client,
    req: &mut Request,
) -> Result<Result<Html<PayPage>, SeeOther>, AppError> {
    let path = path_of(req);
    let Some(opened) = find(&app, &client, req).await? else {
        let panel = Panel::draw(&app, String::new(), (LinkView::dead(), None))?;
        return Ok(Ok(Html::with_status(PayPage(panel), StatusCode::NOT_FOUND)));
    };
    if ["Mobile", "Android", "iPhone"].iter().any(|mark| client.user_agent.contains(mark)) {
        return Ok(Err(SeeOther::to(format!("/h5{path}"))));
    }
    let panel = Panel::draw(&app, path, opened.view(&app).await?)?;
    Ok(Ok(Html::new(PayPage(panel))))
}

/// `POST /pay/link/{token}`: a code.
#[handler]
pub async fn start(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let path = path_of(req);
    if let Some(opened) = find(&app, &client, req).await? {
        let order = begin(&app, &opened).await?;
        fetch_code(&app, &order).await?;
    }
    Ok(SeeOther::to(path))
}

/// `GET /pay/link/{token}/state?seen=`
#[handler]
pub async fn state(
    app: App,
    client: Client,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    let path = path_of(req);
    let opened = find(&app, &client, req).await?.ok_or(AppError::NotFound)?;
    let (view, attempt) = opened.view(&app).await?;
    if answer_shortly_as(view.mode, view.mode, req, res) {
        return Ok(());
    }
    let panel = Panel::draw(&app, path, (view, attempt))?;
    answer_with((Surface::Pc, PANEL), &panel, (&app, req), res)
}
