//! A member comes into being, inside the transaction that approves the registration.

use super::{
    Member,
    history::{self, Event, Source},
    model::{Detail, NewMember, Profile, Standing},
    sheet::Sheet,
    store,
};
use crate::{
    db::Run,
    kernel::{Timestamp, ids::MemberId, text},
    staff::audit::Actor,
    web::{App, AppError},
};

/// Why there is no new member.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Name or code belongs to a member already.
    #[error("该单位已经是会员，请勿重复入会")]
    Exists,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

/// Stores a new member with an incomplete profile.
pub async fn create(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    new: NewMember,
) -> Result<Member, CreateError> {
    let member = Member {
        id: MemberId::new(&app.ids, now),
        no: format!("M{}{}", now.year(), app.ids.digits(6)),
        uscc_doubtful: !new.uscc.is_sound(),
        name: new.name,
        uscc: new.uscc,
        user_type: new.user_type,
        level_id: new.level_id,
        legal_person: new.legal_person,
        legal_mobile: new.legal_mobile,
        profile: Profile { contact: new.contact, ..Profile::default() },
        contact_mobile: new.contact_mobile,
        joined_on: new.joined_on,
        standing: Standing::Active,
        profile_complete_at: None,
        version: 1,
    };
    let key = text::name_key(&member.name);
    match store::insert(tx, &app.vault, &member, &key, now).await {
        Ok(()) => {
            begin_history(tx, app, now, &member).await?;
            Ok(member)
        }
        Err(AppError::Refused(_)) => Err(CreateError::Exists),
        Err(fault) => Err(CreateError::Fault(fault)),
    }
}

/// The first rows of the history, from nothing to what the registration said.
async fn begin_history(
    tx: &impl Run,
    app: &App,
    now: Timestamp,
    member: &Member,
) -> Result<(), AppError> {
    let sheet = Sheet { member: member.clone(), detail: Detail::default() };
    let fields: Vec<_> = sheet
        .values()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, String::new(), value))
        .collect();
    let event = Event {
        member: member.id.clone(),
        version: member.version,
        source: Source::Registration,
        actor: Actor::System,
        reason: String::new(),
    };
    history::record(tx, (&app.vault, &app.ids), now, &event, &fields).await
}
