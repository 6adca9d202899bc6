//! Applying the migrations that are compiled in. The rules for writing them are in
//! `migrations/README.md`.

use std::time::Duration;

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::{Db, Dialect, Error, Run, Tx, args, run::rows};
use crate::kernel::Timestamp;

mod script;
#[cfg(test)]
mod tests;

use script::{Script, checksum};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/migrations"]
struct Files;

/// Building an index on a large table takes its time.
const STATEMENT_LIMIT: Duration = Duration::from_mins(30);
/// How long to wait for another migrator.
const LOCK_LIMIT: Duration = Duration::from_secs(30);
const TABLE: &str = "create table if not exists schema_migrations (version bigint primary key, \
    name varchar(120) not null, checksum varchar(64) not null, statements bigint not null, \
    applied_ms bigint)";

/// A row of `schema_migrations`. On MySQL a migration may be half-applied: `applied_ms` is empty
/// and `checksum` covers the first `statements` statements.
#[derive(Debug, Deserialize)]
struct Row {
    version: i64,
    name: String,
    checksum: String,
    statements: i64,
    applied_ms: Option<i64>,
}

impl Row {
    fn finished(&self) -> usize {
        usize::try_from(self.statements).unwrap_or_default()
    }
}

/// Applies what is missing and returns the names; two at once apply everything once.
pub async fn migrate(db: &Db, now: Timestamp) -> Result<Vec<String>, Error> {
    apply(db, script::embedded::<Files>(db.dialect())?, now).await
}

/// The names of the migrations that are still to be applied; refuses a database that is newer
/// than the program or was migrated by other files.
pub async fn pending(db: &Db) -> Result<Vec<String>, Error> {
    let scripts = script::embedded::<Files>(db.dialect())?;
    let there: Vec<i64> = match db.dialect() {
        Dialect::Sqlite => {
            let sql = "select count(*) from sqlite_master where name = 'schema_migrations'";
            db.fetch(sql, Vec::new()).await?
        }
        Dialect::Mysql => {
            let sql = "select count(*) from information_schema.tables \
                where table_schema = database() and table_name = 'schema_migrations'";
            db.fetch(sql, Vec::new()).await?
        }
    };
    let applied = if there == [0] { Vec::new() } else { db.fetch(SELECT, Vec::new()).await? };
    Ok(missing(&scripts, &applied)?.into_iter().map(|(script, _)| script.name.clone()).collect())
}

const SELECT: &str = "select version, name, checksum, statements, applied_ms from schema_migrations order by version";

/// The scripts that are not wholly applied, each with the number of its statements that are.
fn missing<'a>(scripts: &'a [Script], applied: &[Row]) -> Result<Vec<(&'a Script, usize)>, Error> {
    for row in applied {
        if !scripts.iter().any(|script| script.version == row.version) {
            return Err(Error::Migration(format!(
                "the database is newer than this program: it knows {}, which the program does not",
                row.name
            )));
        }
    }
    let mut missing = Vec::new();
    for script in scripts {
        let Some(row) = applied.iter().find(|row| row.version == script.version) else {
            missing.push((script, 0));
            continue;
        };
        let finished = row.finished().min(script.statements.len());
        let whole = row.applied_ms.is_none() || row.finished() == script.statements.len();
        if !whole || checksum(&script.statements[..finished]) != row.checksum {
            return Err(Error::Migration(format!(
                "{} was changed after it had been applied",
                script.name
            )));
        }
        if row.applied_ms.is_none() {
            missing.push((script, finished));
        }
    }
    Ok(missing)
}

/// In a task of its own: half a migration is the last thing that a hung-up client should leave.
async fn apply(db: &Db, scripts: Vec<Script>, now: Timestamp) -> Result<Vec<String>, Error> {
    let db = db.with_query_limit(STATEMENT_LIMIT)?;
    let task = async move {
        match db.dialect() {
            Dialect::Sqlite => on_sqlite(&db, &scripts, now).await,
            Dialect::Mysql => on_mysql(&db, &scripts, now).await,
        }
    };
    tokio::spawn(task).await.unwrap_or(Err(Error::Panicked))
}

