//! The store in Redis, one server or a cluster. Every operation is one round trip.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use redis::{Cmd, FromRedisValue, RedisError, Script, cmd};
use tokio::time::timeout;

use super::{Advance, Error, Taken};

mod link;

use link::Link;

/// Connecting, trying again and answering together: a page must not hang on its session.
const TOTAL_LIMIT: Duration = Duration::from_millis(2500);

/// Every hash holds this field, so that reading some fields tells an absent hash from one
/// without those fields.
const MARK: &str = ".";

const PUT_HASH: &str = r"
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '.', '', unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1";
const COUNT: &str = r"
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count";
/// ARGV: the new state, the number of expected states, those, then fields and values.
const ADVANCE: &str = r"
if redis.call('EXISTS', KEYS[1]) == 0 then return {-1, ''} end
local state = redis.call('HGET', KEYS[1], 'state') or ''
local last = 2 + tonumber(ARGV[2])
for i = 3, last do
  if ARGV[i] == state then
    redis.call('HSET', KEYS[1], unpack(ARGV, last + 1))
    return {1, ARGV[1]}
  end
end
return {0, state}";
const TAKE_HASH_IF: &str = r"
if redis.call('EXISTS', KEYS[1]) == 0 then return {-1, '', {}} end
local state = redis.call('HGET', KEYS[1], 'state') or ''
if state ~= ARGV[1] then return {0, state, {}} end
local all = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
return {1, state, all}";

/// The store in Redis; cloning it is cheap.
#[derive(Clone)]
pub struct Redis {
    link: Link,
    scripts: Arc<Scripts>,
}

struct Scripts {
    put_hash: Script,
    count: Script,
    advance: Script,
    take_hash_if: Script,
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redis")
    }
}

/// Redis refuses to expire something at once.
fn millis(ttl: Duration) -> u64 {
    u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).clamp(1, 1 << 50)
}

async fn limited<T>(work: impl Future<Output = Result<T, RedisError>>) -> Result<T, Error> {
    match timeout(TOTAL_LIMIT, work).await {
        Ok(result) => result.map_err(Error::from),
        Err(_) => Err(Error::Unavailable("no answer in time".into())),
    }
}

impl Redis {
    pub(super) fn open(urls: &[String]) -> Result<Self, Error> {
        let link = Link::open(urls).map_err(|error| Error::Settings(error.to_string()))?;
        let scripts = Scripts {
            put_hash: Script::new(PUT_HASH),
            count: Script::new(COUNT),
            advance: Script::new(ADVANCE),
            take_hash_if: Script::new(TAKE_HASH_IF),
        };
        Ok(Self { link, scripts: Arc::new(scripts) })
    }

    /// Sends a command once: had it been executed, a second time would tell something else.
    async fn once<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Error> {
        limited(async { command.query_async(&mut self.link.connection().await?).await }).await
    }

    /// Sends a command that may be executed twice, and again if the connection was dropped, as
    /// the first command after a restart of Redis finds it.
    async fn repeatable<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Error> {
        limited(async {
            let mut connection = self.link.connection().await?;
            match command.query_async(&mut connection).await {
                Err(error) if error.is_connection_dropped() => {
                    command.query_async(&mut connection).await
                }
                result => result,
            }
        })
        .await
    }

    pub(super) async fn put(&self, key: &str, value: &str, ttl: Duration) -> Result<(), Error> {
        self.repeatable(cmd("SET").arg(key).arg(value).arg("PX").arg(millis(ttl))).await
    }

    pub(super) async fn put_new(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> Result<bool, Error> {
        let mut set = cmd("SET");
        set.arg(key).arg(value).arg("NX").arg("PX").arg(millis(ttl));
        Ok(self.once::<Option<String>>(&set).await?.is_some())
    }

    pub(super) async fn replace(
        &self,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> Result<bool, Error> {
        let mut set = cmd("SET");
        set.arg(key).arg(value).arg("XX").arg("PX").arg(millis(ttl));
        Ok(self.repeatable::<Option<String>>(&set).await?.is_some())
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<String>, Error> {
        self.repeatable(cmd("GET").arg(key)).await
    }

    pub(super) async fn take(&self, key: &str) -> Result<Option<String>, Error> {
        self.once(cmd("GETDEL").arg(key)).await
    }

    pub(super) async fn remove(&self, key: &str) -> Result<(), Error> {
        self.repeatable::<i64>(cmd("DEL").arg(key)).await.map(drop)
    }

    pub(super) async fn renew(&self, key: &str, ttl: Duration) -> Result<bool, Error> {
        self.repeatable(cmd("PEXPIRE").arg(key).arg(millis(ttl))).await
    }

    pub(super) async fn count(&self, key: &str, window: Duration) -> Result<u64, Error> {
        let mut call = self.scripts.count.key(key);
        call.arg(millis(window));
        limited(async { call.invoke_async(&mut self.link.connection().await?).await }).await
    }

    pub(super) async fn remaining(&self, key: &str) -> Result<Option<Duration>, Error> {
        let millis: i64 = self.repeatable(cmd("PTTL").arg(key)).await?;
        Ok(u64::try_from(millis).ok().map(Duration::from_millis))
    }

    pub(super) async fn put_hash(
        &self,
        key: &str,
        fields: &[(&str, &str)],
        ttl: Duration,
    ) -> Result<(), Error> {
        let mut call = self.scripts.put_hash.key(key);
        call.arg(millis(ttl)).arg(fields);
        limited(async { call.invoke_async::<i64>(&mut self.link.connection().await?).await })
            .await
            .map(drop)
    }

    pub(super) async fn hash_fields(
        &self,
        key: &str,
        fields: &[&str],
    ) -> Result<Option<Vec<Option<String>>>, Error> {
        let found: Vec<Option<String>> =
            self.repeatable(cmd("HMGET").arg(key).arg(MARK).arg(fields)).await?;
        let mut found = found.into_iter();
        Ok(found.next().flatten().map(|_| found.collect()))
    }

    pub(super) async fn hash(&self, key: &str) -> Result<Option<BTreeMap<String, String>>, Error> {
        let mut all: BTreeMap<String, String> = self.repeatable(cmd("HGETALL").arg(key)).await?;
        Ok(all.remove(MARK).map(|_| all))
    }

    pub(super) async fn advance(
        &self,
        key: &str,
        from: &[&str],
        to: &str,
        set: &[(&str, &str)],
    ) -> Result<Advance, Error> {
        let mut call = self.scripts.advance.key(key);
        call.arg(to).arg(from.len()).arg(from).arg(set).arg(super::STATE).arg(to);
        let (code, state): (i64, String) =
            limited(async { call.invoke_async(&mut self.link.connection().await?).await }).await?;
        Ok(match code {
            1 => Advance::Done,
            0 => Advance::Lost(state),
            _ => Advance::Missing,
        })
    }

    pub(super) async fn take_hash_if(&self, key: &str, state: &str) -> Result<Taken, Error> {
        let mut call = self.scripts.take_hash_if.key(key);
        call.arg(state);
        let (code, state, mut fields): (i64, String, BTreeMap<String, String>) =
            limited(async { call.invoke_async(&mut self.link.connection().await?).await }).await?;
        fields.remove(MARK);
        Ok(match code {
            1 => Taken::Done(fields),
            0 => Taken::Lost(state),
            _ => Taken::Missing,
        })
    }

    pub(super) async fn ping(&self) -> Result<(), Error> {
        self.repeatable::<String>(&cmd("PING")).await.map(drop)
    }
}
