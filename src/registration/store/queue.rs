//! SQL of the reviewer's queue.

use serde::Deserialize;

use super::{Registration, Status, rows};
use crate::{
    db::{self, Run, args, marks},
    kernel::{Timestamp, Vault, ids::RegistrationId},
    web::AppError,
};

/// A page of the queue: waiting ones from the oldest on, decided ones from the newest on;
/// `key` is the last id of the page before.
pub(in crate::registration) async fn page(
    db: &impl Run,
    vault: &Vault,
    status: Status,
    key: &str,
    most: i64,
) -> Result<Vec<Registration>, AppError> {
    let tail = match (status, key.is_empty()) {
        (Status::Pending, _) => "status = ? and id > ? order by id limit ?",
        (_, true) => "status = ? and id <> ? order by id desc limit ?",
        (_, false) => "status = ? and id < ? order by id desc limit ?",
    };
    rows(db, vault, tail, args![status, key, most]).await
}

/// How many applications have a state.
pub(in crate::registration) async fn count(
    db: &impl Run,
    status: Status,
) -> Result<i64, db::Error> {
    let sql = "select count(*) as n from registration where status = ?";
    Ok(db.fetch_one(sql, args![status]).await?.unwrap_or_default())
}

/// How many applications wait for a decision, and since when the oldest does.
pub async fn waiting(db: &impl Run) -> Result<(i64, Option<Timestamp>), db::Error> {
    #[derive(Deserialize)]
    struct Row {
        count: i64,
        oldest: Option<Timestamp>,
    }
    let sql = "select count(*) as count, min(submitted_ms) as oldest from registration \
               where status = ?";
    let row: Option<Row> = db.fetch_one(sql, args![Status::Pending]).await?;
    Ok(row.map_or((0, None), |row| (row.count, row.oldest)))
}

/// Another application that names one of the mobiles.
#[derive(Debug, Deserialize)]
pub(in crate::registration) struct Kin {
    pub id: RegistrationId,
    pub name: String,
    pub status: Status,
    pub legal_mobile_index: String,
    pub contact_mobile_index: String,
}

/// The newest applications that name any of the mobiles, given by their indexes.
pub(in crate::registration) async fn same_mobiles(
    db: &impl Run,
    indexes: &[String],
    most: i64,
) -> Result<Vec<Kin>, db::Error> {
    let marks = marks(indexes.len());
    let sql = format!(
        "select id, name, status, legal_mobile_index, contact_mobile_index from registration \
         where legal_mobile_index in ({marks}) or contact_mobile_index in ({marks}) \
         order by id desc limit ?"
    );
    let mut values: Vec<_> = indexes.iter().chain(indexes).map(db::bind).collect();
    values.push(db::bind(&most));
    db.fetch(&sql, values).await
}
