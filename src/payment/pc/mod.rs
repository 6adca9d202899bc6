//! PC pages: checkout, the pay page with its poll, 支付记录, payment links.

mod act;
pub mod link;
pub mod links;
mod order;
pub(super) mod records;

pub(super) use act::NOT_YET;
pub use act::{cancel, check_now};
pub use order::{PayPage, checkout, pay, restart, state};
pub use records::{ListPage, list};
