//! Admin pages: the queue of reports, one report with its vouchers, the two decisions.

mod decide;
mod list;
mod look;
mod sheet;

pub use decide::{confirm, reject};
pub use list::{QueuePage, queue};
pub use look::{detail, voucher};
pub use sheet::DetailPage;

use salvo::Request;

use super::{OfflinePayment, OfflineStatus, store};
use crate::web::{App, AppError};

/// The report that the path names; what the member deleted is gone for staff, too.
async fn find(app: &App, req: &Request) -> Result<OfflinePayment, AppError> {
    let id = req.param::<String>("offline").and_then(|id| id.parse().ok());
    let payment = store::find(&app.db, &app.vault, &id.ok_or(AppError::NotFound)?).await?;
    payment.filter(|it| it.status != OfflineStatus::Deleted).ok_or(AppError::NotFound)
}
