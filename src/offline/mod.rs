//! 线下缴费: a member reports a bank transfer with vouchers, finance confirms or rejects it, and
//! two people of finance take a wrong confirmation back (冲正).
//!
//! Confirming applies the money to the bill and books it, in one transaction. What a bill owes is
//! `dues`; money that arrives online is `payment`, whose open attempts are ended first. When both
//! arrive for one bill all the same, whichever commits second finds the bill settled: here finance
//! is asked again, there it is parked for refund.

pub mod admin;
pub mod amend;
mod book;
pub mod correct;
pub mod decide;
mod form;
pub mod model;
mod online;
pub mod pc;
pub mod search;
pub(crate) mod store;
pub mod submit;
mod voucher;

use crate::web::{Sample, page};

pub use model::{OfflinePayment, OfflineStatus};
pub use store::{
    Filter, Needle, TakenBack, Transfer, VoucherRef, corrections_waiting, page as reports,
    surplus_open, surplus_waiting, taken_back_by, taken_back_of, transfer_by_no, transfers_after,
    transfers_of, undecided_of, voucher_count, vouchers_after, waiting,
};

/// Bytes that the routes with uploads must accept: five files of 10 MB and the form around them.
pub const MAX_BODY: usize = (voucher::MOST_FILES + 1) * 10 * 1024 * 1024;

/// The pages of this slice in every shape.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::SubmitPage>(),
        page::samples::<pc::ReportPage>(),
        page::samples::<admin::QueuePage>(),
        page::samples::<admin::DetailPage>(),
    ]
    .concat()
}
