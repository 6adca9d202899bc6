//! A whole product for one test: server, database, store, and the WeChat sandbox beside it.

pub mod browser;
mod page;
pub mod people;
pub mod process;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use huiyuan::{
    config::Settings,
    db::{self, Db, Run as _},
    kernel::{Clock, Ids, Secret, Timestamp},
    server::{self, Running},
    staff::{Role, create},
    web::App,
};
use wechat_sandbox::{ClockKind, Options, Sandbox};

pub use browser::Browser;
pub use people::*;

/// Tests begin at noon of a working day in Shanghai.
pub const START: &str = "2026-11-24T12:00:00+08:00";

/// A running product, the sandbox beside it, and a clock that both share.
pub struct TestApp {
    pub app: App,
    pub sandbox: Sandbox,
    pub settings: Settings,
    pub address: SocketAddr,
    /// The settings as environment variables, for a process of its own.
    pub environment: Vec<(String, String)>,
    running: Option<Running>,
    folder: PathBuf,
    database: Option<(String, String)>,
}

impl TestApp {
    /// An empty product with levels and dues standards.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// As [`Self::start`], with settings of its own.
    pub async fn start_with(extra: &[(&str, &str)]) -> Self {
        Self::start_at(Some(Timestamp::from_rfc3339(START).unwrap()), extra).await
    }

    /// In the machine's own time, for tests that run the product as a process; WeChat repeats its
    /// notifications six hundred times as fast.
    pub async fn start_in_real_time() -> Self {
        Self::start_at(None, &[]).await
    }

    async fn start_at(now: Option<Timestamp>, extra: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let chance = Ids::system();
        let folder = std::env::temp_dir().join(format!("huiyuan-it-{}", chance.digits(12)));
        std::fs::create_dir_all(&folder).unwrap();
        let mut options = Options::new(folder.join("sandbox"));
        options.clock = now.map_or(ClockKind::Real { speed: 600 }, |now| ClockKind::Manual {
            start_ms: now.millis(),
        });
        let sandbox = Sandbox::start(options).await.unwrap();

        let acceptor = server::bind("127.0.0.1:0").await.unwrap();
        let address = acceptor.local_addr().unwrap();
        let public_url = format!("http://{address}");
        sandbox.set_product_url(&public_url);
        let (database_url, database) = database(&folder, &chance).await;
        let mut environment = sandbox.env();
        let mut set = |key: &str, value: &str| {
            environment.push((format!("HUIYUAN__{key}"), value.to_owned()));
        };
        set("SERVER__PUBLIC_URL", &public_url);
        set("DATABASE__URL", &database_url);
        set("REDIS__URL", &std::env::var("TEST_REDIS_URL").unwrap_or_default());
        set("SECURITY__JWT_SECRET", &chance.digits(40));
        // Every test has a key of its own, so that tests that share a Redis do not meet in it.
        set("SECURITY__DATA_KEY", &chance.digits(40));
        set("SECURITY__ARGON2_MEMORY_KIB", "64");
        set("SECURITY__ARGON2_PASSES", "1");
        set("SECURITY__PUZZLE_BITS", "6");
        set("JOBS__RESCUE_SECONDS", "0");
        set("JOBS__SWEEP_SECONDS", "0");
        set("JOBS__OUTBOX_SECONDS", "0");
        set("JOBS__REFUND_SECONDS", "0");
        set("JOBS__LEDGER_CHECK_SECONDS", "0");
        set("JOBS__UPLOADS_SECONDS", "0");
        set("JOBS__DUES_SECONDS", "0");
        set("JOBS__BILL_SECONDS", "0");
        for (key, value) in extra {
            set(key, value);
        }
        let settings = Settings::load(None, environment.clone()).unwrap();
        let clock = now.map_or(Clock::System, Clock::manual);
        let app = server::assemble(&settings, clock, Ids::system()).await.unwrap();
        server::migrate(&app).await.unwrap();
        let running = Some(server::serve(&app, acceptor, settings.jobs));
        let test = Self { app, sandbox, settings, address, environment, running, folder, database };
        test.import_dues().await;
        test
    }

