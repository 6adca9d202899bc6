//! The pool under rbatis. The stock pool takes back connections with an open transaction or a
//! half-sent statement, whose next user then commits or reads what is not his; this one throws
//! them away. It also puts a limit on every wait: for a connection, for opening one, for a
//! statement. How a connection in use is watched is in `connection`.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rbdc::{
    Error,
    db::{self, Driver},
    pool::{ConnectionManager, Pool},
};
use rbs::Value;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Dialect, Settings, connection::Connection, error::POOL};

/// A connection that rested longer than this must prove that it lives before it is used.
const PING_AFTER_IDLE: Duration = Duration::from_millis(100);
/// Connections are renewed, so that a change of the server behind an address is noticed.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
const MAX_IDLE: Duration = Duration::from_mins(5);
/// How long saying goodbye to a discarded connection may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// A connection as the driver made it.
pub(super) struct Raw {
    pub(super) driver: Box<dyn db::Connection>,
    born: Instant,
    pub(super) used: Instant,
}

/// What all clones of a pool share.
pub(super) struct Shared {
    manager: ConnectionManager,
    pub(super) dialect: Dialect,
    permits: Arc<Semaphore>,
    idle: Mutex<VecDeque<Raw>>,
    max: usize,
    acquire_limit: Duration,
    connect_limit: Duration,
    session_sql: Vec<String>,
    opened: AtomicU64,
    discarded: AtomicU64,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The manager holds the password.
        write!(f, "Pool({:?})", self.dialect)
    }
}

/// How busy a pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Connections that may be open at once.
    pub max: usize,
    /// Connections in use.
    pub in_use: usize,
    /// Connections that rest.
    pub idle: usize,
    /// Connections opened since the start.
    pub opened: u64,
    /// Connections thrown away since the start, for whatever reason.
    pub discarded: u64,
}

/// The pool; a clone shares its connections.
#[derive(Clone, Debug)]
pub(super) struct SafePool {
    shared: Arc<Shared>,
    query_limit: Duration,
}

impl SafePool {
    pub(super) fn open(settings: &Settings, dialect: Dialect) -> Result<Self, Error> {
        let query_limit = Duration::from_millis(settings.query_ms);
        let manager = match dialect {
            Dialect::Sqlite => {
                settings.make_folder().map_err(|e| Error::from(e.to_string()))?;
                ConnectionManager::new(rbdc_sqlite::SqliteDriver {}, &settings.url)?
            }
            Dialect::Mysql => {
                // Two providers are compiled in; without a choice the driver's TLS panics.
                rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
                ConnectionManager::new(rbdc_mysql::MysqlDriver {}, &settings.url)?
            }
        };
        let max = settings.connections(dialect);
        let shared = Shared {
            manager,
            dialect,
            permits: Arc::new(Semaphore::new(max)),
            idle: Mutex::new(VecDeque::new()),
            max,
            acquire_limit: Duration::from_millis(settings.acquire_ms),
            connect_limit: Duration::from_millis(settings.connect_ms),
            session_sql: settings.session_sql(dialect),
            opened: AtomicU64::new(0),
            discarded: AtomicU64::new(0),
        };
        Ok(Self { shared: Arc::new(shared), query_limit })
    }

    pub(super) fn with_query_limit(&self, query_limit: Duration) -> Self {
        Self { shared: self.shared.clone(), query_limit }
    }

    pub(super) fn state(&self) -> PoolState {
        let shared = &self.shared;
        PoolState {
            max: shared.max,
            in_use: shared.max.saturating_sub(shared.permits.available_permits()),
            idle: shared.idle().len(),
            opened: shared.opened.load(Relaxed),
            discarded: shared.discarded.load(Relaxed),
        }
    }

    async fn take(&self, limit: Duration) -> Result<Box<dyn db::Connection>, Error> {
        let shared = &self.shared;
        let permit = timeout(limit, shared.permits.clone().acquire_owned())
            .await
            .map_err(|_| outage("no free connection in time"))?
            .map_err(|_| outage("the pool is closed"))?;
        let raw = timeout(shared.connect_limit, shared.idle_or_new())
            .await
            .map_err(|_| outage("connecting took too long"))??;
        Ok(Box::new(self.lend(raw, permit)))
    }

    fn lend(&self, raw: Raw, permit: OwnedSemaphorePermit) -> Connection {
        Connection::new(raw, self.shared.clone(), self.query_limit, permit)
    }
}

/// An error of the pool's own, as rbatis can carry it.
pub(super) fn outage(why: &str) -> Error {
    Error::from(format!("{POOL}{why}"))
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, VecDeque<Raw>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn idle_or_new(&self) -> Result<Raw, Error> {
        // The last one used first: the others can grow old and go.
        while let Some(mut raw) = { self.idle().pop_back() } {
            let now = Instant::now();
            let rested = now.duration_since(raw.used);
            if now.duration_since(raw.born) > MAX_LIFETIME || rested > MAX_IDLE {
                self.discard(raw.driver);
                continue;
            }
            // Half of the time, so that enough is left for a new connection.
            if rested > PING_AFTER_IDLE
                && !matches!(timeout(self.connect_limit / 2, raw.driver.ping()).await, Ok(Ok(())))
            {
                self.discard(raw.driver);
                self.drop_idle();
                continue;
            }
            return Ok(raw);
        }
        self.open_one().await.map_err(|e| outage(&format!("cannot connect: {e}")))
    }

    async fn open_one(&self) -> Result<Raw, Error> {
        let mut driver = self.manager.driver.connect_opt(&**self.manager.option).await?;
        for sql in &self.session_sql {
            driver.exec(sql, Vec::new()).await?;
        }
        self.opened.fetch_add(1, Relaxed);
        let now = Instant::now();
        Ok(Raw { driver, born: now, used: now })
    }

    pub(super) fn put_back(&self, raw: Raw) {
        self.idle().push_back(raw);
    }

    pub(super) fn discard(&self, mut driver: Box<dyn db::Connection>) {
        self.discarded.fetch_add(1, Relaxed);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { timeout(CLOSE_LIMIT, driver.close()).await.is_ok() });
        }
    }

    /// After an I/O error the others are likely dead, too.
    pub(super) fn drop_idle(&self) {
        let dead = std::mem::take(&mut *self.idle());
        for raw in dead {
            self.discard(raw.driver);
        }
    }
}

#[async_trait::async_trait]
impl Pool for SafePool {
    fn new(_: ConnectionManager) -> Result<Self, Error> {
        Err(Error::from("the pool is made from Settings"))
    }

    async fn get(&self) -> Result<Box<dyn db::Connection>, Error> {
        self.take(self.shared.acquire_limit).await
    }

    async fn get_timeout(&self, limit: Duration) -> Result<Box<dyn db::Connection>, Error> {
        self.take(if limit.is_zero() { self.shared.acquire_limit } else { limit }).await
    }

    async fn set_max_idle_conns(&self, _: u64) {}

    async fn set_max_open_conns(&self, _: u64) {}

    async fn state(&self) -> Value {
        Value::String(format!("{:?}", Self::state(self)))
    }

    fn driver_type(&self) -> &str {
        self.shared.manager.driver_type()
    }

    fn driver(&self) -> &dyn Driver {
        self.shared.manager.driver_ref()
    }
}
