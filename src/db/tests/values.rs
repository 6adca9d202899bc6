//! Values on their way into rows and back.

use serde::{Deserialize, Serialize};

use super::on_each;
use crate::{
    db::{Bytes, Db, Dialect, Flag, Json, Run, args},
    kernel::{Fen, Mobile, Timestamp, ids::MemberId},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Address {
    city: String,
    lines: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Row {
    id: MemberId,
    mobile: Option<Mobile>,
    name: String,
    amount: Fen,
    at: Timestamp,
    active: Flag,
    #[serde(with = "crate::db::flag")]
    council: bool,
    address: Json<Address>,
    photo: Bytes,
    gone: Option<String>,
}

async fn with_rows(db: &Db) {
    let (text, blob, end) = match db.dialect() {
        Dialect::Sqlite => ("text", "blob", ""),
        Dialect::Mysql => ("longtext", "longblob", "engine=InnoDB default charset=utf8mb4"),
    };
    let create = format!(
        "create table t2 (id varchar(64) not null primary key, mobile varchar(20), \
         name varchar(200) not null, amount bigint not null, at bigint not null, \
         active integer not null, council integer not null, address {text} not null, \
         photo {blob} not null, gone {text}) {end}"
    );
    db.exec(&create, Vec::new()).await.unwrap();
}

fn row(id: &str, name: &str) -> Row {
    Row {
        id: id.parse().unwrap(),
        mobile: Some("13800138000".to_owned().try_into().unwrap()),
        name: name.to_owned(),
        amount: Fen::new(i64::MAX),
        at: Timestamp::from_millis(-1),
        active: Flag(true),
        council: false,
        address: Json(Address { city: "南京".into(), lines: vec!["a".into(), "{}".into()] }),
        photo: Bytes(vec![0, 255, 39, 10]),
        gone: None,
    }
}

async fn insert(db: &Db, row: &Row) {
    let sql = "insert into t2 values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = args!(
        row.id,
        row.mobile,
        row.name,
        row.amount,
        row.at,
        row.active,
        row.council,
        row.address,
        row.photo,
        row.gone
    );
    assert_eq!(db.exec(sql, values).await.unwrap(), 1);
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_went() {
    on_each(|db| async move {
        with_rows(&db).await;
        let names = ["会员😀", "null", "[]", "{}", "{\"a\": 1.0 }", "[1,2]", "", "'\"?\\", "\0"];
        for (i, name) in names.into_iter().enumerate() {
            let wanted = row(&format!("id{i}"), name);
            insert(&db, &wanted).await;

            let by_id = "select * from t2 where id = ?";
            let found: Option<Row> = db.fetch_one(by_id, args!(wanted.id)).await.unwrap();
            assert_eq!(found.as_ref(), Some(&wanted), "{name}");
            let by_name = "select name from t2 where name = ?";
            let found: Vec<String> = db.fetch(by_name, args!(name)).await.unwrap();
            assert_eq!(found, [name]);
        }
    })
    .await;
}

#[tokio::test]
async fn single_values_and_sums_are_read_strictly() {
    on_each(|db| async move {
        with_rows(&db).await;
        let sum = "select cast(coalesce(sum(amount), 0) as signed) from t2";
        let nothing: Option<Fen> = db.fetch_one(sum, args!()).await.unwrap();
        assert_eq!(nothing, Some(Fen::ZERO));
        insert(&db, &row("x", "y")).await;

        let empty: Vec<Option<String>> = db.fetch("select gone from t2", args!()).await.unwrap();
        assert_eq!(empty, [None]);
        assert!(db.fetch::<i64>("select name from t2", args!()).await.is_err());
        assert!(db.fetch::<Row>("select id from t2", args!()).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn searching_treats_wildcards_as_typed() {
    on_each(|db| async move {
        with_rows(&db).await;
        for (id, name) in [("a", "100%_!"), ("b", "1000_!"), ("c", "{甲}")] {
            insert(&db, &row(id, name)).await;
        }
        for (typed, wanted) in [("%_!", "a"), ("甲", "c")] {
            let sql = "select id from t2 where name like ? escape '!'";
            let pattern = crate::db::contains(typed);
            let found: Vec<String> = db.fetch(sql, args!(pattern)).await.unwrap();
            assert_eq!(found, [wanted]);
        }
    })
    .await;
}