    async fn import_dues(&self) {
        let csv = include_str!("../../../config/demo-dues.csv");
        let app = &self.app;
        huiyuan::dues::standard::import(&app.db, &app.clock, &app.ids, csv).await.unwrap();
    }

    /// A second server process in all but name: its own pool, client, caches and socket, sharing
    /// database, store, settings and clock with the first.
    pub async fn second_server(&self) -> Second {
        let clock = self.app.clock.clone();
        let app = server::assemble(&self.settings, clock, Ids::system()).await.unwrap();
        let acceptor = server::bind("127.0.0.1:0").await.unwrap();
        let address = acceptor.local_addr().unwrap();
        let running = server::serve(&app, acceptor, self.settings.jobs);
        Second { app, address, _running: running }
    }

    /// Stops the server inside this test, so that a process can take its address.
    pub async fn stop_serving(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// True when servers share their short-lived state.
    pub fn shares_state(&self) -> bool {
        !self.settings.redis.is_in_process()
    }

    /// A fresh browser on a PC.
    pub fn browser(&self) -> Browser {
        Browser::at(self.address)
    }

    /// Moves the clocks of the product and of WeChat.
    pub async fn advance(&self, span: Duration) {
        self.app.clock.advance(span);
        self.sandbox.advance(i64::try_from(span.as_millis()).unwrap()).await.unwrap();
    }

    /// One integer straight from the tables, so that the product cannot flatter itself.
    pub async fn db_count(&self, sql: &str) -> i64 {
        let rows: Vec<i64> = self.app.db.fetch(sql, Vec::new()).await.unwrap();
        rows[0]
    }

    /// One text straight from the tables.
    pub async fn db_text(&self, sql: &str) -> String {
        let rows: Vec<String> = self.app.db.fetch(sql, Vec::new()).await.unwrap();
        rows.into_iter().next().unwrap_or_default()
    }

    /// Runs a statement straight on the tables.
    pub async fn db_exec(&self, sql: &str) {
        self.app.db.exec(sql, Vec::new()).await.unwrap();
    }

    /// A browser signed in as a new administrator of that role.
    pub async fn staff(&self, role: Role) -> Browser {
        let account = format!("staff-{}", self.app.ids.digits(6));
        let password = "Staff-pass-1!";
        let parts = (&self.app.clock, &self.app.ids, &self.app.hasher);
        create::create(&self.app.db, parts, &account, role, &Secret::new(password)).await.unwrap();
        let browser = self.browser();
        let page = browser.get("/admin/login").await;
        let answer = page.submit(&[("account", &account), ("password", password)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }
}

/// See [`TestApp::second_server`].
pub struct Second {
    pub app: App,
    pub address: SocketAddr,
    _running: Running,
}

/// A database of its own for each test.
async fn database(folder: &std::path::Path, chance: &Ids) -> (String, Option<(String, String)>) {
    let Ok(admin) = std::env::var("TEST_MYSQL_URL") else {
        return (format!("sqlite://{}", folder.join("it.db").display()), None);
    };
    let name = format!("it_{}", chance.digits(12));
    let root = connect(&admin).await;
    root.exec(&format!("create database {name}"), Vec::new()).await.unwrap();
    let base = admin.rsplit_once('/').map_or(admin.as_str(), |(base, _)| base);
    (format!("{base}/{name}"), Some((admin.clone(), name)))
}

async fn connect(url: &str) -> Db {
    let settings: db::Settings =
        toml::from_str(&format!("url = \"{url}\"\nmax_connections = 2")).unwrap();
    Db::connect(&settings).await.unwrap()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some((admin, name)) = self.database.take() {
            // The runtime of the test is about to end; a thread of our own tidies up.
            let _ = std::thread::spawn(move || {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async {
                    let root = connect(&admin).await;
                    let _ = root.exec(&format!("drop database {name}"), Vec::new()).await;
                });
            })
            .join();
        }
    }
}
