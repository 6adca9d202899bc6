//! 会费: standards by tier and year, one bill per member and year, waivers, bill runs, and money
//! applied to a bill.
//!
//! How money arrives is not here: `payment` and `offline` bring it and call [`apply()`], and take
//! it off again with [`take_back()`].

pub mod admin;
pub mod apply;
pub mod correct;
pub mod issue;
pub mod join;
pub mod level_change;
pub mod memo;
pub mod model;
pub mod pc;
pub mod plan;
pub mod run;
pub mod standard;
pub(crate) mod store;
pub mod take_back;
pub mod validity;
pub mod waiver;

use crate::web::{App, AppError, Sample, page};

pub use apply::{ApplyError, apply, apply_each, apply_up_to};
pub use issue::issue;
pub use memo::MemoCode;
pub use model::{Amounts, Bill, BillStatus, Then, title, titles};
pub use store::{
    Allocated, Contribution, OnlineContribution, OnlineFilter, YearTotals, allocations_of, bill,
    bill_of_memo, bills, bills_of, contributions_of, online_contributions, open_bills_of,
    waiver::waiting as waivers_waiting, year_totals,
};
pub use store::{
    AllocatedSum, AllocationRow, BillFacts, allocated_after, allocated_of, allocation_kinds,
    allocations_after, bill_facts_after, bills_by_no, counts,
};
pub use take_back::{TakeBackError, reopen, take_back};
pub use validity::{Validity, validity, validity_of};

/// What the job of dues does each time: bill runs, and levels whose day has come. Returns how much
/// there was to do.
pub async fn work(app: &App) -> Result<usize, AppError> {
    Ok(level_change::apply_due(app).await? + run::work(app).await?)
}

/// The pages of dues in every shape.
pub fn samples() -> Vec<Sample> {
    [page::samples::<pc::DuesPage>(), admin::samples()].concat()
}
