//! SQL of tiers and standards.

use serde::{Deserialize, Serialize};

use crate::{
    db::{self, Run, args},
    dues::model::Standard,
    kernel::{
        Fen, Timestamp,
        ids::{FileId, StandardId, TierId},
    },
};

const COLUMNS: &str = "id, tier_id, from_year, to_year, version, amount, resolution, file_id";

/// The standard of a tier that is valid in a year: of those that cover it, the one that began
/// last, in its latest version.
pub(in crate::dues) async fn of_year(
    db: &impl Run,
    tier: &TierId,
    year: i64,
) -> Result<Option<Standard>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from dues_standard where tier_id = ? and from_year <= ? \
         and (to_year is null or to_year >= ?) order by from_year desc, version desc limit 1"
    );
    db.fetch_one(&sql, args![tier, year, year]).await
}

/// One standard.
pub(in crate::dues) async fn find(
    db: &impl Run,
    id: &StandardId,
) -> Result<Option<Standard>, db::Error> {
    let sql = format!("select {COLUMNS} from dues_standard where id = ?");
    db.fetch_one(&sql, args![id]).await
}

/// A standard with the names that people know.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StandardLine {
    /// Row id.
    pub id: StandardId,
    /// 档次.
    pub tier: String,
    /// The tier's id.
    pub tier_id: TierId,
    /// First year.
    pub from_year: i64,
    /// Last year.
    pub to_year: Option<i64>,
    /// Counts from 1 for each tier and first year.
    pub version: i64,
    /// Per year, fen.
    pub amount: Fen,
    /// The resolution.
    pub resolution: String,
    /// The resolution as a file.
    pub file_id: Option<FileId>,
}

impl StandardLine {
    /// True when this is a later version of the same standard.
    pub fn replaces(&self, other: &Self) -> bool {
        self.tier_id == other.tier_id
            && self.from_year == other.from_year
            && self.version > other.version
    }
}

/// All standards, by tier, the newest first.
pub(in crate::dues) async fn all(db: &impl Run) -> Result<Vec<StandardLine>, db::Error> {
    let sql = "select s.id, t.name as tier, s.tier_id, s.from_year, s.to_year, s.version, \
               s.amount, s.resolution, s.file_id \
               from dues_standard s join dues_tier t on t.id = s.tier_id \
               order by t.position, t.id, s.from_year desc, s.version desc";
    db.fetch(sql, args![]).await
}

#[derive(Deserialize)]
struct Tier {
    id: TierId,
}

pub(in crate::dues) async fn tier_by_name(
    db: &impl Run,
    name: &str,
) -> Result<Option<TierId>, db::Error> {
    let sql = "select id from dues_tier where name = ?";
    Ok(db.fetch_one::<Tier>(sql, args![name]).await?.map(|tier| tier.id))
}

/// The new tier comes last.
pub(in crate::dues) async fn insert_tier(
    tx: &impl Run,
    id: &TierId,
    name: &str,
) -> Result<(), db::Error> {
    let sql = "insert into dues_tier (id, name, position) \
               select ?, ?, coalesce(max(position), 0) + 1 from dues_tier";
    tx.exec(sql, args![id, name]).await?;
    Ok(())
}

/// The latest version of a tier's standard that begins in that year; 0 when there is none.
pub(in crate::dues) async fn last_version(
    db: &impl Run,
    tier: &TierId,
    from_year: i64,
) -> Result<i64, db::Error> {
    let sql = "select coalesce(max(version), 0) as version from dues_standard \
               where tier_id = ? and from_year = ?";
    Ok(db.fetch_one::<i64>(sql, args![tier, from_year]).await?.unwrap_or_default())
}

pub(in crate::dues) async fn insert(
    tx: &impl Run,
    standard: &Standard,
    by: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    let sql = "insert into dues_standard (id, tier_id, from_year, to_year, version, amount, \
               resolution, file_id, created_by, created_ms) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let Standard { id, tier_id, from_year, to_year, version, amount, resolution, file_id } =
        standard;
    let mut values = args![id, tier_id, from_year, to_year, version, amount, resolution];
    values.extend(args![file_id, by, now]);
    tx.exec(sql, values).await?;
    Ok(())
}
