//! Argon2id behind a gate.
//!
//! One hash takes 19 MiB and about 20 ms of a core. The gate is as wide as the cores and owns the
//! memory, so a flood of logins waits or is refused instead of taking the machine down.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::sync::Semaphore;

use crate::kernel::Secret;

/// Those who wait at the gate beyond this number are refused at once, unless told otherwise.
const QUEUE: usize = 64;
const WAIT: Duration = Duration::from_secs(5);

/// Hashes and verifies passwords, a bounded number at a time. Cheap to clone.
#[derive(Clone)]
pub struct Hasher(Arc<Gate>);

struct Gate {
    params: Params,
    seats: Semaphore,
    waiting: Semaphore,
    memory: Mutex<Vec<Vec<Block>>>,
    decoy: String,
    /// Hashes begun since the start.
    count: AtomicU64,
}

/// Why no answer could be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Too many logins at once; try again in a moment.
    #[error("the password gate is full")]
    Busy,
    /// A stored hash or the parameters are unusable.
    #[error("password hashing failed")]
    Broken,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

impl Hasher {
    /// A gate of `width` seats; `memory_kib` and `passes` are Argon2id's m and t (OWASP: 19456, 2).
    pub fn new(width: usize, memory_kib: u32, passes: u32) -> Result<Self, HashError> {
        Self::with_queue(width, QUEUE, memory_kib, passes)
    }

    /// The same, with room for so many at the gate, those in the seats included.
    pub fn with_queue(
        width: usize,
        queue: usize,
        memory_kib: u32,
        passes: u32,
    ) -> Result<Self, HashError> {
        let params = Params::new(memory_kib, passes, 1, Some(Params::DEFAULT_OUTPUT_LEN))
            .map_err(|_| HashError::Broken)?;
        let mut gate = Gate {
            params,
            seats: Semaphore::new(width.max(1)),
            waiting: Semaphore::new(queue),
            memory: Mutex::new(Vec::new()),
            decoy: String::new(),
            count: AtomicU64::new(0),
        };
        // Nobody's hash need not come from a password: comparing with it costs the same, and a
        // start is not slower and larger by one hash.
        gate.decoy = gate.phc(b"nobody's salt 16", &[0; Params::DEFAULT_OUTPUT_LEN])?;
        Ok(Self(Arc::new(gate)))
    }

    /// The PHC string of a password, with a fresh salt made from `salt`.
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<String, HashError> {
        let password = password.clone();
        self.run(move |gate| gate.hash(password.expose().as_bytes(), &salt)).await
    }

    /// True when the password is the one that was hashed. `None` (no such account) costs the same
    /// time and is never true.
    pub async fn verify(
        &self,
        password: &Secret,
        stored: Option<String>,
    ) -> Result<bool, HashError> {
        let password = password.clone();
        self.run(move |gate| {
            let phc = stored.as_deref().unwrap_or(&gate.decoy);
            let same = gate.verify(password.expose().as_bytes(), phc)?;
            Ok(same && stored.is_some())
        })
        .await
    }

    /// True when the hash was made with weaker parameters than those of today, and should be made
    /// anew at the next right password.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let made = PasswordHash::new(stored).ok().and_then(|phc| Params::try_from(&phc).ok());
        made.is_some_and(|made| {
            let today = &self.0.params;
            made.m_cost() < today.m_cost() || made.t_cost() < today.t_cost()
        })
    }

    /// Hashes since the start, for the operator: what a sign-in costs is almost this alone.
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Gate) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let gate = Arc::clone(&self.0);
        let _place = gate.waiting.try_acquire().map_err(|_| HashError::Busy)?;
        let _seat = tokio::time::timeout(WAIT, gate.seats.acquire())
            .await
            .map_err(|_| HashError::Busy)?
            .map_err(|_| HashError::Busy)?;
        gate.count.fetch_add(1, Ordering::Relaxed);
        let worker = Arc::clone(&gate);
        tokio::task::spawn_blocking(move || work(&worker)).await.map_err(|_| HashError::Broken)?
    }
}

impl Gate {
    fn hash(&self, password: &[u8], salt: &[u8]) -> Result<String, HashError> {
        let output = self.output(password, salt, &self.params)?;
        self.phc(salt, &output)
    }

    fn phc(&self, salt: &[u8], output: &[u8]) -> Result<String, HashError> {
        let phc = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(|_| HashError::Broken)?,
            salt: Some(Salt::new(salt).map_err(|_| HashError::Broken)?),
            hash: Some(Output::new(output).map_err(|_| HashError::Broken)?),
        };
        Ok(phc.to_string())
    }

    fn verify(&self, password: &[u8], phc: &str) -> Result<bool, HashError> {
        let stored = PasswordHash::new(phc).map_err(|_| HashError::Broken)?;
        let params = Params::try_from(&stored).map_err(|_| HashError::Broken)?;
        let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
            return Err(HashError::Broken);
        };
        let output = self.output(password, salt.as_ref(), &params)?;
        let same = aws_lc_rs::constant_time::verify_slices_are_equal(&output, expected.as_bytes());
        Ok(same.is_ok())
    }

    /// Argon2id in memory that is kept from one call to the next.
    fn output(&self, password: &[u8], salt: &[u8], params: &Params) -> Result<Vec<u8>, HashError> {
        let kept = self.memory.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = kept.unwrap_or_default();
        memory.resize(params.block_count().max(memory.len()), Block::default());
        let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into_with_memory(password, salt, &mut output, &mut memory[..]);
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        done.map_err(|_| HashError::Broken)?;
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Hasher {
        Hasher::new(2, 64, 1).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_alone_is_accepted() {
        let hasher = small();
        let stored = hasher.hash(&Secret::new("测试-Pass-1"), [7; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        let verify = |text: &str, stored: Option<String>| {
            let (hasher, text) = (hasher.clone(), Secret::new(text));
            async move { hasher.verify(&text, stored).await.unwrap() }
        };
        assert!(verify("测试-Pass-1", Some(stored.clone())).await);
        assert!(!verify("测试-Pass-2", Some(stored)).await);
        assert!(!verify("nobody's password", None).await);
    }

    #[test]
    fn a_standard_library_reads_our_hashes() {
        use argon2::PasswordVerifier as _;
        let phc = small().0.hash(b"secret-1", &[3; 16]).unwrap();
        let parsed = PasswordHash::new(&phc).unwrap();
        assert!(Argon2::default().verify_password(b"secret-1", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"secret-2", &parsed).is_err());
    }

    #[test]
    fn a_hash_is_outdated_when_the_parameters_have_risen() {
        let old = small().0.hash(b"secret-1", &[3; 16]).unwrap();
        assert!(!small().is_outdated(&old));
        assert!(Hasher::new(2, 128, 1).unwrap().is_outdated(&old));
        assert!(Hasher::new(2, 64, 2).unwrap().is_outdated(&old));
        assert!(!Hasher::new(2, 32, 1).unwrap().is_outdated(&old), "never weaker");
        assert!(!small().is_outdated("not a hash"));
    }
}
