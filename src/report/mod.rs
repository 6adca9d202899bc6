//! What is going on, gathered from every slice: 会员首页 on PC and phone, 工作台 of the secretariat.
//!
//! Nothing is changed here and no SQL lives here.

pub mod admin;
pub mod contribution;
pub mod h5;
pub mod pc;
pub mod ready;

use crate::web::{Sample, page};

/// The pages of this slice in every shape.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::HomePage>(),
        page::samples::<h5::HomePage>(),
        page::samples::<admin::DashboardPage>(),
        page::samples::<contribution::member::RecordsPage>(),
        page::samples::<contribution::admin::ContributionsPage>(),
    ]
    .concat()
}
