//! For the finance page of an offline payment: is its bill being paid online right now? A fragment
//! of this room, because `offline` and `payment` do not know each other.

use salvo::{Request, Response, Writer as _, handler, writing::Text};
use serde::Serialize;

use crate::{
    offline, payment,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Surface, page::Chrome},
};

const TEMPLATE: &str = "fragments/report/online.html";

#[derive(Debug, Serialize)]
struct Online {
    text: String,
}

/// `GET /admin/offline/{offline}/online`
#[handler]
pub async fn online(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
    res: &mut Response,
) -> Result<(), AppError> {
    staff.require(Permission::ReadMoney)?;
    let id = req.param::<String>("offline").and_then(|id| id.parse().ok());
    let bill = offline::bill_of(&app, &id.ok_or(AppError::NotFound)?).await?;
    let orders = payment::live_orders_of_bills(&app.db, &[bill]).await?;
    let lines = orders.iter().map(|order| format!("{}（{} 元）", order.no, order.amount.grouped()));
    let fragment = Online { text: lines.collect::<Vec<_>>().join("、") };
    let chrome = Chrome::new("", &app.settings.site, "", req.uri().path());
    let html = app
        .templates
        .render(Surface::Pc, TEMPLATE, &fragment, &chrome)
        .map_err(|error| AppError::Fault(format!("{TEMPLATE}: {error:?}")))?;
    res.render(Text::Html(html));
    Ok(())
}
