//! The association's own texts as pages: the charter and the privacy policy.
//!
//! The texts themselves are configuration (`[site]`); changing them at run time is not offered.

pub mod pc;

use crate::web::{Sample, page};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    page::samples::<pc::DocumentPage>()
}
