//! Uploaded files: accepted by content, stored in the database, served to their readers alone.
//!
//! They lie in the database in chunks, because servers keep no state (any of them must be able to
//! read a file) and because one backup then covers everything. Who may read a file is decided by
//! the slice that asked for it.
//!
//! Each chunk is sealed by the vault (AES-256-GCM, the key from `security.data_key`) and bound to its
//! file and its position, and the whole is compared with the SHA-256 that was kept when it came. So
//! whoever has the database, but not the key, can neither read a voucher nor put another one in its
//! place; what is missing or altered is never served, and `ledger verify` names it (`read`).
//!
//! A file is *claimed* by what was accepted with it and stays then. What nothing refers to is
//! deleted: a day after the upload, or a month after its last holder *released* it (`tidy`).

pub mod check;
pub mod model;
pub mod read;
pub mod serve;
mod store;
pub mod take;
pub mod tidy;
pub mod upload;

pub use model::{FileError, MediaType, Owner, StoredFile};
pub use read::{Damage, damage};
pub use serve::{Served, serve};
pub use store::{claim, find, owned};
pub use take::{GONE, Taken, Wanted, take};
pub use tidy::release;
pub use upload::upload;
