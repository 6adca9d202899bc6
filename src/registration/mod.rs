//! 注册: a unit applies, asks how far its application is, and the secretariat decides.
//!
//! What an approved unit becomes is made by `member`, `account` and `dues`, which this slice calls.

pub mod admin;
pub mod amend;
mod amending;
mod applicant;
mod apply;
mod ask;
pub mod carry;
pub mod draft;
mod face;
pub mod form;
pub mod h5;
pub mod model;
pub mod own;
pub mod pc;
mod print;
pub mod progress;
mod recipient;
mod related;
mod result;
pub mod retract;
pub mod review;
mod sample;
pub mod scan;
pub mod sign_in;
mod store;
pub mod submit;
pub mod view;

pub use model::{Registration, Status};
pub use progress::status_of;
pub use recipient::recipient;
pub use store::waiting;

use crate::web::{Sample, page::samples as of};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    [
        of::<pc::RegisterPage>(),
        of::<pc::ResultPage>(),
        of::<pc::AmendPage>(),
        of::<pc::PrintPage>(),
        of::<pc::CarryPage>(),
        of::<pc::ContinuePage>(),
        of::<pc::ProgressPage>(),
        of::<h5::RegisterPage>(),
        of::<h5::ResultPage>(),
        of::<h5::AmendPage>(),
        of::<h5::CarryPage>(),
        of::<h5::ContinuePage>(),
        of::<h5::ProgressPage>(),
        of::<admin::QueuePage>(),
        of::<admin::DetailPage>(),
        of::<admin::BatchPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
