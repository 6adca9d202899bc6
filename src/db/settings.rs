//! Where the database is and how long to wait for it.

use std::{fmt, path::Path};

use serde::Deserialize;

use super::Error;

/// URL parameters that the MySQL driver knows; it would ignore a misspelt `ssl-mode` silently
/// and talk in plain text.
const MYSQL_PARAMETERS: [&str; 6] =
    ["ssl-mode", "ssl-ca", "charset", "collation", "statement-cache-capacity", "socket"];
/// SQLite has one writer; more connections only wait for one another.
const SQLITE_CONNECTIONS: usize = 8;

/// Which SQL the database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A file of this machine.
    Sqlite,
    /// MySQL, MariaDB, or a cluster that speaks their protocol.
    Mysql,
}

/// The `database` section of the configuration.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `sqlite://data/huiyuan.db` or `mysql://user:password@host:3306/database`.
    pub url: String,
    /// Connections of this server at most; SQLite uses no more than 8.
    #[serde(default = "connections")]
    pub max_connections: usize,
    /// How long a caller waits for a free connection, in milliseconds.
    #[serde(default = "two_seconds")]
    pub acquire_ms: u64,
    /// How long opening a connection may take, in milliseconds.
    #[serde(default = "two_seconds")]
    pub connect_ms: u64,
    /// How long one statement of a page may take, in milliseconds.
    #[serde(default = "two_seconds")]
    pub query_ms: u64,
}

const fn connections() -> usize {
    16
}

const fn two_seconds() -> u64 {
    2000
}

impl Settings {
    /// The given database with default limits.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: connections(),
            acquire_ms: two_seconds(),
            connect_ms: two_seconds(),
            query_ms: two_seconds(),
        }
    }

    /// The dialect by the scheme of the URL.
    pub fn dialect(&self) -> Result<Dialect, Error> {
        if self.url.starts_with("sqlite:") {
            Ok(Dialect::Sqlite)
        } else if self.url.starts_with("mysql://") {
            self.refuse_unknown_parameters().map(|()| Dialect::Mysql)
        } else {
            Err(Error::Other("database.url must start with sqlite:// or mysql://".into()))
        }
    }

    fn refuse_unknown_parameters(&self) -> Result<(), Error> {
        let (_, query) = self.url.split_once('?').unwrap_or_default();
        let unknown = query
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .find(|name| !name.is_empty() && !MYSQL_PARAMETERS.contains(name));
        match unknown {
            None => Ok(()),
            Some(name) => {
                Err(Error::Other(format!("database.url has an unknown parameter `{name}`")))
            }
        }
    }

    /// How many connections may be open at once.
    pub(super) fn connections(&self, dialect: Dialect) -> usize {
        let wanted = self.max_connections.max(1);
        match dialect {
            Dialect::Sqlite => wanted.min(SQLITE_CONNECTIONS),
            Dialect::Mysql => wanted,
        }
    }

    /// What every new connection is told first.
    pub(super) fn session_sql(&self, dialect: Dialect) -> Vec<String> {
        match dialect {
            // Shorter than the statement limit, so that waiting for the writer ends as "locked",
            // which is tried again, and not as a broken connection.
            Dialect::Sqlite => vec![format!("pragma busy_timeout = {}", self.query_ms * 3 / 4)],
            // READ COMMITTED: fewer gap locks, hence fewer deadlocks, and a loser of a
            // compare-and-set re-reads what the winner wrote, not its own old snapshot.
            // InnoDB counts lock waits in whole seconds, up to one more than told.
            Dialect::Mysql => {
                let lock_wait = (self.query_ms / 1000).saturating_sub(1).clamp(1, 2);
                vec![
                    "set session time_zone = '+00:00'".to_owned(),
                    "set session transaction isolation level read committed".to_owned(),
                    format!("set session innodb_lock_wait_timeout = {lock_wait}"),
                ]
            }
        }
    }

    /// SQLite makes the file, but not the folder around it.
    pub(super) fn make_folder(&self) -> Result<(), Error> {
        let file = self.url.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
        let file = file.split('?').next().unwrap_or_default();
        match Path::new(file).parent() {
            Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
                .map_err(|e| Error::Other(format!("cannot make {}: {e}", folder.display()))),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        let scheme = self.url.split(':').next().unwrap_or_default();
        f.debug_struct("Settings")
            .field("url", &format_args!("{scheme}:…"))
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}
