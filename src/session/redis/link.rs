//! The connection to Redis, one server or a cluster, made on first use.

use std::{sync::Arc, time::Duration};

use redis::{
    Client, Cmd, Pipeline, RedisError, RedisFuture, Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
    cluster::ClusterClient,
    cluster_async::ClusterConnection,
};
use tokio::sync::OnceCell;

const CONNECT_LIMIT: Duration = Duration::from_millis(500);
const RESPONSE_LIMIT: Duration = Duration::from_secs(1);
const RETRIES: usize = 2;
const MIN_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_millis(500);

/// Where commands go.
#[derive(Clone)]
pub(super) enum Link {
    One(ConnectionManager),
    Many(Arc<ClusterClient>, Arc<OnceCell<ClusterConnection>>),
}

/// A handle for one command; all share the connections behind it.
pub(super) enum Connection {
    One(ConnectionManager),
    Many(ClusterConnection),
}

impl Link {
    pub(super) fn open(urls: &[String]) -> Result<Self, RedisError> {
        if let [url] = urls {
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(CONNECT_LIMIT))
                .set_response_timeout(Some(RESPONSE_LIMIT))
                .set_number_of_retries(RETRIES)
                .set_min_delay(MIN_PAUSE)
                .set_max_delay(MAX_PAUSE);
            let client = Client::open(url.as_str())?;
            return ConnectionManager::new_lazy_with_config(client, config).map(Self::One);
        }
        let client = ClusterClient::builder(urls.iter().map(String::as_str))
            .connection_timeout(CONNECT_LIMIT)
            .response_timeout(RESPONSE_LIMIT)
            .retries(2)
            .build()?;
        Ok(Self::Many(Arc::new(client), Arc::default()))
    }

    pub(super) async fn connection(&self) -> Result<Connection, RedisError> {
        match self {
            Self::One(manager) => Ok(Connection::One(manager.clone())),
            Self::Many(client, cell) => {
                let connection = cell.get_or_try_init(|| client.get_async_connection()).await?;
                Ok(Connection::Many(connection.clone()))
            }
        }
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::One(connection) => connection.req_packed_command(cmd),
            Self::Many(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::One(connection) => connection.req_packed_commands(pipeline, offset, count),
            Self::Many(connection) => connection.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::One(connection) => connection.get_db(),
            Self::Many(connection) => connection.get_db(),
        }
    }
}
