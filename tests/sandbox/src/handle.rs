//! The handle: starts and stops the sandbox and does everything that the control interface can do.

use std::path::PathBuf;
use std::sync::Arc;

use salvo::server::ServerHandle;
use tokio::task::JoinHandle;

use crate::armed::Armed;
use crate::clock::Clock;
use crate::deliver;
use crate::error::SandboxError;
use crate::forge::{self, SignNotice};
use crate::keys::Keys;
use crate::memory;
use crate::mishap::Mishap;
use crate::notify::{Delivery, Sealed};
use crate::oauth;
use crate::options::Options;
use crate::order::{Order, Payment};
use crate::pay::{self, PayError};
use crate::phone::{self, Scan};
use crate::refund::{self, RefundStatus};
use crate::screen::Shown;
use crate::server;
use crate::settings;
use crate::truth::{self, Truth};
use crate::users::User;
use crate::world::{Urls, World};

/// A running sandbox. Dropping it stops it.
#[derive(Debug)]
pub struct Sandbox {
    world: Arc<World>,
    servers: Vec<ServerHandle>,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts the listeners and the delivery of notifications on the current runtime.
    pub async fn start(options: Options) -> Result<Self, SandboxError> {
        let folder = options.data_dir.clone();
        let keys = tokio::task::spawn_blocking(move || Keys::load_or_make(&folder)).await;
        let keys = keys.map_err(|_| SandboxError::Wrong("the key maker died".to_owned()))??;
        let (api, base) = server::bind(options.listen).await?;
        let (view, webview) = server::bind(options.webview_listen).await?;
        let (door, door_url, behind) = server::open_door(options.door).await?;
        let given = options.product_url.trim_end_matches('/');
        let product = if given.is_empty() { door_url } else { given.to_owned() };
        let urls = Urls { base, webview, product, behind };
        let world = World::new(Clock::new(options.clock), keys, &options, urls)?;
        memory::recall(&world);
        let world = Arc::new(world);
        let mut listeners =
            vec![(api, server::api_routes(&world)), (view, server::webview_routes(&world))];
        listeners.extend(door.map(|door| (door, server::door_routes(&world))));
        let (servers, mut tasks): (Vec<_>, Vec<_>) =
            listeners.into_iter().map(|(acceptor, router)| server::serve(acceptor, router)).unzip();
        tasks.push(tokio::spawn(deliver::run(Arc::clone(&world))));
        tasks.push(tokio::spawn(memory::run(Arc::clone(&world))));
        Ok(Self { world, servers, tasks })
    }

    /// Where WeChat's interfaces, the console and `/control` are; no trailing slash.
    pub fn base_url(&self) -> String {
        self.world.urls().base
    }

    /// Where the phone's web view is; no trailing slash.
    pub fn webview_url(&self) -> String {
        self.world.urls().webview
    }

    /// Where the product itself listens, behind the door; empty without a door. No trailing slash.
    pub fn behind_url(&self) -> String {
        self.world.urls().behind
    }

    /// Tells where the product itself listens, when it does not go by `env`.
    pub fn set_behind_url(&self, url: &str) {
        self.world.set_behind(url);
    }

    /// Where browsers find the product; no trailing slash.
    pub fn product_url(&self) -> String {
        self.world.urls().product
    }

    /// What the product's pages show as QR codes now, newest first; needs the door.
    pub fn screens(&self) -> Vec<Shown> {
        self.world.books().screens.live(self.now_ms())
    }

    /// Tells where the product is.
    pub fn set_product_url(&self, url: &str) {
        self.world.set_product(url);
    }

    /// The product's settings as environment variables.
    pub fn env(&self) -> Vec<(String, String)> {
        settings::environment(&self.world)
    }

    /// Where the key files are.
    pub fn data_dir(&self) -> PathBuf {
        self.world.data_dir.clone()
    }

    /// Milliseconds since 1970 by the sandbox's clock.
    pub fn now_ms(&self) -> i64 {
        self.world.clock.now_ms()
    }

    /// Moves a manual clock and waits until everything that is due by then has happened.
    pub async fn advance(&self, ms: i64) -> Result<(), SandboxError> {
        advance(&self.world, ms).await
    }

