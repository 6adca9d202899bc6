//! What a caller may choose when it starts the sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How the sandbox is started. `Options::new(dir)` suits tests: free ports, real clock.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where WeChat's interfaces, the console and the control interface listen.
    pub listen: SocketAddr,
    /// Where the pretend phone's web view (a proxy of the product) listens.
    pub webview_listen: SocketAddr,
    /// The folder for key files; keys found there are used again.
    pub data_dir: PathBuf,
    /// The product's public address, for example `http://127.0.0.1:8080`; may be set later.
    pub product_url: String,
    /// Where the door in front of the product listens; nothing = no door. The product is then told
    /// to listen on a free port of its own, and its public address is the door's unless given.
    pub door: Option<SocketAddr>,
    /// Whose time counts.
    pub clock: ClockKind,
    /// More hosts that are registered as 网页授权域名, beside the product's own.
    pub callback_hosts: Vec<String>,
    /// Keeps orders and refunds in `data_dir`, so that a restarted demo remembers them.
    pub remember: bool,
}

/// Whose time the sandbox lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockKind {
    /// The machine's clock; waits before retries are divided by `speed`.
    Real {
        /// 1 is WeChat's own pace.
        speed: u32,
    },
    /// Stands still until it is advanced; starts at this many milliseconds of Unix time.
    Manual {
        /// Milliseconds since 1970, UTC.
        start_ms: i64,
    },
}

impl Options {
    /// Free loopback ports, real clock at WeChat's pace, keys in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let free_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen: free_port,
            webview_listen: free_port,
            data_dir: data_dir.into(),
            product_url: String::new(),
            door: None,
            clock: ClockKind::Real { speed: 1 },
            callback_hosts: Vec::new(),
            remember: false,
        }
    }
}
