//! What can go wrong with the sandbox itself; what goes wrong on purpose is in `mishap`.

use crate::keys::KeyError;

/// Why the sandbox does not start, or does not do what it is told.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A listener.
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, String),
    /// The HTTP client.
    #[error("http client: {0}")]
    Http(#[from] reqwest::Error),
    /// A user, order or mishap that does not exist, or a wrong value.
    #[error("{0}")]
    Wrong(String),
}
