//! 减免与缓缴: asked for by one person of the secretariat with its basis, approved by another.

mod decide;
pub mod model;
mod request;

pub use decide::{DecideError, decide};
pub use model::{Waiver, WaiverKind, WaiverStatus};
pub use request::{NewWaiver, RequestError, checked, request};
