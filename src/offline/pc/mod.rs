//! PC pages of the member: 线下缴费, new, changed and looked at. 缴费管理 is in `report`, because
//! it shows online payments, too.

mod change;
mod history;
mod new;
mod page;
mod report;

pub use change::{delete, edit, edit_page, upload, voucher};
pub use new::{submit, submit_page};
pub use page::SubmitPage;
pub use report::ReportPage;

pub(in crate::offline) use change::read_voucher;
pub(in crate::offline) use history::{Line, lines, sample_lines};
pub(in crate::offline) use page::sample_file;
pub use report::sample_payments;

use salvo::Request;

use crate::{kernel::ids::OfflineId, web::AppError};

/// The report that the path names.
fn id_of(req: &Request) -> Result<OfflineId, AppError> {
    let id = req.param::<String>("offline").and_then(|id| id.parse().ok());
    id.ok_or(AppError::NotFound)
}
