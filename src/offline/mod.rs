//! 线下缴费: a member reports a bank transfer with vouchers, finance confirms or rejects it.
//!
//! Confirming applies the money to the bill and books it, in one transaction. What a bill owes is
//! `dues`; money that arrives online is `payment`. When both arrive for one bill, whichever commits
//! second finds the bill settled: here it is refused, there it is parked for refund.

pub mod admin;
pub mod amend;
pub mod decide;
mod form;
pub mod model;
pub mod pc;
pub(crate) mod store;
pub mod submit;
mod voucher;

use crate::web::{Sample, page};

pub use amend::bill_of;
pub use model::{OfflinePayment, OfflineStatus};
pub use store::{Transfer, of_member, transfer_by_no, transfers_after, transfers_of, waiting};

/// Bytes that the routes with uploads must accept: five files of 10 MB and the form around them.
pub const MAX_BODY: usize = (voucher::MOST_FILES + 1) * 10 * 1024 * 1024;

/// The pages of this slice in every shape.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::SubmitPage>(),
        page::samples::<pc::RecordsPage>(),
        page::samples::<admin::QueuePage>(),
        page::samples::<admin::DetailPage>(),
    ]
    .concat()
}
