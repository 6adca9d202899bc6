//! What can go wrong with the store.

/// Why the store did not do it. A change that ended in [`Error::Unavailable`] may have happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It cannot be reached, does not answer in time, or is full.
    #[error("the session store is unavailable: {0}")]
    Unavailable(String),
    /// Its settings are wrong.
    #[error("redis.url: {0}")]
    Settings(String),
}

impl From<redis::RedisError> for Error {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
