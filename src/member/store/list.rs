//! SQL of the member list, and of the search for members by mobile.

use serde::Deserialize;

use super::{super::model::Standing, mobile};
use crate::{
    db::{self, Run, args, marks},
    kernel::{
        Date, Mobile, Uscc, Vault,
        ids::{LevelId, MemberId},
        text::name_key,
    },
    web::AppError,
};

/// A member as the list shows it.
pub(crate) struct Brief {
    pub id: MemberId,
    pub no: String,
    pub name: String,
    pub uscc: Uscc,
    pub level_id: LevelId,
    pub contact: String,
    pub contact_mobile: Mobile,
    pub joined_on: Date,
    pub standing: Standing,
}

#[derive(Deserialize)]
struct Row {
    id: MemberId,
    no: String,
    name: String,
    uscc: Uscc,
    level_id: LevelId,
    contact: String,
    contact_mobile: String,
    joined_on: Date,
    status: Standing,
}

/// What the list is searched for.
pub(crate) enum Sought {
    /// Everybody.
    All,
    /// 统一社会信用代码.
    Code(Uscc),
    /// The index of the contact's mobile.
    MobileIndex(String),
    /// A part of the name.
    Name(String),
}

/// What the list is narrowed to; empty texts do not narrow.
pub(crate) struct Filter {
    pub sought: Sought,
    pub level: String,
    pub standing: String,
    pub tag: String,
}

/// A page of members, newest first; `before` is the last id of the page before.
pub(crate) async fn page(
    db: &impl Run,
    vault: &Vault,
    filter: &Filter,
    before: &str,
    most: i64,
) -> Result<Vec<Brief>, AppError> {
    let mut narrow = String::new();
    let mut values = Vec::new();
    let mut add = |condition: &str, value: &str| {
        narrow.push_str(condition);
        narrow.push_str(" and ");
        values.push(db::bind(value));
    };
    match &filter.sought {
        Sought::All => {}
        Sought::Code(uscc) => add("uscc = ?", uscc.as_str()),
        Sought::MobileIndex(index) => add("contact_mobile_index = ?", index),
        Sought::Name(part) => add("name like ? escape '!'", &db::contains(part)),
    }
    if !filter.level.is_empty() {
        add("level_id = ?", &filter.level);
    }
    if !filter.standing.is_empty() {
        add("status = ?", &filter.standing);
    }
    // A tag is on few members: their ids come from its own index.
    if !filter.tag.is_empty() {
        add("id in (select member_id from member_tag where tag = ?)", &filter.tag);
    }
    // Every id sorts before `~`.
    values.push(db::bind(if before.is_empty() { "~" } else { before }));
    values.push(db::bind(&most));
    let sql = format!(
        "select id, no, name, uscc, level_id, contact, contact_mobile, joined_on, status \
         from member where {narrow}id < ? order by id desc limit ?"
    );
    let rows: Vec<Row> = db.fetch(&sql, values).await?;
    let open = |row: Row| -> Result<Brief, AppError> {
        Ok(Brief {
            contact_mobile: mobile(vault, &row.contact_mobile)?,
            id: row.id,
            no: row.no,
            name: row.name,
            uscc: row.uscc,
            level_id: row.level_id,
            contact: vault.open(&row.contact)?,
            joined_on: row.joined_on,
            standing: row.status,
        })
    };
    rows.into_iter().map(open).collect()
}

/// A member with one of the mobiles that were asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct SameMobile {
    pub no: String,
    pub name: String,
    pub contact_mobile_index: String,
}

/// Members whose contact has any of the mobiles, given by their indexes.
pub(crate) async fn same_mobiles(
    db: &impl Run,
    indexes: &[String],
    most: i64,
) -> Result<Vec<SameMobile>, db::Error> {
    let sql = format!(
        "select no, name, contact_mobile_index from member \
         where contact_mobile_index in ({}) order by id desc limit ?",
        marks(indexes.len())
    );
    let mut values: Vec<_> = indexes.iter().map(db::bind).collect();
    values.push(db::bind(&most));
    db.fetch(&sql, values).await
}

/// The ids of members whose name contains `text` (widths, brackets and blanks do not matter), or
/// whose code it is; newest first.
pub async fn matching(db: &impl Run, text: &str, most: i64) -> Result<Vec<MemberId>, db::Error> {
    let (narrow, value) = match Uscc::parse(text) {
        Ok(uscc) => ("uscc = ?", uscc.to_string()),
        Err(_) => ("name_key like ? escape '!'", db::contains(&name_key(text))),
    };
    let sql = format!("select id from member where {narrow} order by id desc limit ?");
    db.fetch(&sql, args![value, most]).await
}

/// The members whose levelled names begin so; by the unique index of `name_key`.
pub(crate) async fn beginning_with(
    db: &impl Run,
    start: &str,
    most: i64,
) -> Result<Vec<SameMobile>, db::Error> {
    // The last character of the basic plane sorts behind all that names consist of.
    let end = format!("{start}\u{ffff}");
    let sql = "select no, name, contact_mobile_index from member \
               where name_key >= ? and name_key < ? order by name_key limit ?";
    db.fetch(sql, args![start, end, most]).await
}
