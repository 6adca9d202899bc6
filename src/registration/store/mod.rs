//! SQL of registrations. Mobiles are sealed here and opened here.
//!
//! `uscc_live` and `name_live` hold the code and the name key of applications that are pending or
//! approved; their unique indexes decide who was first.

pub(super) mod queue;

use serde::Deserialize;

pub use queue::waiting;
pub(super) use queue::{Kin, count, page, same_mobiles};

use super::{
    model::{Channel, Consent, Registration, Status},
    submit::SubmitError,
};
use crate::{
    db::{self, Flag, Run, args},
    kernel::{
        Mobile, Timestamp, Uscc, Vault,
        ids::{LevelId, MemberId, RegistrationId},
        vault::VaultError,
    },
    web::AppError,
};

const COLUMNS: &str = "id, no, channel, name, uscc, uscc_doubtful, legal_person, legal_mobile, \
    contact, contact_mobile, user_type, charter_version, privacy_version, consent_ms, consent_ip, \
    status, reason, level_id, member_id, decided_by, decided_ms, submitted_ms";

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
    reason: String,
    level_id: Option<LevelId>,
    member_id: Option<MemberId>,
    decided_by: String,
    decided_ms: Option<Timestamp>,
    submitted_ms: Timestamp,
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
            status: self.status,
            reason: self.reason,
            level_id: self.level_id,
            member_id: self.member_id,
            decided_by: self.decided_by,
            decided_at: self.decided_ms,
            submitted_at: self.submitted_ms,
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

/// Which of the two unique texts a live application has already; none when both are free.
pub(super) async fn live(
    db: &impl Run,
    uscc: &Uscc,
    name_key: &str,
) -> Result<Option<Uscc>, db::Error> {
    let sql = "select uscc from registration where uscc_live = ? or name_live = ?";
    db.fetch_one(sql, args![uscc, name_key]).await
}

pub(super) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    new: &Registration,
    name_key: &str,
    password_hash: &str,
) -> Result<(), SubmitError> {
    let sql = "insert into registration (id, no, channel, name, name_key, uscc, uscc_doubtful, \
        legal_person, legal_mobile, legal_mobile_index, contact, contact_mobile, \
        contact_mobile_index, user_type, password_hash, charter_version, privacy_version, \
        consent_ms, consent_ip, status, reason, level_id, member_id, decided_by, decided_ms, \
        submitted_ms, uscc_live, name_live) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
        ?, ?, ?, ?, 'pending', '', null, null, '', null, ?, ?, ?)";
    let values = args![
        new.id,
        new.no,
        new.channel,
        new.name,
        name_key,
        new.uscc,
        Flag(new.uscc_doubtful),
        new.legal_person,
        vault.seal(new.legal_mobile.as_str()).map_err(AppError::from)?,
        vault.index(new.legal_mobile.as_str()),
        new.contact,
        vault.seal(new.contact_mobile.as_str()).map_err(AppError::from)?,
        vault.index(new.contact_mobile.as_str()),
        new.user_type,
        password_hash,
        new.consent.charter,
        new.consent.privacy,
        new.consent.at,
        new.consent.ip,
        new.submitted_at,
        new.uscc,
        name_key
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// The password hash that waits for the account; empty once it moved there.
pub(super) async fn password_hash(db: &impl Run, id: &RegistrationId) -> Result<String, db::Error> {
    let sql = "select password_hash from registration where id = ?";
    Ok(db.fetch_one(sql, args![id]).await?.unwrap_or_default())
}

/// Turns a waiting application into an approved one; `false` when it no longer waited.
pub(super) async fn approve(
    tx: &impl Run,
    id: &RegistrationId,
    level: &LevelId,
    by: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update registration set status = 'approved', level_id = ?, decided_by = ?, \
               decided_ms = ? where id = ? and status = 'pending'";
    tx.changed(sql, args![level, by, now, id]).await
}

/// Names the member that it became; the password lives with the account from now on.
pub(super) async fn hand_over(
    tx: &impl Run,
    id: &RegistrationId,
    member: &MemberId,
) -> Result<(), db::Error> {
    let sql = "update registration set member_id = ?, password_hash = '' where id = ?";
    tx.exec(sql, args![member, id]).await?;
    Ok(())
}

/// Turns a waiting application down, so that the unit may apply anew; `false` when it no longer
/// waited.
pub(super) async fn reject(
    tx: &impl Run,
    id: &RegistrationId,
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let sql = "update registration set status = 'rejected', reason = ?, decided_by = ?, \
               decided_ms = ?, uscc_live = null, name_live = null \
               where id = ? and status = 'pending'";
    tx.changed(sql, args![reason, by, now, id]).await
}
