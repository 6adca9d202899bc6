//! A member's account: password, scan, WeChat binding, and the guards of the member pages.
//!
//! The way in is always the same: [`sign_in`] checks the password and gives a pre-auth session,
//! which opens the profile until it is complete and then only the login code; [`scan`] turns a code
//! that the account's WeChat confirmed into a member session. On the phone the WeChat is proven by
//! [`oauth`] directly. A full session therefore means password, complete profile and matched WeChat,
//! and [`entry`] is the one place where it begins.
//!
//! Who cannot come in that way: [`reset`] sets a new password, [`rescue`] replaces a lost WeChat, and
//! [`secretariat`] is what the association's staff may do, with a reason and on record.

pub mod admin;
pub mod bind;
pub mod code;
pub mod create;
pub mod device;
pub mod entry;
pub mod guard;
pub mod h5;
pub mod model;
pub mod oauth;
pub mod password;
pub mod pc;
pub mod profile;
pub mod puzzle;
pub mod rescue;
pub mod reset;
pub mod scan;
pub mod secretariat;
mod sessions;
pub mod sign_in;
pub(crate) mod store;
pub mod unbind;

pub use guard::{Editor, PreAuth, SignedIn};
pub use model::Account;

use crate::web::{Sample, page};

/// The largest form: a file of 10 MB with what surrounds it, in bytes.
pub const MAX_BODY: usize = 11 * 1024 * 1024;

/// Every shape of every page of this slice.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<pc::LoginPage>(),
        page::samples::<pc::ScanPage>(),
        page::samples::<pc::PasswordPage>(),
        profile::samples(),
        page::samples::<oauth::PhonePage>(),
        page::samples::<h5::LoginPage>(),
        page::samples::<h5::ScanPage>(),
        page::samples::<h5::ResetPage>(),
        page::samples::<h5::NewPage>(),
        page::samples::<pc::ResetPage>(),
        page::samples::<pc::CodePage>(),
        page::samples::<pc::NewPage>(),
        page::samples::<pc::RescuePage>(),
        page::samples::<pc::SessionsPage>(),
        page::samples::<admin::AccountPage>(),
        page::samples::<admin::RescuesPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
