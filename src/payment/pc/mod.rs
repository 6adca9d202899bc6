//! PC pages: checkout, the pay page with its poll, 支付记录.

mod order;
pub(super) mod records;

pub use order::{PayPage, checkout, pay, restart, state};
pub use records::{ListPage, list};
