//! For the operator's probes: can this server serve, and are the books right. Here, because the edge
//! does not know the books.

use salvo::{Response, Writer as _, handler, http::StatusCode, writing::Json};

use crate::{
    reconcile::{self, CheckStatus},
    web::{App, health::readiness},
};

/// `GET /readyz`: 503 with what is wrong when this server cannot serve. Broken books are named, but
/// take no server away: they are the same for all, and members can still be served.
#[handler]
pub async fn readyz(app: App, res: &mut Response) {
    let (is_ready, mut facts) = readiness(&app).await;
    let books = match reconcile::verdict(&app.db).await {
        Ok(Some(check)) if check.status == CheckStatus::Passed => "ok",
        Ok(Some(_)) => "broken",
        Ok(None) => "unchecked",
        Err(_) => "away",
    };
    facts["ledger"] = books.into();
    if !is_ready {
        res.status_code(StatusCode::SERVICE_UNAVAILABLE);
    }
    res.render(Json(facts));
}
