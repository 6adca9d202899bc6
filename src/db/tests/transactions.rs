//! All or nothing, whatever happens.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::sync::Barrier;

use super::{number, on_each, on_each_with, with_table};
use crate::db::{Db, Dialect, Error, Run, Tx, args, transaction};

const ADD: &str = "update t1 set n = n + 1 where id = ?";

async fn add(tx: &Tx, id: &str) -> Result<(), Error> {
    assert!(tx.changed(ADD, args!(id)).await?);
    Ok(())
}

#[tokio::test]
async fn an_error_or_a_panic_leaves_nothing_and_the_pool_whole() {
    on_each_with(
        |settings| settings.max_connections = 1,
        |db| async move {
            with_table(&db).await;
            for way in ["error", "panic"] {
                let result: Result<(), Error> = transaction(&db, way, |tx, way| {
                    Box::pin(async move {
                        add(tx, "a").await?;
                        assert!(*way != "panic", "on purpose");
                        Err(Error::Other("on purpose".into()))
                    })
                })
                .await;
                let expected = if way == "panic" {
                    Error::Panicked
                } else {
                    Error::Other("on purpose".into())
                };
                assert_eq!(result, Err(expected));
                assert_eq!(number(&db, "a").await, 0);
            }
            transaction(&db, (), |tx, ()| Box::pin(add(tx, "a"))).await.unwrap();
            assert_eq!(number(&db, "a").await, 1);
            assert_eq!(db.pool_state().opened, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn a_caller_that_goes_away_cancels_nothing() {
    on_each(|db| async move {
        with_table(&db).await;
        let work = transaction(&db, (), |tx, ()| {
            Box::pin(async move {
                add(tx, "a").await?;
                tokio::time::sleep(Duration::from_millis(120)).await;
                add(tx, "b").await
            })
        });

        assert!(tokio::time::timeout(Duration::from_millis(30), work).await.is_err());
        for _ in 0..400 {
            if number(&db, "b").await == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }

        assert_eq!((number(&db, "a").await, number(&db, "b").await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn an_abandoned_transaction_is_never_committed_by_the_next() {
    on_each_with(
        |settings| settings.max_connections = 1,
        |db| async move {
            with_table(&db).await;
            let tx = Tx::begin(&db).await.unwrap();
            add(&tx, "a").await.unwrap();
            drop(tx);

            transaction(&db, (), |tx, ()| Box::pin(add(tx, "b"))).await.unwrap();

            assert_eq!((number(&db, "a").await, number(&db, "b").await), (0, 1));
            assert_eq!(db.pool_state().discarded, 1);
        },
    )
    .await;
}

#[tokio::test]
async fn of_many_compare_and_sets_one_wins() {
    on_each(|db| async move {
        with_table(&db).await;
        let tries = (0..20).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                transaction(&db, (), |tx, ()| {
                    Box::pin(tx.changed("update t1 set n = 1 where id = 'a' and n = 0", args!()))
                })
                .await
            })
        });
        let mut winners = 0;
        for one in tries.collect::<Vec<_>>() {
            winners += i32::from(one.await.unwrap().unwrap());
        }
        assert_eq!(winners, 1);
        // Rows that match count even when nothing changes.
        assert_eq!(db.exec("update t1 set n = 1 where id = 'a'", args!()).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_is_known_by_its_index_and_the_work_goes_on() {
    on_each(|db| async move {
        with_table(&db).await;
        transaction(&db, (), |tx, ()| {
            Box::pin(async move {
                let sql = "insert into t1 (id, name, part, n) values (?, 'a', 'x', 0)";
                let error = tx.exec(sql, args!("c")).await.unwrap_err();
                assert!(error.is_duplicate_of("uk_t1_name_part"), "{error:?}");
                let primary = "insert into t1 (id, name, part, n) values ('a', ?, 'y', 0)";
                let typed = "' for key 'uk_t1_name_part";
                let error = tx.exec(primary, args!(typed)).await.unwrap_err();
                assert!(error.is_duplicate() && !error.is_duplicate_of("uk_t1_name_part"));
                add(tx, "a").await
            })
        })
        .await
        .unwrap();
        assert_eq!(number(&db, "a").await, 1);
    })
    .await;
}

struct Crossing {
    first: &'static str,
    second: &'static str,
    runs: Arc<AtomicU32>,
    /// Where both wait on MySQL with one row locked. SQLite has one writer.
    meet: Option<Arc<Barrier>>,
}

async fn cross(tx: &Tx, crossing: &Crossing) -> Result<(), Error> {
    add(tx, crossing.first).await?;
    let first_run = crossing.runs.fetch_add(1, SeqCst) < 2;
    if let Some(meet) = crossing.meet.as_ref().filter(|_| first_run) {
        meet.wait().await;
    }
    // The work may hide the loss in an error of its own.
    add(tx, crossing.second).await.map_err(|_| Error::Other("hidden".into()))
}

/// Two transactions that change two rows in opposite order.
#[tokio::test]
async fn a_deadlock_is_tried_again_until_both_have_won() {
    on_each(|db| async move {
        with_table(&db).await;
        let runs = Arc::new(AtomicU32::new(0));
        let meet = (db.dialect() == Dialect::Mysql).then(|| Arc::new(Barrier::new(2)));
        let one = |first: &'static str, second: &'static str| {
            let input = Crossing { first, second, runs: runs.clone(), meet: meet.clone() };
            let db = db.clone();
            tokio::spawn(async move {
                transaction(&db, input, |tx, crossing| Box::pin(cross(tx, crossing))).await
            })
        };
        let (there, back) = (one("a", "b"), one("b", "a"));
        there.await.unwrap().unwrap();
        back.await.unwrap().unwrap();

        assert_eq!((number(&db, "a").await, number(&db, "b").await), (2, 2));
        if db.dialect() == Dialect::Mysql {
            assert_eq!(runs.load(SeqCst), 3);
        }
    })
    .await;
}

async fn locked_elsewhere(db: &Db, held: Duration) -> Result<(), Error> {
    let other = Tx::begin(db).await.unwrap();
    add(&other, "a").await.unwrap();
    let release = tokio::spawn(async move {
        tokio::time::sleep(held).await;
        other.roll_back().await;
    });
    let result = transaction(db, (), |tx, ()| Box::pin(add(tx, "a"))).await;
    release.await.unwrap();
    result
}

#[tokio::test]
async fn a_locked_row_is_waited_for_but_not_for_ever() {
    on_each(|db| async move {
        with_table(&db).await;
        assert_eq!(locked_elsewhere(&db, Duration::from_millis(2500)).await, Ok(()));
        assert_eq!(locked_elsewhere(&db, Duration::from_secs(9)).await, Err(Error::Retry));
        assert_eq!(number(&db, "a").await, 1);
    })
    .await;
}
