//! Admin pages: the queue of applications, one application, and the decisions.

mod batch;
mod decide;
mod grant;
mod list;
mod look;
mod reason;
mod search;
mod sheet;

pub use batch::{BatchPage, result as batch_result, submit as batch_submit};
pub use decide::{approve, give_back, reject};
pub use list::{QueuePage, queue};
pub use look::{detail, scanned};
pub use search::find;
pub use sheet::DetailPage;
