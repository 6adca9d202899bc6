//! SQL of a member's fields: writing a changed sheet.

use serde::Deserialize;

use super::super::{Member, amend::AmendError, model::Detail, sheet::Sheet};
use crate::{
    db::{Run, args},
    kernel::{Timestamp, Vault, ids::MemberId, text},
    web::AppError,
};

/// What a unit may say of itself; empty when it said nothing yet.
pub(crate) async fn detail(
    db: &impl Run,
    vault: &Vault,
    id: &MemberId,
) -> Result<Detail, AppError> {
    #[derive(Deserialize)]
    struct Row {
        sealed: String,
    }
    let sql = "select sealed from member_detail where member_id = ?";
    let Some(row) = db.fetch_one::<Row>(sql, args![id]).await? else {
        return Ok(Detail::default());
    };
    let json = vault.open(&row.sealed)?;
    serde_json::from_str(&json).map_err(|error| AppError::Fault(format!("member_detail: {error}")))
}

/// Writes a sheet over the version that `sheet` was made from; the version grows by one. `false`
/// when somebody was faster.
pub(crate) async fn write(
    tx: &impl Run,
    vault: &Vault,
    sheet: &Sheet,
    (is_complete, now): (bool, Timestamp),
) -> Result<bool, AmendError> {
    let sql = "update member set name = ?, name_key = ?, uscc = ?, uscc_doubtful = ?, \
        user_type = ?, legal_person = ?, legal_mobile = ?, contact = ?, contact_mobile = ?, \
        contact_mobile_index = ?, joined_on = ?, email = ?, unit_state = ?, unit_nature = ?, \
        industry = ?, unit_size = ?, region_code = ?, region_name = ?, address = ?, \
        profile_complete_ms = coalesce(profile_complete_ms, ?), version = version + 1 \
        where id = ? and version = ?";
    let Member { name, uscc, user_type, profile, contact_mobile, .. } = &sheet.member;
    let values = args![
        name,
        text::name_key(name),
        uscc,
        sheet.member.uscc_doubtful,
        user_type,
        vault.seal(&sheet.member.legal_person)?,
        vault.seal(sheet.member.legal_mobile.as_str())?,
        vault.seal(&profile.contact)?,
        vault.seal(contact_mobile.as_str())?,
        vault.index(contact_mobile.as_str()),
        sheet.member.joined_on,
        vault.seal(&profile.email)?,
        profile.unit_state,
        profile.unit_nature,
        profile.industry,
        profile.unit_size,
        profile.region_code,
        profile.region_name,
        vault.seal(&profile.address)?,
        is_complete.then_some(now),
        sheet.member.id,
        sheet.member.version
    ];
    if !tx.changed(sql, values).await? {
        return Ok(false);
    }
    put_detail(tx, vault, sheet).await?;
    Ok(true)
}

/// The row of the member is locked by the caller's transaction, so two cannot insert at once.
async fn put_detail(tx: &impl Run, vault: &Vault, sheet: &Sheet) -> Result<(), AppError> {
    let json = serde_json::to_string(&sheet.detail)
        .map_err(|error| AppError::Fault(format!("member_detail: {error}")))?;
    let (id, sealed) = (&sheet.member.id, vault.seal(&json)?);
    let update = "update member_detail set sealed = ? where member_id = ?";
    if !tx.changed(update, args![sealed, id]).await? {
        let insert = "insert into member_detail (member_id, sealed) values (?, ?)";
        tx.exec(insert, args![id, sealed]).await?;
    }
    Ok(())
}
