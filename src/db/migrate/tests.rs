//! Migrators that meet, files that changed, databases that are ahead.

use super::{Error, Row, Run, SELECT, Script, apply, args, missing};
use crate::{
    db::{Db, Dialect, tests::on_each},
    kernel::Timestamp,
};

const NOW: Timestamp = Timestamp::from_millis(7);

fn scripts(files: &[(&str, &str)]) -> Vec<Script> {
    files.iter().map(|(name, text)| Script::read(name, text).unwrap()).collect()
}

const FIRST: (&str, &str) =
    ("0001_one.sql", "create table one (id bigint primary key);\ninsert into one values (1);\n");
const SECOND: (&str, &str) = ("0002_two.sql", "insert into one values (2);");

async fn ids(db: &Db) -> Vec<i64> {
    db.fetch("select id from one order by id", args!()).await.unwrap()
}

#[tokio::test]
async fn two_at_once_apply_everything_once() {
    on_each(|db| async move {
        let files = || scripts(&[FIRST, SECOND]);
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { apply(&db, files(), NOW).await.unwrap() })
            })
            .collect();
        let mut applied = Vec::new();
        for task in tasks {
            applied.extend(task.await.unwrap());
        }
        assert_eq!(applied, ["0001_one", "0002_two"]);
        assert_eq!(ids(&db).await, [1, 2]);
        assert_eq!(apply(&db, files(), NOW).await, Ok(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn a_changed_file_and_a_newer_database_are_refused() {
    on_each(|db| async move {
        apply(&db, scripts(&[FIRST, SECOND]), NOW).await.unwrap();

        let changed = ("0002_two.sql", "insert into one values (3);");
        let error = apply(&db, scripts(&[FIRST, changed]), NOW).await.unwrap_err();
        assert!(error.to_string().contains("0002_two was changed"), "{error}");
        let longer = ("0002_two.sql", "insert into one values (2);\ninsert into one values (3);");
        assert!(apply(&db, scripts(&[FIRST, longer]), NOW).await.is_err());
        let error = apply(&db, scripts(&[FIRST]), NOW).await.unwrap_err();
        assert!(error.to_string().contains("newer than this program"), "{error}");

        let commented = ("0002_two.sql", "-- why\r\ninsert into one values (2);\r\n");
        assert_eq!(apply(&db, scripts(&[FIRST, commented]), NOW).await, Ok(Vec::new()));
        assert_eq!(ids(&db).await, [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_failed_goes_on_where_it_stopped() {
    on_each(|db| async move {
        let broken = (FIRST.0, "create table one (id bigint primary key);\ninsert into two;\n");
        let error = apply(&db, scripts(&[broken]), NOW).await.unwrap_err();
        assert!(error.to_string().contains("0001_one stopped at statement 2"), "{error}");
        if db.dialect() == Dialect::Mysql {
            let applied: Vec<Row> = db.fetch(SELECT, args!()).await.unwrap();
            assert_eq!(missing(&scripts(&[FIRST]), &applied).unwrap()[0].1, 1);
            let other = (FIRST.0, "create table other (id bigint);\ninsert into one values (1);");
            assert!(apply(&db, scripts(&[other]), NOW).await.is_err());
        }
        assert_eq!(apply(&db, scripts(&[FIRST]), NOW).await, Ok(vec!["0001_one".to_owned()]));
        assert_eq!(ids(&db).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn the_real_files_apply_and_nothing_is_pending_then() {
    on_each(|db| async move {
        let waiting = super::pending(&db).await.unwrap();
        assert_eq!(super::migrate(&db, NOW).await.unwrap(), waiting);
        assert_eq!(super::pending(&db).await, Ok(Vec::new()));
        assert!(!matches!(super::migrate(&db, NOW).await, Err(Error::Migration(_))));
    })
    .await;
}
