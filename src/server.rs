//! The composition root: settings become an application, the application listens, and stops well.

use std::{net::SocketAddr, time::Duration};

use salvo::{
    Listener, Router, Server, Service,
    conn::tcp::{TcpAcceptor, TcpListener},
    fuse::FuseConfig,
    prelude::CatchPanic,
    server::ServerHandle,
};
use tokio::task::JoinHandle;

use crate::{
    config, db,
    db::Db,
    jobs,
    kernel::{
        Clock, Ids, Vault,
        password::{HashError, Hasher},
        vault::VaultError,
    },
    routes,
    session::Store,
    web::{
        App,
        app::Parts,
        edge::{self, Edge},
        error,
        session::Keys,
        settings,
        template::Templates,
    },
    wechat::{Http, Limits, Messages, WechatError, login::Login, pay::Pay},
};

/// In-flight requests are given this long when the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] config::Problems),
    /// The database does not answer or cannot be migrated.
    #[error("database: {0}")]
    Db(#[from] db::Error),
    /// The shared store cannot be used.
    #[error("redis: {0}")]
    Store(#[from] crate::session::Error),
    /// A template is broken.
    #[error("templates: {0}")]
    Templates(#[from] tera::Error),
    /// The data key is unusable.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The Argon2 parameters are unusable.
    #[error("security.argon2: {0}")]
    Hash(#[from] HashError),
    /// The WeChat settings are unusable.
    #[error("wechat: {0}")]
    Wechat(#[from] WechatError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, String),
}

/// Makes the application. The database is connected, but not migrated.
pub async fn assemble(
    settings: &config::Settings,
    clock: Clock,
    ids: Ids,
) -> Result<App, StartError> {
    let security = &settings.security;
    let http = Http::new(Limits::default())?;
    let login = Login::new(settings.login(), http.clone())?;
    Ok(App::new(Parts {
        policy: edge::policy(&login.authorize_origin()),
        db: Db::connect(&settings.database).await?,
        store: Store::connect(&settings.redis, clock.clone())?,
        vault: Vault::new(&security.data_key)?,
        hasher: hasher(security)?,
        keys: Keys::new(&security.jwt_secret),
        login,
        messages: Messages::new(settings.login(), http.clone())?,
        pay: Pay::new(settings.pay(), http, clock.clone(), ids.clone())?,
        templates: Templates::load()?,
        settings: settings::Settings {
            server: settings.server.clone(),
            security: security.clone(),
            staff: settings.staff.clone(),
            site: settings.site.clone(),
            notice: settings.notice.clone(),
            dues: settings.dues.clone(),
            domain_verify: settings.wechat.domain_verify.clone(),
        },
        clock,
        ids,
    }))
}

/// The password gate, as wide as the cores unless configured otherwise.
pub fn hasher(security: &settings::Security) -> Result<Hasher, HashError> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let width = if security.password_gate == 0 { cores } else { security.password_gate };
    let (memory, passes) = (security.argon2_memory_kib, security.argon2_passes);
    Hasher::with_queue(width, security.password_queue, memory, passes)
}

/// Brings the tables up to date; safe when several servers start at once.
pub async fn migrate(app: &App) -> Result<(), StartError> {
    let applied = db::migrate(&app.db, app.clock.now()).await?;
    for name in applied {
        tracing::info!(migration = name, "applied migration {name}");
    }
    Ok(())
}

/// Opens the socket.
pub async fn bind(listen: &str) -> Result<TcpAcceptor, StartError> {
    TcpListener::new(listen.to_owned())
        .try_bind()
        .await
        .map_err(|error| StartError::Listen(listen.to_owned(), error.to_string()))
}

/// A running server.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    task: JoinHandle<()>,
    jobs: Vec<JoinHandle<()>>,
}

/// Serves the application, and runs its jobs beside it.
pub fn serve(app: &App, acceptor: TcpAcceptor, periods: config::Jobs) -> Running {
    let address = acceptor.local_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)));
    let server = Server::new(acceptor).fuse_config(FuseConfig::strict());
    let handle = server.handle();
    let service = service(app, routes::all(app));
    let task = tokio::spawn(async move {
        if let Err(error) = server.try_serve(service).await {
            tracing::error!(%error, "the server stopped");
        }
    });
    Running { address, handle, task, jobs: jobs::start(app, periods) }
}

/// What surrounds every route: the edge, panics, error pages.
pub fn service(app: &App, router: Router) -> Service {
    Service::new(router)
        .hoop(Edge::new(app.clone()))
        .hoop(CatchPanic::new())
        .catcher(salvo::catcher::Catcher::new(error::catch))
}

impl Running {
    /// Takes no new requests, lets the running ones finish (at most 10 s), and ends the jobs.
    pub async fn stop(self) {
        for job in self.jobs {
            job.abort();
        }
        self.handle.stop_graceful(DRAIN);
        // The task ends with its server; a panic in it was logged already.
        let _ = self.task.await;
    }

    /// Waits until the server ends by itself.
    pub async fn wait(&mut self) {
        let _ = (&mut self.task).await;
    }
}
