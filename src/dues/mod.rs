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
pub mod take_back;

use crate::web::{Sample, page};

pub use apply::{ApplyError, apply, apply_up_to};
pub use issue::issue;
pub use model::{Amounts, Bill, BillStatus, Then};
pub use store::{
    Allocated, Contribution, YearTotals, allocations_of, bill, bills, bills_of, contributions_of,
    open_bills_of, year_totals,
};
pub use store::{
    AllocatedSum, AllocationRow, BillFacts, allocated_after, allocated_of, allocation_kinds,
    allocations_after, bill_facts_after, bills_by_no, counts,
};
pub use take_back::{TakeBackError, reopen, take_back};

/// The pages of dues in every shape.
pub fn samples() -> Vec<Sample> {
    [page::samples::<pc::DuesPage>(), page::samples::<admin::StandardsPage>()].concat()
}
