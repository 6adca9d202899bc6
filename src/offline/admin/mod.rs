//! Admin pages: the queue of reports, one report with its vouchers, the two decisions, and
//! corrections of what was confirmed.

mod correct;
mod decide;
mod list;
mod look;
mod query;
mod sheet;

pub use correct::{answer, ask, corrected};
pub use decide::{confirm, reject};
pub use list::{QueuePage, queue};
pub use look::{detail, voucher};
pub use sheet::DetailPage;

use salvo::{Request, http::StatusCode};

use super::{OfflinePayment, OfflineStatus, store};
use crate::{
    staff::SignedInStaff,
    web::{App, AppError, Html, SeeOther},
};

/// What a decision answers: on to the page, or the page with what is wrong.
type Answer = Result<Result<SeeOther, Html<DetailPage>>, AppError>;

/// The report that the path names; what the member deleted is gone for staff, too.
async fn find(app: &App, req: &Request) -> Result<OfflinePayment, AppError> {
    let id = req.param::<String>("offline").and_then(|id| id.parse().ok());
    let payment = store::find(&app.db, &app.vault, &id.ok_or(AppError::NotFound)?).await?;
    payment.filter(|it| it.status != OfflineStatus::Deleted).ok_or(AppError::NotFound)
}

/// The page as it is now, with why nothing was done on top.
async fn conflict(app: &App, staff: &SignedInStaff, req: &Request, why: String) -> Answer {
    let page = look::page(app, staff, find(app, req).await?).await?;
    Ok(Err(Html::with_status(page.with_problem(why), StatusCode::CONFLICT)))
}
