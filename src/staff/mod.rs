//! The secretariat: administrators, their roles, and the record of what they did.

pub mod admin;
pub mod audit;
pub mod create;
pub mod guard;
pub mod model;
pub mod sign_in;
pub(crate) mod store;

pub use guard::SignedInStaff;
pub use model::{Permission, Role, StaffMember};

/// Every shape of this slice's pages.
pub fn samples() -> Vec<crate::web::Sample> {
    crate::web::page::samples::<admin::LoginPage>()
}
