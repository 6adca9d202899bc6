//! Transactions, only through [`transaction`].

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    task::Poll,
    time::{Duration, Instant},
};

use futures_core::future::BoxFuture;
use rand::{RngExt, rngs::StdRng};
use rbatis::executor::{Executor, RBatisTxExecutor};
use rbs::Value;
use serde::de::DeserializeOwned;
use tracing::Instrument;

use super::{Db, Dialect, Error, Run, args::checked, run::rows};

/// How often the work may run in all.
const MAX_RUNS: u32 = 6;
/// No new run begins later than this after the first: WeChat waits five seconds for an answer.
const RETRY_WINDOW: Duration = Duration::from_secs(3);

/// An open transaction. It lives only inside the work given to [`transaction`].
pub struct Tx {
    inner: RBatisTxExecutor,
    dialect: Dialect,
    /// A statement of this run lost against others. The work may hide that error in one of its
    /// own, or swallow it, but MySQL has undone the transaction, so it must not be committed.
    lost: AtomicBool,
}

impl Tx {
    pub(super) async fn begin(db: &Db) -> Result<Self, Error> {
        let connection = db.executor().acquire().await?;
        let inner = connection.begin().await?;
        Ok(Self { inner, dialect: db.dialect(), lost: AtomicBool::new(false) })
    }

    pub(super) async fn commit(&self) -> Result<(), Error> {
        self.noted(self.inner.commit().await.map_err(Into::into))
    }

    /// Undoes everything. A connection on which that fails is thrown away by the pool, and the
    /// server undoes the transaction then.
    pub(super) async fn roll_back(&self) {
        if let Err(error) = self.inner.rollback().await {
            tracing::warn!("a rollback failed, the connection is thrown away: {error}");
        }
    }

    fn noted<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if matches!(result, Err(Error::Retry)) {
            self.lost.store(true, Relaxed);
        }
        result
    }
}

impl Run for Tx {
    async fn exec(&self, sql: &str, args: Vec<Value>) -> Result<u64, Error> {
        let args = checked(self.dialect, sql, args)?;
        let done = Executor::exec(&self.inner, sql, args).await;
        self.noted(done.map(|done| done.rows_affected).map_err(Into::into))
    }

    async fn fetch<T: DeserializeOwned + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> Result<Vec<T>, Error> {
        let args = checked(self.dialect, sql, args)?;
        let answer = Executor::query(&self.inner, sql, args).await;
        rows(&self.noted(answer.map_err(Into::into))?, sql)
    }
}

/// Runs `work` in one transaction: all of it is kept, or nothing.
///
/// It runs in a task of its own, so a client that hangs up cancels nothing half-way. An error or
/// a panic of the work rolls it back. When others were in the way (deadlock, lock wait,
/// certification) the whole work runs again, up to five times, so it must have no effect outside
/// the database. A commit whose outcome is unknown is [`Error::Unavailable`] and never repeated.
pub async fn transaction<I, T, E, F>(db: &Db, input: I, work: F) -> Result<T, E>
where
    I: Send + Sync + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'a> Fn(&'a Tx, &'a I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    let db = db.clone();
    let task = async move { repeat(&db, &input, &work).await };
    match tokio::spawn(task.in_current_span()).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => Err(Error::Panicked.into()),
        Err(_) => Err(Error::Unavailable("the server is stopping".into()).into()),
    }
}

async fn repeat<I, T, E, F>(db: &Db, input: &I, work: &F) -> Result<T, E>
where
    E: From<Error>,
    F: for<'a> Fn(&'a Tx, &'a I) -> BoxFuture<'a, Result<T, E>>,
{
    let started = Instant::now();
    let mut run = 1;
    loop {
        match once(db, input, work).await {
            Outcome::Final(result) => return result,
            Outcome::Lost(result) if run == MAX_RUNS || started.elapsed() > RETRY_WINDOW => {
                tracing::warn!(runs = run, "a transaction lost against others every time");
                return result;
            }
            Outcome::Lost(_) => {}
        }
        tokio::time::sleep(pause(run)).await;
        run += 1;
    }
}

/// 5 to 15 ms at first, doubled each time; chance keeps two losers from meeting again.
fn pause(run: u32) -> Duration {
    let mut rng: StdRng = rand::make_rng();
    Duration::from_millis(rng.random_range(5..=15) << (run - 1))
}

enum Outcome<T, E> {
    Final(Result<T, E>),
    /// Worth another run.
    Lost(Result<T, E>),
}

async fn once<I, T, E, F>(db: &Db, input: &I, work: &F) -> Outcome<T, E>
where
    E: From<Error>,
    F: for<'a> Fn(&'a Tx, &'a I) -> BoxFuture<'a, Result<T, E>>,
{
    let tx = match Tx::begin(db).await {
        Ok(tx) => tx,
        Err(error @ Error::Retry) => return Outcome::Lost(Err(error.into())),
        Err(error) => return Outcome::Final(Err(error.into())),
    };
    let result = match caught(async { work(&tx, input).await }).await {
        Some(result) => result,
        None => Err(Error::Panicked.into()),
    };
    let lost = || tx.lost.load(Relaxed);
    if result.is_ok() && !lost() {
        match tx.commit().await {
            Ok(()) => return Outcome::Final(result),
            Err(Error::Retry) => {}
            Err(error) => {
                tx.roll_back().await;
                return Outcome::Final(Err(error.into()));
            }
        }
    }
    tx.roll_back().await;
    match result {
        Ok(_) => Outcome::Lost(Err(Error::Retry.into())),
        Err(error) if lost() => Outcome::Lost(Err(error)),
        Err(error) => Outcome::Final(Err(error)),
    }
}

/// The work's answer; nothing if it panicked.
async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}