async fn on_sqlite(db: &Db, scripts: &[Script], now: Timestamp) -> Result<Vec<String>, Error> {
    let tx = begin_patiently(db).await?;
    let result = run_missing(&tx, scripts, now).await;
    match result {
        Ok(names) => tx.commit().await.map(|()| names),
        Err(error) => {
            tx.roll_back().await;
            Err(error)
        }
    }
}

/// Another migrator holds the write lock for as long as it works.
async fn begin_patiently(db: &Db) -> Result<Tx, Error> {
    let started = std::time::Instant::now();
    loop {
        match Tx::begin(db).await {
            Err(Error::Retry) if started.elapsed() < LOCK_LIMIT => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            begun => return begun,
        }
    }
}

async fn on_mysql(db: &Db, scripts: &[Script], now: Timestamp) -> Result<Vec<String>, Error> {
    let session = Session(db.executor().acquire().await?);
    let lock = "left(concat('huiyuan.migrate.', database()), 64)";
    let seconds = LOCK_LIMIT.as_secs();
    let sql = format!("select get_lock({lock}, {seconds})");
    if session.fetch_one::<Option<i64>>(&sql, Vec::new()).await?.flatten() != Some(1) {
        return Err(Error::Migration("another migrator has been at work for too long".into()));
    }
    let result = run_missing(&session, scripts, now).await;
    let released = session.exec(&format!("do release_lock({lock})"), Vec::new()).await;
    if released.is_err() {
        // The server releases the lock with the connection.
        session.0.conn.lock().await.close().await?;
    }
    result
}

async fn run_missing(
    on: &impl Run,
    scripts: &[Script],
    now: Timestamp,
) -> Result<Vec<String>, Error> {
    on.exec(TABLE, Vec::new()).await?;
    let applied = on.fetch(SELECT, Vec::new()).await?;
    let mut names = Vec::new();
    for (script, finished) in missing(scripts, &applied)? {
        run_script(on, script, finished, now).await?;
        names.push(script.name.clone());
    }
    Ok(names)
}

async fn run_script(
    on: &impl Run,
    script: &Script,
    mut finished: usize,
    now: Timestamp,
) -> Result<(), Error> {
    if finished == 0 {
        on.exec("delete from schema_migrations where version = ?", args!(script.version)).await?;
        let insert = "insert into schema_migrations (version, name, checksum, statements) \
            values (?, ?, ?, 0)";
        on.exec(insert, args!(script.version, script.name, checksum(&[]))).await?;
    }
    for statement in &script.statements[finished..] {
        on.exec(statement, Vec::new()).await.map_err(|error| {
            let place = finished + 1;
            Error::Migration(format!("{} stopped at statement {place}: {error}", script.name))
        })?;
        finished += 1;
        let note = "update schema_migrations set statements = ?, checksum = ? where version = ?";
        let sum = checksum(&script.statements[..finished]);
        on.exec(note, args!(finished, sum, script.version)).await?;
    }
    let done = "update schema_migrations set applied_ms = ? where version = ?";
    on.exec(done, args!(now, script.version)).await.map(drop)
}

/// One connection, for locks that belong to it.
struct Session(rbatis::executor::RBatisConnExecutor);

impl Run for Session {
    async fn exec(&self, sql: &str, args: Vec<rbs::Value>) -> Result<u64, Error> {
        let args = args::checked(Dialect::Mysql, sql, args)?;
        Ok(self.0.exec(sql, args).await?.rows_affected)
    }

    async fn fetch<T: serde::de::DeserializeOwned + Send>(
        &self,
        sql: &str,
        args: Vec<rbs::Value>,
    ) -> Result<Vec<T>, Error> {
        let args = args::checked(Dialect::Mysql, sql, args)?;
        rows(&self.0.query(sql, args).await?, sql)
    }
}