    /// Waits until nothing is due now and no notification is on its way.
    pub async fn settle(&self) {
        deliver::settle(&self.world).await;
    }

    /// Everybody with WeChat.
    pub fn users(&self) -> Vec<User> {
        self.world.books().users.list().to_vec()
    }

    /// One more user, who follows the official account.
    pub fn add_user(&self, nickname: &str) -> User {
        self.world.books().users.add(nickname)
    }

    /// The user scans an address or a code; tells what the phone shows.
    pub fn scan(&self, url: &str, user: &str) -> Result<Scan, SandboxError> {
        Ok(phone::scan(&self.world, url, &self.user(user)?))
    }

    /// The user pays an order, named by its number, `code_url` or `prepay_id`.
    pub fn pay(&self, order: &str, user: &str) -> Result<Payment, PayError> {
        let user = self.world.user(user).ok_or(PayError::Unknown)?;
        pay::pay(&self.world, order, &user, false)
    }

    /// As `pay`, but succeeds on a closed or expired order too, as a race at WeChat can.
    pub fn force_pay(&self, order: &str, user: &str) -> Result<Payment, PayError> {
        let user = self.world.user(user).ok_or(PayError::Unknown)?;
        pay::pay(&self.world, order, &user, true)
    }

    /// Ends a refund by hand.
    pub fn finish_refund(&self, out_refund_no: &str, status: RefundStatus) {
        refund::finish(&self.world, out_refund_no, Some(status));
    }

    /// Lets something go wrong once.
    pub fn mishap(&self, mishap: Mishap) {
        self.arm(Armed { mishap, sticky: false, out_trade_no: None });
    }

    /// Lets something go wrong, once or always, for one order or for all.
    pub fn arm(&self, armed: Armed) {
        self.world.books().mishaps.arm(armed);
    }

    /// What waits to go wrong.
    pub fn mishaps(&self) -> Vec<Armed> {
        self.world.books().mishaps.list().to_vec()
    }

    /// Forgets every mishap.
    pub fn clear_mishaps(&self) {
        self.world.books().mishaps.clear();
    }

    /// What WeChat knows of every order.
    pub fn truth(&self) -> Vec<Truth> {
        truth::all(&self.world.books())
    }

    /// What WeChat knows of one order.
    pub fn truth_of(&self, out_trade_no: &str) -> Option<Truth> {
        let books = self.world.books();
        books.orders.get(out_trade_no).map(|order| truth::one(&books, order))
    }

    /// Every order, the create call's body included.
    pub fn orders(&self) -> Vec<Order> {
        self.world.books().orders.values().cloned().collect()
    }

    /// Every notification that was sent, with its answer.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world.books().deliveries.clone()
    }

    /// Every template message that was sent.
    pub fn messages(&self) -> Vec<crate::cgi::Message> {
        self.world.books().messages.clone()
    }

    /// Makes a notification without sending it.
    pub fn sign_notice(&self, wanted: &SignNotice) -> Result<Sealed, SandboxError> {
        forge::sign_notice(&self.world, wanted).ok_or_else(|| {
            SandboxError::Wrong("no such order, or the key has not 32 bytes".to_owned())
        })
    }

    /// The user's web view opens an authorize address; gives the callback addresses, none on refusal.
    pub fn authorize(&self, url: &str, user: &str) -> Result<Vec<String>, SandboxError> {
        oauth::callbacks(&self.world, url, &self.user(user)?)
    }

    fn user(&self, user: &str) -> Result<User, SandboxError> {
        self.world.user(user).ok_or_else(|| SandboxError::Wrong(format!("no user {user}")))
    }

    /// Closes the listeners and stops all deliveries.
    pub fn stop(&self) {
        for server in &self.servers {
            server.stop_forceful();
        }
        for task in &self.tasks {
            task.abort();
        }
        memory::keep(&self.world);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}

/// See [`Sandbox::advance`].
pub async fn advance(world: &Arc<World>, ms: i64) -> Result<(), SandboxError> {
    if !world.clock.advance(ms) {
        return Err(SandboxError::Wrong(
            "the clock is the machine's; start with a manual one".to_owned(),
        ));
    }
    deliver::settle(world).await;
    Ok(())
}
