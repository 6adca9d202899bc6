//! Phone pages: confirming a login code, and signing in on the phone itself.

mod scanning;
mod signing_in;

pub use scanning::{ScanPage, confirm, reject, scan};
pub use signing_in::{Attempt, LoginPage, attempt, enter, login_page};
