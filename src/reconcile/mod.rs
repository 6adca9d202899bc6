//! Are the books right? `verify` compares them with every slice that moves money and names what
//! does not agree; `bill` compares them with what WeChat says day by day; `export` hands everything
//! to an outside auditor.
//!
//! Each slice gives its facts through public queries in key order; nothing here changes money.

pub mod admin;
pub mod bill;
pub mod check;
pub mod export;
pub(crate) mod store;
pub mod verify;

use crate::web::{Sample, page};

pub use bill::unsettled as days_unsettled;
pub use check::{Check, CheckStatus, check_if_due, verdict};

/// The pages of this slice in every shape.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<admin::CheckPage>(),
        page::samples::<admin::DaysPage>(),
        page::samples::<admin::DayPage>(),
    ]
    .concat()
}
