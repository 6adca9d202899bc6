//! 注册: a unit applies, asks how far its application is, and the secretariat decides.
//!
//! What an approved unit becomes is made by `member`, `account` and `dues`, which this slice calls.

pub mod admin;
mod applicant;
mod apply;
mod ask;
pub mod form;
pub mod h5;
pub mod model;
pub mod pc;
pub mod progress;
mod related;
pub mod review;
mod sample;
pub mod sign_in;
mod store;
pub mod submit;
pub mod view;

pub use model::{Registration, Status};
pub use progress::status_of;
pub use sign_in::sign_in_answer;
pub use store::waiting;

use crate::web::{Sample, page::samples as of};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    [
        of::<pc::RegisterPage>(),
        of::<pc::ResultPage>(),
        of::<pc::ProgressPage>(),
        of::<h5::RegisterPage>(),
        of::<h5::ResultPage>(),
        of::<h5::ProgressPage>(),
        of::<admin::QueuePage>(),
        of::<admin::DetailPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
