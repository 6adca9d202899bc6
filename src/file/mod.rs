//! Uploaded files: accepted by content, stored in the database, served to their readers alone.
//!
//! They lie in the database in chunks, because servers keep no state (any of them must be able to
//! read a file) and because one backup then covers everything. Who may read a file is decided by
//! the slice that asked for it; the form that uploads is not here either.

pub mod check;
pub mod model;
pub mod serve;
mod store;
pub mod tidy;
pub mod upload;

pub use model::{FileError, MediaType, Owner, StoredFile};
pub use serve::{Served, serve};
pub use store::{claim, find, owned};
pub use upload::upload;
