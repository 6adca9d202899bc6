//! Connections that broke are not used again, and no wait is without limit.

use std::time::Duration;

use super::{number, on_each_with, with_table};
use crate::db::{Db, Dialect, Error, Run, Settings, Tx, args};

fn slow(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mysql => "select sleep(1) + ?",
        Dialect::Sqlite => {
            "with recursive c(n) as (select 1 union all select n + 1 from c where n < 3000000) \
             select count(*) + ? from c"
        }
    }
}

#[tokio::test]
async fn a_cancelled_statement_takes_its_connection_along() {
    on_each_with(
        |settings| settings.max_connections = 1,
        |db| async move {
            with_table(&db).await;
            for _ in 0..3 {
                let statement = db.fetch::<i64>(slow(db.dialect()), args!(0));
                assert!(tokio::time::timeout(Duration::from_millis(20), statement).await.is_err());
                assert_eq!(number(&db, "a").await, 0);
            }
            assert_eq!(db.pool_state().discarded, 3);
        },
    )
    .await;
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_given_up() {
    let quick = |settings: &mut Settings| settings.query_ms = 50;
    on_each_with(quick, |db| async move {
        let answer = db.fetch::<i64>(slow(db.dialect()), args!(0)).await;
        assert_eq!(answer, Err(Error::Unavailable("the statement took too long".into())));

        let patient = db.with_query_limit(Duration::from_secs(20)).unwrap();
        assert!(patient.fetch::<i64>(slow(db.dialect()), args!(0)).await.is_ok());
        assert!(db.ping().await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_busy_pool_says_so_in_time() {
    let small = |settings: &mut Settings| {
        settings.max_connections = 2;
        settings.acquire_ms = 200;
    };
    on_each_with(small, |db| async move {
        let one = Tx::begin(&db).await.unwrap();
        let held = db.executor().acquire().await.unwrap();
        assert_eq!(db.ping().await, Err(Error::Unavailable("no free connection in time".into())));
        assert_eq!(db.pool_state().in_use, 2);
        one.roll_back().await;
        drop((one, held));
        assert_eq!(db.ping().await, Ok(()));
    })
    .await;
}

/// One after another, callers share one connection, also when the server has closed it meanwhile.
#[tokio::test]
async fn a_connection_that_died_while_resting_is_replaced_unseen() {
    on_each_with(
        |_| {},
        |db| async move {
            for _ in 0..20 {
                db.ping().await.unwrap();
            }
            assert_eq!(db.pool_state().opened, 1);
            if db.dialect() == Dialect::Mysql {
                let me: Option<i64> =
                    db.fetch_one("select connection_id()", args!()).await.unwrap();
                let killed = db.exec(&format!("kill {}", me.unwrap()), args!()).await;
                assert!(killed.is_err_and(|error| error.is_outage()));
                db.ping().await.unwrap();
                assert_eq!(db.pool_state().opened, 2);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn every_connection_is_set_up_alike() {
    on_each_with(
        |_| {},
        |db| async move {
            let facts: &[(&str, &str)] = match db.dialect() {
                Dialect::Sqlite => &[
                    ("select journal_mode from pragma_journal_mode", "wal"),
                    ("select cast(synchronous as text) from pragma_synchronous", "2"),
                    ("select cast(foreign_keys as text) from pragma_foreign_keys", "1"),
                    ("select cast(timeout as text) from pragma_busy_timeout", "1500"),
                ],
                Dialect::Mysql => &[
                    ("select @@session.time_zone", "+00:00"),
                    ("select @@session.tx_isolation", "READ-COMMITTED"),
                    ("select cast(@@session.innodb_lock_wait_timeout as char)", "1"),
                    ("select @@session.character_set_connection", "utf8mb4"),
                ],
            };
            for (sql, wanted) in facts {
                let is: Option<String> = db.fetch_one(sql, args!()).await.unwrap();
                assert_eq!(is.as_deref(), Some(*wanted), "{sql}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_server_that_is_away_is_told_at_once() {
    let settings = Settings::new("mysql://root:secret@127.0.0.1:1/x");
    let error = Db::connect(&settings).await.err().unwrap();
    assert!(error.is_outage() && error.to_string().contains("cannot connect"), "{error}");
    assert!(!format!("{settings:?}").contains("secret"));
}

#[test]
fn wrong_addresses_are_refused() {
    for url in ["postgres://x", "", "mysql://h/db?sslmode=required", "mysql://h/db?ssl-mode"] {
        let refused = Settings::new(url).dialect().is_err();
        assert_eq!(refused, url != "mysql://h/db?ssl-mode", "{url}");
    }
}
