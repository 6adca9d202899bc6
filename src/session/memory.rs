//! The store in this process: what one server needs, and what tests use with a manual clock.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{Advance, Error, STATE, Taken};
use crate::kernel::{Clock, Timestamp};

/// Beyond this many entries new ones are refused: a flood must not eat the memory.
const MAX_ENTRIES: usize = 200_000;
/// How often expired entries are looked for, at most.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// The store in this process.
#[derive(Debug)]
pub struct Memory {
    clock: Clock,
    max: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<String, Entry>,
    swept: Timestamp,
}

#[derive(Debug)]
struct Entry {
    value: Value,
    until: Timestamp,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Hash(BTreeMap<String, String>),
}

type Fields = BTreeMap<String, String>;

fn owned(fields: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned()))
}

impl Inner {
    /// The entry, if it is alive.
    fn alive(&mut self, key: &str, now: Timestamp) -> Option<&mut Entry> {
        self.entries.get_mut(key).filter(|entry| entry.until > now)
    }

    fn hash(&mut self, key: &str, now: Timestamp) -> Option<&mut Fields> {
        match self.alive(key, now) {
            Some(Entry { value: Value::Hash(fields), .. }) => Some(fields),
            _ => None,
        }
    }

    fn insert(&mut self, key: &str, value: Value, until: Timestamp) {
        self.entries.insert(key.to_owned(), Entry { value, until });
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the same signatures as in Redis")]
impl Memory {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, max: MAX_ENTRIES, inner: Mutex::default() }
    }

    #[cfg(test)]
    pub(super) fn bounded(clock: Clock, max: usize) -> Self {
        Self { max, ..Self::new(clock) }
    }

    /// Every step happens under one lock, hence all at once.
    fn with<T>(&self, step: impl FnOnce(&mut Inner, Timestamp) -> T) -> T {
        let now = self.clock.now();
        step(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner), now)
    }

    /// Like [`Self::with`], for steps that may add an entry.
    fn adding<T>(
        &self,
        key: &str,
        step: impl FnOnce(&mut Inner, Timestamp) -> T,
    ) -> Result<T, Error> {
        self.with(|inner, now| {
            if now.since(inner.swept) >= SWEEP_EVERY {
                inner.entries.retain(|_, entry| entry.until > now);
                inner.swept = now;
            }
            if inner.entries.len() >= self.max && !inner.entries.contains_key(key) {
                return Err(Error::Unavailable("the store in this process is full".into()));
            }
            Ok(step(inner, now))
        })
    }

    pub(super) fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), Error> {
        self.adding(key, |inner, now| inner.insert(key, Value::Text(value.to_owned()), now + ttl))
    }

    pub(super) fn put_new(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, Error> {
        self.adding(key, |inner, now| {
            let is_new = inner.alive(key, now).is_none();
            if is_new {
                inner.insert(key, Value::Text(value.to_owned()), now + ttl);
            }
            is_new
        })
    }

    pub(super) fn replace(&self, key: &str, value: &str, ttl: Duration) -> Result<bool, Error> {
        Ok(self.with(|inner, now| {
            let is_there = inner.alive(key, now).is_some();
            if is_there {
                inner.insert(key, Value::Text(value.to_owned()), now + ttl);
            }
            is_there
        }))
    }

    pub(super) fn get(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.with(|inner, now| match inner.alive(key, now) {
            Some(Entry { value: Value::Text(text), .. }) => Some(text.clone()),
            _ => None,
        }))
    }

    pub(super) fn take(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.with(|inner, now| {
            let text = match inner.alive(key, now) {
                Some(Entry { value: Value::Text(text), .. }) => std::mem::take(text),
                _ => return None,
            };
            inner.entries.remove(key);
            Some(text)
        }))
    }

    pub(super) fn remove(&self, key: &str) -> Result<(), Error> {
        self.with(|inner, _| inner.entries.remove(key));
        Ok(())
    }

    pub(super) fn renew(&self, key: &str, ttl: Duration) -> Result<bool, Error> {
        Ok(self.with(|inner, now| {
            let entry = inner.alive(key, now);
            entry.map(|entry| entry.until = now + ttl).is_some()
        }))
    }

    pub(super) fn count(&self, key: &str, window: Duration) -> Result<u64, Error> {
        self.adding(key, |inner, now| {
            if let Some(Entry { value: Value::Text(text), .. }) = inner.alive(key, now) {
                let count = text.parse::<u64>().unwrap_or_default().saturating_add(1);
                *text = count.to_string();
                return count;
            }
            inner.insert(key, Value::Text("1".into()), now + window);
            1
        })
    }

    pub(super) fn remaining(&self, key: &str) -> Result<Option<Duration>, Error> {
        Ok(self.with(|inner, now| inner.alive(key, now).map(|entry| entry.until.since(now))))
    }

    pub(super) fn put_hash(
        &self,
        key: &str,
        fields: &[(&str, &str)],
        ttl: Duration,
    ) -> Result<(), Error> {
        let value = Value::Hash(owned(fields).collect());
        self.adding(key, |inner, now| inner.insert(key, value, now + ttl))
    }

    pub(super) fn hash_fields(
        &self,
        key: &str,
        fields: &[&str],
    ) -> Result<Option<Vec<Option<String>>>, Error> {
        Ok(self.with(|inner, now| {
            let hash = inner.hash(key, now)?;
            Some(fields.iter().map(|field| hash.get(*field).cloned()).collect())
        }))
    }

    pub(super) fn hash(&self, key: &str) -> Result<Option<Fields>, Error> {
        Ok(self.with(|inner, now| inner.hash(key, now).cloned()))
    }

    pub(super) fn advance(
        &self,
        key: &str,
        from: &[&str],
        to: &str,
        set: &[(&str, &str)],
    ) -> Result<Advance, Error> {
        Ok(self.with(|inner, now| {
            let Some(hash) = inner.hash(key, now) else { return Advance::Missing };
            let state = hash.get(STATE).cloned().unwrap_or_default();
            if !from.contains(&state.as_str()) {
                return Advance::Lost(state);
            }
            hash.extend(owned(set));
            hash.insert(STATE.to_owned(), to.to_owned());
            Advance::Done
        }))
    }

    pub(super) fn take_hash_if(&self, key: &str, state: &str) -> Result<Taken, Error> {
        Ok(self.with(|inner, now| {
            let Some(hash) = inner.hash(key, now) else { return Taken::Missing };
            let is = hash.get(STATE).cloned().unwrap_or_default();
            if is != state {
                return Taken::Lost(is);
            }
            let fields = std::mem::take(hash);
            inner.entries.remove(key);
            Taken::Done(fields)
        }))
    }
}
