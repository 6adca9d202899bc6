//! `/h5/pay/link/{token}`: a payment link on the phone. Paying itself happens on the order's page.

use salvo::{Request, Writer as _, handler, http::StatusCode};
use serde::Serialize;

use crate::{
    payment::linked::{LinkView, begin, find},
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface},
};

/// `/h5/pay/link/{token}`
#[derive(Clone, Debug, Serialize)]
pub struct PayPage {
    link: LinkView,
    path: String,
}

impl Page for PayPage {
    const TEMPLATE: &'static str = "pages/payment/link.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会费付款".into()
    }

    fn samples() -> Vec<Self> {
        let page = |link| Self { link, path: "/h5/pay/link/0193".into() };
        LinkView::samples().into_iter().map(page).collect()
    }
}

fn path_of(req: &Request) -> String {
    format!("/h5/pay/link/{}", req.param::<String>("token").unwrap_or_default())
}

/// `GET /h5/pay/link/{token}`
#[handler]
pub async fn look(app: App, client: Client, req: &mut Request) -> Result<Html<PayPage>, AppError> {
    let path = path_of(req);
    if let Some(opened) = find(&app, &client, req).await? {
        let (link, _) = opened.view(&app).await?;
        return Ok(Html::new(PayPage { link, path }));
    }
    let page = PayPage { link: LinkView::dead(), path: String::new() };
    Ok(Html::with_status(page, StatusCode::NOT_FOUND))
}

/// `POST /h5/pay/link/{token}`
#[handler]
pub async fn start(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let path = path_of(req);
    Ok(match find(&app, &client, req).await? {
        Some(opened) => SeeOther::to(format!("/h5/pay/{}", begin(&app, &opened).await?)),
        None => SeeOther::to(path),
    })
}
