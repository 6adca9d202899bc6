//! 待处理款项: money, or messages, that fitted no order. Each item is decided once: put on bills
//! here, refunded by `refund`, or, where no money came, explained in writing.

mod decide;
pub mod model;
mod queue;
mod resolve;
mod sheet;

pub use decide::{assign, explain};
pub use model::ParkedStatus;
pub use queue::{ListPage, list};
pub use sheet::{ItemPage, detail, item_page};

use salvo::Request;

use super::store::parked::{Parked, parked};
use crate::web::{App, AppError};

/// The item that the path names.
async fn find(app: &App, req: &Request) -> Result<Parked, AppError> {
    let id = req.param::<String>("item").and_then(|id| id.parse().ok());
    parked(&app.db, &id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}
