//! SQL of members and levels. Personal data is sealed here and opened here.

pub(crate) mod candidate;
pub(crate) mod change;
pub(crate) mod history;
pub(crate) mod level;
pub(crate) mod list;
pub(crate) mod sheet;
pub(crate) mod tag;

use std::collections::HashMap;

use serde::Deserialize;

use super::{
    Level, Member,
    model::{Profile, Standing},
};
use crate::{
    db::{self, Flag, Run, args, marks},
    kernel::{
        Date, Mobile, Timestamp, Uscc, Vault,
        ids::{LevelId, MemberId, TierId},
        vault::VaultError,
    },
    web::AppError,
};

const COLUMNS: &str = "id, no, name, uscc, uscc_doubtful, user_type, level_id, legal_person, \
    legal_mobile, contact, contact_mobile, email, unit_state, unit_nature, industry, unit_size, \
    region_code, region_name, address, joined_on, status, profile_complete_ms, version";

#[derive(Deserialize)]
struct Row {
    id: MemberId,
    no: String,
    name: String,
    uscc: Uscc,
    uscc_doubtful: Flag,
    user_type: String,
    level_id: LevelId,
    legal_person: String,
    legal_mobile: String,
    contact: String,
    contact_mobile: String,
    email: String,
    unit_state: String,
    unit_nature: String,
    industry: String,
    unit_size: String,
    region_code: String,
    region_name: String,
    address: String,
    joined_on: Date,
    status: Standing,
    profile_complete_ms: Option<Timestamp>,
    version: i64,
}

fn mobile(vault: &Vault, sealed: &str) -> Result<Mobile, VaultError> {
    Mobile::parse(&vault.open(sealed)?).map_err(|_| VaultError::DoesNotOpen)
}

impl Row {
    fn open(self, vault: &Vault) -> Result<Member, VaultError> {
        Ok(Member {
            legal_mobile: mobile(vault, &self.legal_mobile)?,
            contact_mobile: mobile(vault, &self.contact_mobile)?,
            profile: Profile {
                contact: vault.open(&self.contact)?,
                email: vault.open(&self.email)?,
                unit_state: self.unit_state,
                unit_nature: self.unit_nature,
                industry: self.industry,
                unit_size: self.unit_size,
                region_code: self.region_code,
                region_name: self.region_name,
                address: vault.open(&self.address)?,
            },
            id: self.id,
            no: self.no,
            name: self.name,
            uscc: self.uscc,
            uscc_doubtful: self.uscc_doubtful.0,
            user_type: self.user_type,
            level_id: self.level_id,
            legal_person: vault.open(&self.legal_person)?,
            joined_on: self.joined_on,
            standing: self.status,
            profile_complete_at: self.profile_complete_ms,
            version: self.version,
        })
    }
}

pub(crate) async fn find(
    db: &impl Run,
    vault: &Vault,
    id: &MemberId,
) -> Result<Option<Member>, AppError> {
    let sql = format!("select {COLUMNS} from member where id = ?");
    let row: Option<Row> = db.fetch_one(&sql, args![id]).await?;
    Ok(row.map(|row| row.open(vault)).transpose()?)
}

#[derive(Deserialize)]
struct Name {
    id: MemberId,
    name: String,
}

/// The names of members, for a page of a list.
pub async fn names(
    db: &impl Run,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, String>, db::Error> {
    let sql = format!("select id, name from member where id in ({})", marks(ids.len()));
    let rows: Vec<Name> = db.fetch(&sql, ids.iter().map(db::bind).collect()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// True when a member has this code or this name key.
pub(crate) async fn exists(db: &impl Run, uscc: &Uscc, name_key: &str) -> Result<bool, db::Error> {
    #[derive(Deserialize)]
    struct Id {
        #[serde(rename = "id")]
        _id: String,
    }
    let sql = "select id from member where uscc = ? or name_key = ?";
    Ok(db.fetch_one::<Id>(sql, args![uscc, name_key]).await?.is_some())
}

pub(crate) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    member: &Member,
    name_key: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    let sql = "insert into member (id, no, name, name_key, uscc, uscc_doubtful, user_type, \
        level_id, status, legal_person, legal_mobile, contact, contact_mobile, \
        contact_mobile_index, email, unit_state, unit_nature, industry, unit_size, region_code, \
        region_name, address, joined_on, profile_complete_ms, version, created_ms) \
        values (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, ?, ?, '', '', '', '', '', '', '', '', \
        ?, null, 1, ?)";
    let values = args![
        member.id,
        member.no,
        member.name,
        name_key,
        member.uscc,
        Flag(member.uscc_doubtful),
        member.user_type,
        member.level_id,
        vault.seal(&member.legal_person)?,
        vault.seal(member.legal_mobile.as_str())?,
        vault.seal(&member.profile.contact)?,
        vault.seal(member.contact_mobile.as_str())?,
        vault.index(member.contact_mobile.as_str()),
        member.joined_on,
        now
    ];
    match tx.exec(sql, values).await {
        Ok(_) => Ok(()),
        Err(error)
            if error.is_duplicate_of("uk_member_uscc")
                || error.is_duplicate_of("uk_member_name_key") =>
        {
            Err(AppError::Refused("member exists".into()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Compare and set; `false` when state or version is another.
pub(super) async fn set_standing(
    tx: &impl Run,
    id: &MemberId,
    (from, to): (Standing, Standing),
    version: i64,
) -> Result<bool, db::Error> {
    let sql = "update member set status = ?, version = version + 1 \
               where id = ? and status = ? and version = ?";
    tx.changed(sql, args![to, id, from, version]).await
}

pub(super) async fn levels(db: &impl Run) -> Result<Vec<Level>, db::Error> {
    let sql = "select id, name, is_council, tier_id from member_level order by position";
    db.fetch(sql, args![]).await
}

pub(super) async fn set_tier(tx: &impl Run, name: &str, tier: &TierId) -> Result<u64, db::Error> {
    tx.exec("update member_level set tier_id = ? where name = ?", args![tier, name]).await
}
