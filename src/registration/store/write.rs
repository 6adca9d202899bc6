//! SQL of what applicants write: the application, its amendment, its scan, its withdrawal.

use super::{Registration, Status};
use crate::{
    db::{self, Flag, Json, Run, args, marks},
    kernel::{
        OpenId, Timestamp, Vault,
        ids::{FileId, RegistrationId},
    },
    registration::{model::Act, submit::SubmitError},
    web::AppError,
};

/// What searches for duplicates compare.
#[derive(Clone, Debug)]
pub(in crate::registration) struct NameKeys {
    /// The name with its spelling levelled: unique among live applications.
    pub key: String,
    /// What is left without place and legal form: alike, not the same.
    pub core: String,
}

pub(in crate::registration) async fn insert(
    tx: &impl Run,
    vault: &Vault,
    new: &Registration,
    name: &NameKeys,
    password_hash: &str,
) -> Result<(), SubmitError> {
    let sql = "insert into registration (id, no, channel, name, name_key, name_core, uscc, \
        uscc_doubtful, legal_person, legal_mobile, legal_mobile_index, contact, contact_mobile, \
        contact_mobile_index, user_type, password_hash, charter_version, privacy_version, \
        consent_ms, consent_ip, status, reason, level_id, member_id, decided_by, decided_ms, \
        submitted_ms, version, queued_ms, urged_ms, endorsed_by, endorsed_ms, defects, scans, \
        open_id, uscc_live, name_live) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
        ?, ?, ?, 'pending', '', null, null, '', null, ?, 1, ?, null, '', null, ?, ?, '', ?, ?)";
    let seal = |text: &str| vault.seal(text).map_err(AppError::from);
    let values = args![
        new.id,
        new.no,
        new.channel,
        new.name,
        name.key,
        name.core,
        new.uscc,
        Flag(new.uscc_doubtful),
        new.legal_person,
        seal(new.legal_mobile.as_str())?,
        vault.index(new.legal_mobile.as_str()),
        new.contact,
        seal(new.contact_mobile.as_str())?,
        vault.index(new.contact_mobile.as_str()),
        new.user_type,
        password_hash,
        new.consent.charter,
        new.consent.privacy,
        new.consent.at,
        new.consent.ip,
        new.submitted_at,
        new.queued_at,
        Json(&new.defects),
        Json(&new.scans),
        new.uscc,
        name.key
    ];
    tx.exec(sql, values).await?;
    Ok(())
}

/// Stores an amended application and puts it back into the queue; `false` when it was not returned
/// any more, or changed meanwhile.
pub(in crate::registration) async fn amend(
    tx: &impl Run,
    vault: &Vault,
    new: &Registration,
    name: &NameKeys,
    now: Timestamp,
) -> Result<bool, SubmitError> {
    let sql = "update registration set name = ?, name_key = ?, name_core = ?, uscc = ?, \
        uscc_doubtful = ?, legal_person = ?, legal_mobile = ?, legal_mobile_index = ?, \
        contact = ?, contact_mobile = ?, contact_mobile_index = ?, user_type = ?, status = ?, \
        version = version + 1, queued_ms = ?, urged_ms = null, defects = ?, decided_by = '', \
        decided_ms = null, uscc_live = ?, name_live = ? \
        where id = ? and version = ? and status = 'returned'";
    let seal = |text: &str| vault.seal(text).map_err(AppError::from);
    let values = args![
        new.name,
        name.key,
        name.core,
        new.uscc,
        Flag(new.uscc_doubtful),
        new.legal_person,
        seal(new.legal_mobile.as_str())?,
        vault.index(new.legal_mobile.as_str()),
        new.contact,
        seal(new.contact_mobile.as_str())?,
        vault.index(new.contact_mobile.as_str()),
        new.user_type,
        Act::Amend.to(),
        now,
        Json(&new.defects),
        new.uscc,
        name.key,
        new.id,
        new.version
    ];
    Ok(tx.changed(sql, values).await?)
}

/// Takes an application back; `false` when it is over already.
pub(in crate::registration) async fn withdraw(
    tx: &impl Run,
    id: &RegistrationId,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let from = Act::Withdraw.from();
    let sql = format!(
        "update registration set status = ?, version = version + 1, decided_by = '', \
         decided_ms = ?, uscc_live = null, name_live = null where id = ? and status in ({})",
        marks(from.len())
    );
    let mut values = args![Act::Withdraw.to(), now, id];
    values.extend(from.iter().map(db::bind));
    tx.changed(&sql, values).await
}

/// Notes that the applicant asks for haste; `false` when it does not wait, or asked after `since`.
pub(in crate::registration) async fn urge(
    db: &impl Run,
    id: &RegistrationId,
    (now, since): (Timestamp, Timestamp),
) -> Result<bool, db::Error> {
    let sql = "update registration set urged_ms = ? where id = ? and status in (?, ?) \
               and (urged_ms is null or urged_ms <= ?)";
    db.changed(sql, args![now, id, Status::Pending, Status::Endorsed, since]).await
}

/// Names the pages of the stamped form, unless the application is over.
pub(in crate::registration) async fn set_scans(
    tx: &impl Run,
    id: &RegistrationId,
    scans: &[FileId],
) -> Result<bool, db::Error> {
    let sql = "update registration set scans = ? where id = ? and status in (?, ?, ?)";
    let values = args![Json(scans), id, Status::Pending, Status::Endorsed, Status::Returned];
    tx.changed(sql, values).await
}

/// Remembers the WeChat that wants to be told of the outcome.
pub(in crate::registration) async fn set_open_id(
    db: &impl Run,
    vault: &Vault,
    id: &RegistrationId,
    open_id: &OpenId,
) -> Result<(), AppError> {
    let sql = "update registration set open_id = ? where id = ?";
    db.exec(sql, args![vault.seal(open_id.as_str())?, id]).await?;
    Ok(())
}
