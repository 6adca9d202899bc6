//! PC pages of the member: 线下缴费 and 缴费管理.

mod change;
mod history;
mod new;
mod page;

pub use change::{delete, edit, edit_page, voucher};
pub use history::{RecordsPage, records};
pub use new::{submit, submit_page};
pub use page::SubmitPage;

pub(in crate::offline) use change::read_voucher;
pub(in crate::offline) use history::sample_payments;
pub(in crate::offline) use page::sample_file;

use salvo::Request;

use crate::{kernel::ids::OfflineId, web::AppError};

/// The report that the path names.
fn id_of(req: &Request) -> Result<OfflineId, AppError> {
    let id = req.param::<String>("offline").and_then(|id| id.parse().ok());
    id.ok_or(AppError::NotFound)
}
