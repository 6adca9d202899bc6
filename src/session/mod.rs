//! Short-lived state that all servers share: sessions, scan tickets, login attempts, locks.
//!
//! It lives in this process or in Redis; nothing above knows which. What must survive a restart
//! belongs into the database. Keys are named by their owner (`ticket:…`), values are texts, and
//! hashes that are moved by compare-and-set keep their state in the field `state`.
//!
//! Signing a browser in is not here but in `web::session`.

mod error;
mod memory;
mod redis;
mod settings;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

pub use error::Error;
pub use settings::Settings;

use self::{memory::Memory, redis::Redis};
use crate::kernel::Clock;

/// The field that [`Store::advance`] and [`Store::take_hash_if`] compare.
pub const STATE: &str = "state";

/// The store; cloning it is cheap.
#[derive(Clone, Debug)]
pub enum Store {
    /// In this process.
    Memory(Arc<Memory>),
    /// In Redis.
    Redis(Redis),
}

/// How a compare-and-set of a hash's state ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advance {
    /// The state was one of those expected and is now the new one.
    Done,
    /// It was another, namely this.
    Lost(String),
    /// There is no such hash, or no longer.
    Missing,
}

/// How taking a hash in a certain state ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Its fields; it is gone now.
    Done(BTreeMap<String, String>),
    /// It is in another state, namely this, and stays.
    Lost(String),
    /// There is no such hash, or no longer.
    Missing,
}

macro_rules! each {
    ($store:expr, $method:ident ( $($arg:expr),* )) => {
        match $store {
            Self::Memory(memory) => memory.$method($($arg),*),
            Self::Redis(redis) => redis.$method($($arg),*).await,
        }
    };
}

impl Store {
    /// The store of the settings. Redis is connected on first use, so that a server starts
    /// while it is away.
    pub fn connect(settings: &Settings, clock: Clock) -> Result<Self, Error> {
        match settings.urls()? {
            urls if urls.is_empty() => Ok(Self::memory(clock)),
            urls => Redis::open(&urls).map(Self::Redis),
        }
    }

    /// A store in this process, whose entries expire by this clock.
    pub fn memory(clock: Clock) -> Self {
        Self::Memory(Arc::new(Memory::new(clock)))
    }

    /// Stores a text, whatever was there.
    pub async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), Error> {
        each!(self, put(key, value, ttl))
    }

    /// Stores a text unless the key exists; true when stored. A lock, if `ttl` outlives the work.
    pub async fn put_new(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, Error> {
        each!(self, put_new(key, value, ttl))
    }

    /// Stores a text in place of one that is there; false, and nothing stored, when it is gone.
    pub async fn replace(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, Error> {
        each!(self, replace(key, value, ttl))
    }

    /// The text.
    pub async fn get(&self, key: &str) -> Result<Option<String>, Error> {
        each!(self, get(key))
    }

    /// The text, which is gone afterwards: of many takers one gets it.
    pub async fn take(&self, key: &str) -> Result<Option<String>, Error> {
        each!(self, take(key))
    }

    /// Removes a text or a hash, if it is there.
    pub async fn remove(&self, key: &str) -> Result<(), Error> {
        each!(self, remove(key))
    }

    /// Lets it live `ttl` from now; false when it is gone already.
    pub async fn renew(&self, key: &str, ttl: Duration) -> Result<bool, Error> {
        each!(self, renew(key, ttl))
    }

    /// Counts up and returns the count. The first one opens a window, at whose end the count is
    /// forgotten.
    pub async fn count(&self, key: &str, window: Duration) -> Result<u64, Error> {
        each!(self, count(key, window))
    }

    /// How much longer something lives; nothing when it is gone.
    pub async fn remaining(&self, key: &str) -> Result<Option<Duration>, Error> {
        each!(self, remaining(key))
    }

    /// Stores a hash, whatever was there.
    pub async fn put_hash(
        &self,
        key: &str,
        fields: &[(&str, &str)],
        ttl: Duration,
    ) -> Result<(), Error> {
        each!(self, put_hash(key, fields, ttl))
    }

    /// Some fields of a hash, in one round trip; nothing when the hash is gone.
    pub async fn hash_fields(
        &self,
        key: &str,
        fields: &[&str],
    ) -> Result<Option<Vec<Option<String>>>, Error> {
        each!(self, hash_fields(key, fields))
    }

    /// All fields of a hash.
    pub async fn hash(&self, key: &str) -> Result<Option<BTreeMap<String, String>>, Error> {
        each!(self, hash(key))
    }

    /// Moves a hash from one of the states `from` to the state `to` and sets more fields with
    /// it, all at once. How long it lives stays as it was.
    pub async fn advance(
        &self,
        key: &str,
        from: &[&str],
        to: &str,
        set: &[(&str, &str)],
    ) -> Result<Advance, Error> {
        each!(self, advance(key, from, to, set))
    }

    /// Takes a hash out if it is in this state: of many takers one gets it.
    pub async fn take_hash_if(&self, key: &str, state: &str) -> Result<Taken, Error> {
        each!(self, take_hash_if(key, state))
    }

    /// Asks for a sign of life.
    pub async fn ping(&self) -> Result<(), Error> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Redis(redis) => redis.ping().await,
        }
    }
}
