//! Everything the sandbox knows, in one place, so that HTTP, phone and tests see the same truth.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use salvo::Depot;
use tokio::sync::Notify;

use crate::armed::Mishaps;
use crate::clock::Clock;
use crate::jar::Jars;
use crate::keys::Keys;
use crate::notify::{Delivery, Due};
use crate::oauth::{Code, Token};
use crate::order::Order;
use crate::phone::Seen;
use crate::refund::Refund;
use crate::users::{User, Users};

/// The official account of the association.
pub const APP_ID: &str = "wx5b0c0de5a4dbb0c1";
/// The merchant number of the association.
pub const MCH_ID: &str = "1900009191";
/// What the pay sheet calls the merchant.
pub const MERCHANT_NAME: &str = "江苏省互联网协会（模拟商户）";

/// How long WeChat waits for the answer to a notification.
pub const NOTIFY_PATIENCE: Duration = Duration::from_secs(5);

/// One WeChat.
#[derive(Debug)]
pub struct World {
    /// Whose time counts.
    pub clock: Clock,
    /// Keys and secrets.
    pub keys: Keys,
    /// The folder of key files.
    pub data_dir: std::path::PathBuf,
    /// More 网页授权域名 beside the product's host.
    pub callback_hosts: Vec<String>,
    /// Keeps orders on disk.
    pub remember: bool,
    /// For notifications and for the web view; follows no redirects.
    pub http: reqwest::Client,
    /// Rung when something is due earlier than before.
    pub wake: Notify,
    /// Deliveries that are on their way.
    pub in_flight: AtomicUsize,
    urls: Mutex<Urls>,
    books: Mutex<Books>,
}

/// Who lives where; no trailing slash.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// This sandbox.
    pub base: String,
    /// The web view.
    pub webview: String,
    /// The product, as browsers know it.
    pub product: String,
    /// The product behind the door; empty without a door.
    pub behind: String,
}

/// What changes.
#[derive(Debug, Default)]
pub struct Books {
    /// Orders by the merchant's number.
    pub orders: BTreeMap<String, Order>,
    /// Refunds by the merchant's number.
    pub refunds: BTreeMap<String, Refund>,
    /// What was sent to the product, oldest first.
    pub deliveries: Vec<Delivery>,
    /// What will happen.
    pub due: Vec<Due>,
    /// What will go wrong.
    pub mishaps: Mishaps,
    /// OAuth codes.
    pub codes: BTreeMap<String, Code>,
    /// User access tokens.
    pub tokens: BTreeMap<String, Token>,
    /// The official account's own tokens.
    pub account: crate::cgi::AccountTokens,
    /// Template messages that were sent.
    pub messages: Vec<crate::cgi::Message>,
    /// Product addresses that were opened outside of WeChat.
    pub seen: VecDeque<Seen>,
    /// What the product's pages show as QR codes now.
    pub screens: crate::screen::Screens,
    /// Files behind bill download tokens.
    pub bills: BTreeMap<String, crate::bill::File>,
    /// Who has WeChat.
    pub users: Users,
    /// The cookies of every user's web view.
    pub jars: Jars,
}

impl World {
    pub(crate) fn new(
        clock: Clock,
        keys: Keys,
        options: &crate::options::Options,
        urls: Urls,
    ) -> Result<Self, reqwest::Error> {
        // Fails when a provider is installed already, which is as good.
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_mins(1))
            .build()?;
        Ok(Self {
            clock,
            keys,
            data_dir: options.data_dir.clone(),
            callback_hosts: options.callback_hosts.clone(),
            remember: options.remember,
            http,
            wake: Notify::new(),
            in_flight: AtomicUsize::new(0),
            urls: Mutex::new(urls),
            books: Mutex::new(Books::default()),
        })
    }

    /// The books, locked. Never hold them across an await.
    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user with this id, openid or name; the first one for an empty text.
    pub fn user(&self, id: &str) -> Option<User> {
        self.books().users.find(id).cloned()
    }

    /// Who lives where.
    pub fn urls(&self) -> Urls {
        self.urls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells where the product is behind the door.
    pub fn set_behind(&self, url: &str) {
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        url.trim_end_matches('/').clone_into(&mut urls.behind);
    }

    /// Tells where the product is.
    pub fn set_product(&self, url: &str) {
        let mut urls = self.urls.lock().unwrap_or_else(PoisonError::into_inner);
        url.trim_end_matches('/').clone_into(&mut urls.product);
    }
}

/// The world that the server put into the depot; `None` only when a route was mounted without it.
pub fn world(depot: &Depot) -> Option<Arc<World>> {
    depot.get_typed::<Arc<World>>().ok().cloned()
}
