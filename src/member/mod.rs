//! The member: unit, level, standing, tags, and the profile that must be complete before anything
//! else opens, with its history, change requests and council candidates.
//!
//! A changed code or mobile also concerns the account, which is above: it calls [`amend`].

pub mod admin;
pub mod amend;
pub mod candidate;
pub mod change;
pub mod create;
pub mod email;
pub mod field;
pub mod history;
pub mod level;
pub mod model;
pub mod profile;
pub mod region;
pub mod sheet;
pub mod standing;
pub(crate) mod store;
pub mod tag;

pub use level::Level;
pub use model::Member;
pub use store::{
    level::{Billable, billable, billable_of},
    list::matching,
    names,
};

use crate::web::{Sample, page};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<Sample> {
    [page::samples::<admin::ListPage>(), page::samples::<admin::DetailPage>()]
        .into_iter()
        .flatten()
        .collect()
}
