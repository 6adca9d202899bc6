//! Admin pages: the queue of applications, one application, and the decision.

mod decide;
mod list;
mod sheet;

pub use decide::{approve, reject};
pub use list::{QueuePage, queue};
pub use sheet::{DetailPage, detail};
