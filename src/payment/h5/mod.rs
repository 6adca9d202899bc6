//! Phone pages: open bills, and the pay page of an order.

mod bills;
mod order;

pub use bills::{DuesPage, checkout, dues};
pub use order::{PayPage, begin, pay, state};
