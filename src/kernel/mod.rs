//! Values that are valid by construction: money, ids, identities, time, secrets, dictionaries.
//!
//! Nothing here knows HTTP, SQL or WeChat, and nothing here uses another module of the house.

pub mod clock;
pub mod dictionary;
pub mod identity;
pub mod ids;
pub mod industry;
pub mod money;
pub mod password;
pub mod secret;
pub mod text;
pub mod uscc;
pub mod vault;

pub use clock::{Clock, Date, Timestamp};
pub use identity::{Mobile, OpenId};
pub use ids::Ids;
pub use money::Fen;
pub use secret::Secret;
pub use uscc::Uscc;
pub use vault::Vault;
