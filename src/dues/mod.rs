//! 会费: standards by tier and year, one bill per member and year, and money applied to a bill.
//!
//! How money arrives is not here: `payment` and `offline` bring it and call [`apply()`].

pub mod admin;
pub mod apply;
pub mod issue;
pub mod model;
pub mod pc;
pub mod standard;
pub(crate) mod store;

use crate::web::{Sample, page};

pub use apply::{ApplyError, apply, apply_up_to};
pub use issue::issue;
pub use model::{Bill, BillStatus};
pub use store::{
    Contribution, YearTotals, bill, bills, bills_of, contributions_of, open_bills_of, year_totals,
};

/// The pages of dues in every shape.
pub fn samples() -> Vec<Sample> {
    [page::samples::<pc::DuesPage>(), page::samples::<admin::StandardsPage>()].concat()
}
