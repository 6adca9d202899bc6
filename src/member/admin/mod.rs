//! Admin pages: the list of members, and one member. What staff change there is handled above, in
//! `account`, because two of the fields are what the account signs in with.

pub mod detail;
mod listing;
mod sample;
mod timeline;

pub use detail::DetailPage;
pub use listing::{ListPage, list, search};
pub use timeline::actor_name;
