//! A member's account: password, scan, WeChat binding, and the guards of the member pages.
//!
//! The way in is always the same: [`sign_in`] checks the password and gives a pre-auth session,
//! which opens the profile until it is complete and then only the login code; [`scan`] turns a code
//! that the account's WeChat confirmed into a member session. On the phone the WeChat is proven by
//! [`oauth`] directly. A full session therefore means password, complete profile and matched WeChat.

pub mod bind;
pub mod create;
pub mod guard;
pub mod h5;
pub mod model;
pub mod oauth;
pub mod password;
pub mod pc;
pub mod profile;
pub mod scan;
pub mod sign_in;
pub(crate) mod store;
pub mod unbind;

pub use guard::{Editor, PreAuth, SignedIn};
pub use model::Account;

use crate::web::{Sample, page};

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
    ]
    .into_iter()
    .flatten()
    .collect()
}
