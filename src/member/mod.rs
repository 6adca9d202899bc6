//! The member: unit, level, and the profile that must be complete before anything else opens.

pub mod admin;
pub mod create;
pub mod email;
pub mod level;
pub mod model;
pub mod profile;
pub mod region;
pub(crate) mod store;

pub use level::Level;
pub use model::Member;
pub use store::{
    level::{Billable, billable, billable_of},
    list::matching,
    names,
};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<crate::web::Sample> {
    crate::web::page::samples::<admin::ListPage>()
}
