//! A connection in use. It is tainted before every statement and clean again only after a
//! complete answer, so that a cancelled or timed-out statement leaves it tainted; a tainted one,
//! or one with an open transaction, is never given back to the pool.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_core::{future::BoxFuture, stream::BoxStream};
use rbdc::{
    Error,
    db::{self, ExecResult, Row},
};
use rbs::Value;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{
    Dialect,
    error::server_code,
    pool::{Raw, Shared, outage},
};

pub(super) struct Connection {
    raw: Option<Raw>,
    tainted: bool,
    in_transaction: bool,
    query_limit: Duration,
    pool: Arc<Shared>,
    /// Given back after the connection, when all fields are dropped.
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    pub(super) fn new(
        raw: Raw,
        pool: Arc<Shared>,
        query_limit: Duration,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        let (tainted, in_transaction) = (false, false);
        Self { raw: Some(raw), tainted, in_transaction, query_limit, pool, _permit: permit }
    }

    async fn watch<T>(
        &mut self,
        statement: impl for<'a> FnOnce(
            &'a mut Box<dyn db::Connection>,
        ) -> BoxFuture<'a, Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(raw) = self.raw.as_mut().filter(|_| !self.tainted) else {
            return Err(outage("the connection broke in an earlier statement"));
        };
        // Stays so if this future is dropped.
        self.tainted = true;
        match timeout(self.query_limit, statement(&mut raw.driver)).await {
            Err(_) => Err(outage("the statement took too long")),
            Ok(Ok(answer)) => {
                self.tainted = false;
                Ok(answer)
            }
            Ok(Err(error)) if in_sync(self.pool.dialect, &error) => {
                self.tainted = false;
                Err(error)
            }
            Ok(Err(error)) => {
                self.pool.drop_idle();
                Err(outage(&format!("connection lost: {error}")))
            }
        }
    }
}

/// An error that the server itself reports leaves the conversation in step; after anything else
/// (I/O, protocol, a server that is going away) nobody knows what the next answer belongs to.
fn in_sync(dialect: Dialect, error: &Error) -> bool {
    let text = error.to_string();
    match dialect {
        Dialect::Mysql => {
            server_code(&text).is_some_and(|code| !matches!(code, 1053 | 1152..=1161 | 1927 | 4031))
        }
        Dialect::Sqlite => text != "WorkerCrashed",
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(mut raw) = self.raw.take() {
            if self.tainted || self.in_transaction {
                self.pool.discard(raw.driver);
            } else {
                raw.used = Instant::now();
                self.pool.put_back(raw);
            }
        }
    }
}

impl db::Connection for Connection {
    fn exec_rows(
        &mut self,
        _: &str,
        _: Vec<Value>,
    ) -> BoxFuture<'_, Result<BoxStream<'_, Result<Box<dyn Row>, Error>>, Error>> {
        // A stream that is dropped half-way would leave the rest of its rows on the line.
        Box::pin(async { Err(Error::from("rows are not streamed: page by key")) })
    }

    fn exec_decode(&mut self, sql: &str, args: Vec<Value>) -> BoxFuture<'_, Result<Value, Error>> {
        let sql = sql.to_owned();
        Box::pin(async move {
            self.watch(|driver| Box::pin(async move { driver.exec_decode(&sql, args).await })).await
        })
    }

    fn exec(&mut self, sql: &str, args: Vec<Value>) -> BoxFuture<'_, Result<ExecResult, Error>> {
        let sql = sql.to_owned();
        Box::pin(async move {
            self.watch(|driver| Box::pin(async move { driver.exec(&sql, args).await })).await
        })
    }

    fn ping(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move { self.watch(|driver| driver.ping()).await })
    }

    /// The connection is closed when it is dropped.
    fn close(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        self.tainted = true;
        Box::pin(async { Ok(()) })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            if self.in_transaction {
                return Err(Error::from("a transaction within a transaction"));
            }
            let begin = match self.pool.dialect {
                // A plain `begin` that reads first and then writes fails at once when another
                // writes, without waiting.
                Dialect::Sqlite => "begin immediate",
                Dialect::Mysql => "begin",
            };
            // Also when it fails, so that the connection is thrown away then: after "database is
            // locked" rbdc-sqlite may have begun nevertheless.
            self.in_transaction = true;
            self.exec(begin, Vec::new()).await.map(drop)
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            self.exec("commit", Vec::new()).await?;
            self.in_transaction = false;
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            self.exec("rollback", Vec::new()).await?;
            self.in_transaction = false;
            Ok(())
        })
    }
}
