//! The two dialects hold the same tables, columns and unique keys under the same names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use crate::support::TestApp;

fn folder(dialect: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations").join(dialect)
}

fn names(dialect: &str) -> BTreeSet<String> {
    fs::read_dir(folder(dialect))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Tables with their columns, and unique keys, as the files write them.
fn shape(dialect: &str) -> (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for name in names(dialect) {
        let text = fs::read_to_string(folder(dialect).join(name)).unwrap();
        let mut table = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("create table if not exists ") {
                rest.trim_end_matches(" (").clone_into(&mut table);
                tables.entry(table.clone()).or_default();
            } else if line.starts_with(')') {
                table.clear();
            } else if let Some(at) = line.find("uk_") {
                let rest = &line[at..];
                let columns = rest.split('(').nth(1).unwrap_or_default();
                let key = rest.split([' ', '(']).next().unwrap();
                keys.insert(format!("{key} ({}", columns.trim_end_matches([',', ';'])));
            } else if !table.is_empty() {
                let first = line.split(' ').next().unwrap_or_default();
                if !matches!(first, "key" | "primary" | "constraint" | "") {
                    tables.get_mut(&table).unwrap().insert(first.to_owned());
                }
            }
        }
    }
    (tables, keys)
}

#[test]
fn both_dialects_have_the_same_migrations() {
    assert_eq!(names("mysql"), names("sqlite"));
}

#[test]
fn both_dialects_have_the_same_tables_columns_and_unique_keys() {
    let (mysql_tables, mysql_keys) = shape("mysql");
    let (sqlite_tables, sqlite_keys) = shape("sqlite");
    assert!(mysql_tables.len() > 15);
    assert_eq!(mysql_tables, sqlite_tables);
    assert_eq!(mysql_keys, sqlite_keys);
}

#[test]
fn unique_keys_are_named_after_their_columns() {
    for key in shape("mysql").1 {
        let (name, columns) = key.split_once(" (").unwrap();
        let columns = columns.trim_end_matches(')').replace(", ", "_");
        assert!(name.ends_with(&columns), "{key}");
    }
}

#[tokio::test]
async fn a_second_start_applies_nothing_and_changes_nothing() {
    let test = TestApp::start().await;
    let before = test.db_count("select count(*) from schema_migrations").await;
    huiyuan::server::migrate(&test.app).await.unwrap();
    assert_eq!(test.db_count("select count(*) from schema_migrations").await, before);
    assert_eq!(test.db_count("select count(*) from member_level").await, 8);
}
