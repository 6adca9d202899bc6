//! The same tests on a new SQLite file and, when `TEST_MYSQL_URL` names a server whose user may
//! create databases, on a new database there.

mod outage;
mod pool;
mod transactions;
mod values;

use std::{future::Future, path::PathBuf};

use super::{Db, Dialect, Run, Settings};
use crate::kernel::{Clock, Ids};

fn fresh_name() -> String {
    format!("huiyuan_test_{}", Ids::system().next(Clock::System.now()))
}

/// Runs the test on every database at hand.
pub(in crate::db) async fn on_each<F, T>(test: F)
where
    F: Fn(Db) -> T,
    T: Future<Output = ()>,
{
    on_each_with(|_| {}, test).await;
}

/// The same with other settings than the default.
pub(in crate::db) async fn on_each_with<F, T>(change: impl Fn(&mut Settings), test: F)
where
    F: Fn(Db) -> T,
    T: Future<Output = ()>,
{
    let folder: PathBuf = std::env::temp_dir().join(fresh_name());
    let mut settings = Settings::new(format!("sqlite://{}/made/test.db", folder.display()));
    change(&mut settings);
    test(Db::connect(&settings).await.unwrap()).await;
    std::fs::remove_dir_all(&folder).unwrap();

    if let Ok(server) = std::env::var("TEST_MYSQL_URL") {
        let (address, _) = server.rsplit_once('/').unwrap();
        let root = Db::connect(&Settings::new(&server)).await.unwrap();
        let name = fresh_name();
        let create = format!("create database {name} character set utf8mb4");
        root.exec(&create, Vec::new()).await.unwrap();
        let mut settings = Settings::new(format!("{address}/{name}"));
        change(&mut settings);
        let db = Db::connect(&settings).await.unwrap();
        assert_eq!(db.dialect(), Dialect::Mysql);
        test(db).await;
        root.exec(&format!("drop database {name}"), Vec::new()).await.unwrap();
    }
}

/// A small table: ids with a balance and a state.
async fn with_table(db: &Db) {
    let create = "create table t1 (id varchar(40) not null primary key, \
        name varchar(40) not null, part varchar(40) not null, n bigint not null)";
    db.exec(create, Vec::new()).await.unwrap();
    let index = "create unique index uk_t1_name_part on t1 (name, part)";
    db.exec(index, Vec::new()).await.unwrap();
    for id in ["a", "b"] {
        let sql = "insert into t1 (id, name, part, n) values (?, ?, 'x', 0)";
        db.exec(sql, super::args!(id, id)).await.unwrap();
    }
}

async fn number(on: &impl Run, id: &str) -> i64 {
    let sql = "select n from t1 where id = ?";
    on.fetch_one(sql, super::args!(id)).await.unwrap().unwrap()
}
