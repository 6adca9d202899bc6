//! 缴费凭据: a page to print for every sum that reached a bill, and the check that it is genuine.
//!
//! A receipt is a view of the allocations in `dues`; nothing is stored. It proves that dues were
//! paid; it is no invoice and no 财政票据.

pub mod h5;
pub mod model;
pub mod pc;
mod verify;

use crate::web::{Sample, page};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::ListPage>(),
        page::samples::<pc::ReceiptPage>(),
        page::samples::<pc::VerifyPage>(),
        page::samples::<h5::VerifyPage>(),
    ]
    .concat()
}
