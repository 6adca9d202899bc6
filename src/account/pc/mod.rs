//! PC pages of signing in and out: password, login code, new password, 换绑申请, login history.

mod direct;
mod new_password;
mod panel;
mod rescuing;
mod resetting;
mod scanning;
mod sessions;
mod signing_in;

pub use direct::{direct_page, direct_renew, direct_state};
pub use new_password::{PasswordPage, password, password_page};
pub use panel::{ScanPage, ScanPanel};
pub use rescuing::{RescuePage, request_rescue, rescue_page};
pub use resetting::{
    CodePage, NewPage, ResetPage, reset, reset_code, reset_code_page, reset_new, reset_new_page,
    reset_page, reset_scan_page, reset_scan_renew, reset_state,
};
pub use scanning::{scan_page, scan_renew, scan_state};
pub(super) use sessions::{DeviceRow, LoginRow};
pub use sessions::{SessionsPage, session_end, sessions_end, sessions_page};
pub use signing_in::{Attempt, LoginPage, attempt, login_page, logout};
