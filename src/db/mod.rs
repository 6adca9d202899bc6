//! The database: connecting, transactions, migrations, and how values travel to and from rows.
//!
//! SQL itself lives in the `store.rs` of each slice. It is written in the subset that MySQL,
//! MariaDB and SQLite share: text ids, milliseconds and fen as BIGINT, truth as 0/1, sums as
//! `cast(coalesce(sum(x), 0) as signed)`, compare-and-set with the old state in the `where`.
//!
//! **Unique indexes are named `uk_<table>_<columns>`** in both dialects' migrations, for example
//! `uk_member_uscc` or `uk_bill_member_id_year`. MySQL reports the index, SQLite the columns;
//! [`Error::is_duplicate_of`] understands both only while this convention holds.

mod args;
mod connection;
mod error;
pub mod flag;
mod migrate;
mod pool;
mod run;
mod settings;
mod transaction;
mod value;

#[cfg(test)]
mod tests;

use std::time::Duration;

use rbatis::RBatis;

pub use args::{bind, contains, marks};
pub use error::Error;
pub use flag::Flag;
pub use futures_core::future::BoxFuture;
pub use migrate::{migrate, pending};
pub use pool::PoolState;
pub use rbs::Value;
pub use run::Run;
pub use settings::{Dialect, Settings};
pub use transaction::{Tx, transaction};
pub use value::{Bytes, Json};

pub use crate::db_args as args;

use pool::SafePool;

/// The database with its pool of connections; cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Db {
    rb: RBatis,
    pool: SafePool,
    dialect: Dialect,
}

impl Db {
    /// Opens the database and makes sure that it answers.
    pub async fn connect(settings: &Settings) -> Result<Self, Error> {
        let dialect = settings.dialect()?;
        let db = Self::over(SafePool::open(settings, dialect)?, dialect)?;
        db.ping().await?;
        Ok(db)
    }

    fn over(pool: SafePool, dialect: Dialect) -> Result<Self, Error> {
        // `default`, not `new`: the latter logs statements with their arguments.
        let rb = RBatis::default();
        rb.init_pool(pool.clone())?;
        Ok(Self { rb, pool, dialect })
    }

    /// The same pool for work that nobody waits for on a page (reports, exports, bill runs):
    /// a statement may take as long as `limit`.
    pub fn with_query_limit(&self, limit: Duration) -> Result<Self, Error> {
        Self::over(self.pool.with_query_limit(limit), self.dialect)
    }

    /// Which SQL the database speaks where the dialects cannot be reconciled.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Asks for a sign of life.
    pub async fn ping(&self) -> Result<(), Error> {
        self.fetch_one::<i64>("select 1", Vec::new()).await.map(drop)
    }

    /// How busy the pool is.
    pub fn pool_state(&self) -> PoolState {
        self.pool.state()
    }

    pub(in crate::db) fn executor(&self) -> &RBatis {
        &self.rb
    }
}
