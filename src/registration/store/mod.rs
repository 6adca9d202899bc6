//! SQL of registrations. Mobiles are sealed here and opened here.
//!
//! `uscc_live` and `name_live` hold the code and the name key of applications that are not over or
//! approved; their unique indexes decide who was first.

pub(super) mod decide;
pub(super) mod kin;
pub(super) mod queue;
pub(super) mod write;

use serde::Deserialize;

pub use queue::waiting;

use super::model::{Channel, Consent, Defect, Registration, Status};
use crate::{
    db::{self, Flag, Json, Run, args},
    kernel::{
        Mobile, OpenId, Timestamp, Uscc, Vault,
        ids::{FileId, LevelId, MemberId, RegistrationId},
        vault::VaultError,
    },
    web::AppError,
};

const COLUMNS: &str = "id, no, channel, name, uscc, uscc_doubtful, legal_person, legal_mobile, \
    contact, contact_mobile, user_type, charter_version, privacy_version, consent_ms, consent_ip, \
    status, version, reason, defects, level_id, member_id, endorsed_by, endorsed_ms, decided_by, \
    decided_ms, submitted_ms, queued_ms, urged_ms, scans, open_id";

#[derive(Deserialize)]
struct Row {
    id: RegistrationId,
    no: String,
    channel: Channel,
    name: String,
    uscc: Uscc,
    uscc_doubtful: Flag,
    legal_person: String,
    legal_mobile: String,
    contact: String,
    contact_mobile: String,
    user_type: String,
    charter_version: String,
    privacy_version: String,
    consent_ms: Timestamp,
    consent_ip: String,
    status: Status,
    version: i64,
    reason: String,
    defects: Json<Vec<Defect>>,
    level_id: Option<LevelId>,
    member_id: Option<MemberId>,
    endorsed_by: String,
    endorsed_ms: Option<Timestamp>,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    submitted_ms: Timestamp,
    queued_ms: Timestamp,
    urged_ms: Option<Timestamp>,
    scans: Json<Vec<FileId>>,
    open_id: String,
}

fn mobile(vault: &Vault, sealed: &str) -> Result<Mobile, VaultError> {
    Mobile::parse(&vault.open(sealed)?).map_err(|_| VaultError::DoesNotOpen)
}

impl Row {
    fn open(self, vault: &Vault) -> Result<Registration, VaultError> {
        Ok(Registration {
            legal_mobile: mobile(vault, &self.legal_mobile)?,
            contact_mobile: mobile(vault, &self.contact_mobile)?,
            consent: Consent {
                charter: self.charter_version,
                privacy: self.privacy_version,
                at: self.consent_ms,
                ip: self.consent_ip,
            },
            id: self.id,
            no: self.no,
            channel: self.channel,
            name: self.name,
            uscc: self.uscc,
            uscc_doubtful: self.uscc_doubtful.0,
            legal_person: self.legal_person,
            contact: self.contact,
            user_type: self.user_type,
            open_id: OpenId::parse(&vault.open(&self.open_id)?).ok(),
            status: self.status,
            version: self.version,
            reason: self.reason,
            defects: self.defects.0,
            level_id: self.level_id,
            member_id: self.member_id,
            endorsed_by: self.endorsed_by,
            endorsed_at: self.endorsed_ms,
            decided_by: self.decided_by,
            decided_at: self.decided_ms,
            submitted_at: self.submitted_ms,
            queued_at: self.queued_ms,
            urged_at: self.urged_ms,
            scans: self.scans.0,
        })
    }
}

async fn rows(
    db: &impl Run,
    vault: &Vault,
    tail: &str,
    values: Vec<db::Value>,
) -> Result<Vec<Registration>, AppError> {
    let sql = format!("select {COLUMNS} from registration where {tail}");
    let rows: Vec<Row> = db.fetch(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.open(vault)).collect::<Result<_, _>>()?)
}

pub(super) async fn find(
    db: &impl Run,
    vault: &Vault,
    id: &RegistrationId,
) -> Result<Option<Registration>, AppError> {
    Ok(rows(db, vault, "id = ?", args![id]).await?.pop())
}

/// The newest applications of a code.
pub(super) async fn by_uscc(
    db: &impl Run,
    vault: &Vault,
    uscc: &Uscc,
    most: i64,
) -> Result<Vec<Registration>, AppError> {
    rows(db, vault, "uscc = ? order by id desc limit ?", args![uscc, most]).await
}

/// The newest applications that name a mobile, as legal person's or as contact's.
pub(super) async fn by_mobile(
    db: &impl Run,
    vault: &Vault,
    mobile: &Mobile,
    most: i64,
) -> Result<Vec<Registration>, AppError> {
    let index = vault.index(mobile.as_str());
    let tail = "legal_mobile_index = ? or contact_mobile_index = ? order by id desc limit ?";
    rows(db, vault, tail, args![index, index, most]).await
}

/// The code of a live application, other than `except`, that has one of the two unique texts.
pub(super) async fn live(
    db: &impl Run,
    uscc: &Uscc,
    name_key: &str,
    except: &str,
) -> Result<Option<Uscc>, db::Error> {
    let sql = "select uscc from registration where (uscc_live = ? or name_live = ?) and id <> ?";
    db.fetch_one(sql, args![uscc, name_key, except]).await
}

/// The password hash that waits for the account; empty once it moved there.
pub(super) async fn password_hash(db: &impl Run, id: &RegistrationId) -> Result<String, db::Error> {
    let sql = "select password_hash from registration where id = ?";
    Ok(db.fetch_one(sql, args![id]).await?.unwrap_or_default())
}
