//! Phone pages: confirming a login code, signing in on the phone itself, a new password.

mod question;
mod resetting;
mod scanning;
mod signing_in;

pub use question::ScanPage;
pub use resetting::{NewPage, ResetPage, reset, reset_new, reset_new_page, reset_page};
pub use scanning::{confirm, reject, scan};
pub use signing_in::{Attempt, LoginPage, attempt, enter, login_page, logout};
