//! PC pages of signing in and out: password, login code, new password.

mod new_password;
mod panel;
mod scanning;
mod signing_in;

pub use new_password::{PasswordPage, password, password_page};
pub use panel::{ScanPage, ScanPanel};
pub use scanning::{scan_page, scan_renew, scan_state};
pub use signing_in::{Attempt, LoginPage, attempt, login_page, logout};
