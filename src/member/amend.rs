//! Changing fields: one way for the member, the secretariat, an approved request and a restored
//! value. The row, its history and the audit row are one transaction.

use super::{
    field::{ALL, Lock, Values},
    history::{self, Event, Source},
    sheet::Sheet,
    store,
};
use crate::{
    db::{self, Run},
    kernel::vault::VaultError,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Who changes what.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// Who.
    pub actor: Actor,
    /// On what occasion.
    pub source: Source,
    /// Why; empty for the member's own fields.
    pub reason: String,
    /// From where.
    pub ip: String,
    /// The new values in their stored form.
    pub values: Values,
    /// True when the values satisfy the whole form: the profile is complete then.
    pub completes: bool,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AmendError {
    /// The member was changed after the form was opened.
    #[error("您打开本页之后，这些信息已被修改")]
    Changed,
    /// Another member has this name or code.
    #[error("{0}已属于其他会员")]
    Taken(&'static str),
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<VaultError> for AmendError {
    fn from(error: VaultError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<db::Error> for AmendError {
    fn from(error: db::Error) -> Self {
        if error.is_duplicate_of("uk_member_uscc") || error.is_duplicate_of("uk_account_uscc") {
            return Self::Taken("统一社会信用代码");
        }
        if error.is_duplicate_of("uk_member_name_key") {
            return Self::Taken("单位名称");
        }
        Self::Fault(error.into())
    }
}

/// Writes the values over `sheet` inside the caller's transaction and returns the sheet as it is
/// then. The version that `sheet` was loaded with must still be the present one.
pub async fn amend(
    tx: &impl Run,
    app: &App,
    sheet: &Sheet,
    amendment: &Amendment,
) -> Result<Sheet, AmendError> {
    let now = app.clock.now();
    let changed = sheet.differing(&amendment.values);
    let completes = amendment.completes && !sheet.member.has_complete_profile();
    if changed.is_empty() && !completes {
        return Ok(sheet.clone());
    }
    let mut next = sheet.clone();
    for (field, value) in &amendment.values {
        next.set(field, value)?;
    }
    let is_complete = completes || sheet.member.has_complete_profile();
    if !store::sheet::write(tx, &app.vault, &next, (is_complete, now)).await? {
        return Err(AmendError::Changed);
    }
    next.member.version += 1;
    let fields: Vec<_> = changed
        .iter()
        .map(|field| (field.name, sheet.value(field.name), next.value(field.name)))
        .collect();
    let event = Event {
        member: next.member.id.clone(),
        version: next.member.version,
        source: amendment.source,
        actor: amendment.actor.clone(),
        reason: amendment.reason.clone(),
    };
    history::record(tx, (&app.vault, &app.ids), now, &event, &fields).await?;
    // Names only: the values are personal data, and the history has them sealed.
    let names: Vec<_> = changed.iter().map(|field| field.name).collect();
    let entry = Entry {
        actor: amendment.actor.clone(),
        action: action(amendment.source),
        object_kind: "member",
        object_id: next.member.id.to_string(),
        reason: amendment.reason.clone(),
        detail: serde_json::json!({ "fields": names, "version": next.member.version }),
        ip: amendment.ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    Ok(next)
}

const fn action(source: Source) -> &'static str {
    match source {
        Source::Registration => "member.create",
        Source::Member => "member.profile",
        Source::Staff => "member.edit",
        Source::Request => "member.change-approved",
        Source::Restore => "member.restore",
    }
}

/// True when the values touch what the account signs in with or what the member may not change.
pub fn touches_locked(values: &Values) -> bool {
    ALL.iter().any(|field| field.lock != Lock::Open && values.contains_key(field.name))
}
