//! Phone pages: the open bills, the pay page, a payment link.

mod bills;
pub mod link;
mod order;
mod panel;

pub use bills::{DuesPage, checkout, dues};
pub use order::{begin, cancel, check_now, pay, state};
pub use panel::PayPage;
