//! The account and its WeChat binding.

use crate::kernel::{
    OpenId, Timestamp, Uscc,
    ids::{AccountId, MemberId},
};

/// One login account; a unit has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Row id.
    pub id: AccountId,
    /// The unit.
    pub member_id: MemberId,
    /// The login name.
    pub uscc: Uscc,
    /// Frozen accounts cannot sign in.
    pub is_active: bool,
    /// Grows when every session must end (password, unbinding, freezing).
    pub session_generation: i64,
    /// Wrong passwords since the last right one.
    pub failed_count: i64,
    /// Wrong passwords lock it until then.
    pub locked_until: Timestamp,
    /// Argon2id, PHC string.
    pub password_hash: String,
}

/// The WeChat that signs this account in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The account.
    pub account_id: AccountId,
    /// Who, as this service account sees them.
    pub open_id: OpenId,
    /// Since when.
    pub bound_at: Timestamp,
}
