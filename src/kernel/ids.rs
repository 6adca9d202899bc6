//! Identifiers made by the application, and the source of chance.
//!
//! Row ids are UUID version 7 in 32 hex characters: unguessable, yet new rows stay together in
//! an index, and ids of one process have the order in which they were made, even within a
//! millisecond (RFC 9562, 6.2, method 1): "the latest" is always the latest. Every random value of the house comes from [`Ids`], so that a test can seed it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The source of ids, tokens and digits.
#[derive(Clone)]
pub struct Ids(Arc<Mutex<Source>>);

struct Source {
    rng: StdRng,
    /// The millisecond of the latest row id.
    millis: u64,
    /// Counts the row ids of that millisecond.
    count: u16,
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    /// Seeded by the operating system.
    pub fn system() -> Self {
        Self::drawing(rand::make_rng())
    }

    /// The same sequence for the same seed, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::drawing(StdRng::seed_from_u64(seed))
    }

    fn drawing(rng: StdRng) -> Self {
        Self(Arc::new(Mutex::new(Source { rng, millis: 0, count: 0 })))
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.source().rng.fill(&mut bytes[..]);
        bytes
    }

    /// A new row id, ordered by `now` and, within a millisecond, by the call.
    pub fn next(&self, now: Timestamp) -> String {
        let millis = u64::try_from(now.millis()).unwrap_or_default();
        let mut random: [u8; 10] = self.bytes();
        // The first twelve bits count: from a random start in the lower half, so that half
        // of the numbers are left. Past the last one the order is left to chance.
        let mut source = self.source();
        source.count = if source.millis == millis {
            (source.count + 1).min(0x0FFF)
        } else {
            u16::from_be_bytes([random[0], random[1]]) & 0x07FF
        };
        source.millis = millis;
        [random[0], random[1]] = source.count.to_be_bytes();
        drop(source);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().simple().to_string()
    }

    /// 128 random bits for cookies, tickets and states: 22 characters, safe in a URL.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<16>())
    }

    /// A salt for a password hash.
    pub fn salt(&self) -> [u8; 16] {
        self.bytes()
    }

    /// `len` random decimal digits.
    pub fn digits(&self, len: usize) -> String {
        self.drawn_from(len, b"0123456789")
    }

    /// `len` capitals and digits that nobody confuses on paper (no 0 O 1 I L).
    pub fn readable(&self, len: usize) -> String {
        self.drawn_from(len, b"23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    }

    fn drawn_from(&self, len: usize, alphabet: &[u8]) -> String {
        let rng = &mut self.source().rng;
        (0..len).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
    }
}

/// A text that is not one of our ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new one.
            pub fn new(ids: &Ids, now: Timestamp) -> Self {
                Self(ids.next(now))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                let fits = (1..=64).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                if fits { Ok(Self(text)) } else { Err(NotAnId) }
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A registration (application for membership).
    RegistrationId,
    /// A member unit.
    MemberId,
    /// A member's login account.
    AccountId,
    /// A member's request to change what it may not change itself.
    ChangeRequestId,
    /// A member's proposal of council candidates.
    ProposalId,
    /// A member level, for example 会员单位.
    LevelId,
    /// A dues tier.
    TierId,
    /// A dues standard: an amount for a tier from a year on.
    StandardId,
    /// A dues bill.
    BillId,
    /// A bill run: the bills of a year, planned, approved and issued together.
    BillRunId,
    /// A request to waive or put off a bill.
    WaiverId,
    /// A payment order: one or several bills paid together.
    OrderId,
    /// Our number of one attempt to pay an order, WeChat Pay's `out_trade_no`.
    OutTradeNo,
    /// A payment link for the accountant.
    LinkId,
    /// An offline payment reported by a member.
    OfflineId,
    /// A stored file.
    FileId,
    /// A staff member of the secretariat.
    StaffId,
    /// A sum that waits for a person to explain it.
    UnexplainedId,
    /// A refund.
    RefundId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_ids_are_ordered_by_time_and_differ() {
        let ids = Ids::seeded(1);
        let early = MemberId::new(&ids, Timestamp::from_millis(1_000));
        let late = MemberId::new(&ids, Timestamp::from_millis(2_000));
        assert!(early < late);
        assert_ne!(ids.token(), ids.token());
    }

    #[test]
    fn row_ids_of_one_millisecond_have_the_order_in_which_they_were_made() {
        let ids = Ids::seeded(2);
        let now = Timestamp::from_millis(1_000);
        let made: Vec<String> = (0..2_000).map(|_| ids.next(now)).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn foreign_text_is_no_id() {
        for bad in ["", "a b", "../etc", "会员", &"x".repeat(65)] {
            assert!(bad.parse::<BillId>().is_err(), "{bad}");
        }
    }
}
