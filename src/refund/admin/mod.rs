//! Admin pages: the lists, asking, one refund with what may be done about it.

mod act;
mod book_in;
mod form;
mod list;
mod new;
mod parked;
mod receipt;
mod sample;
mod sheet;
mod told;

pub use act::{approve, give_up, reject, resubmit, withdraw};
pub use book_in::charge;
pub use list::{ListPage, queue};
pub use new::{NewPage, ask, blank};
pub use parked::ask_parked;
pub use receipt::{MOST_FILES, receipt as file, uploaded};
pub use sheet::{DetailPage, detail};

use salvo::Request;

use super::{Refund, store};
use crate::web::{App, AppError};

/// The refund that the path names.
async fn find(app: &App, req: &Request) -> Result<Refund, AppError> {
    let id = req.param::<String>("refund").and_then(|id| id.parse().ok());
    store::refund(&app.db, &id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}
