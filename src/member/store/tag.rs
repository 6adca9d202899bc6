//! SQL of tags.

use serde::Deserialize;

use crate::{
    db::{self, Run, args},
    kernel::{Timestamp, ids::MemberId},
};

#[derive(Deserialize)]
struct Row {
    tag: String,
}

pub(crate) async fn of(db: &impl Run, member: &MemberId) -> Result<Vec<String>, db::Error> {
    let sql = "select tag from member_tag where member_id = ? order by tag";
    let rows: Vec<Row> = db.fetch(sql, args![member]).await?;
    Ok(rows.into_iter().map(|row| row.tag).collect())
}

pub(crate) async fn all(db: &impl Run, most: i64) -> Result<Vec<String>, db::Error> {
    let rows: Vec<Row> =
        db.fetch("select name as tag from tag order by name limit ?", args![most]).await?;
    Ok(rows.into_iter().map(|row| row.tag).collect())
}

pub(crate) async fn replace(
    tx: &impl Run,
    member: &MemberId,
    tags: &[String],
    now: Timestamp,
) -> Result<(), db::Error> {
    tx.exec("delete from member_tag where member_id = ?", args![member]).await?;
    for tag in tags {
        let known = "select name as tag from tag where name = ?";
        if tx.fetch_one::<Row>(known, args![tag]).await?.is_none() {
            tx.exec("insert into tag (name, created_ms) values (?, ?)", args![tag, now]).await?;
        }
        let sql = "insert into member_tag (member_id, tag) values (?, ?)";
        tx.exec(sql, args![member, tag]).await?;
    }
    Ok(())
}
