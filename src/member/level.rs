//! 会员等级: names are data; associations call their posts differently.

use serde::{Deserialize, Serialize};

use super::store;
use crate::{
    db::{self, Flag, Run},
    kernel::ids::{LevelId, TierId},
};

/// The level that the reviewer starts from: 会员单位.
pub const DEFAULT: &str = "member";

/// A member level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Row id.
    pub id: LevelId,
    /// 名称, for example 副理事长单位.
    pub name: String,
    /// True for 理事以上.
    pub is_council: Flag,
    /// The dues tier; none means that no dues are owed.
    pub tier_id: Option<TierId>,
}

/// All levels in the association's order.
pub async fn all(db: &impl Run) -> Result<Vec<Level>, db::Error> {
    store::levels(db).await
}

/// One level.
pub async fn find(db: &impl Run, id: &LevelId) -> Result<Option<Level>, db::Error> {
    Ok(store::levels(db).await?.into_iter().find(|level| level.id == *id))
}

/// Puts the levels of these names into a dues tier; returns how many there were.
pub async fn set_tier(tx: &impl Run, names: &[&str], tier: &TierId) -> Result<u64, db::Error> {
    let mut changed = 0;
    for name in names {
        changed += store::set_tier(tx, name, tier).await?;
    }
    Ok(changed)
}
