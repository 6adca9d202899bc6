//! A unit applies. One live application per name and code: the unique indexes decide who was
//! first, and everybody else is told that the unit has applied.

use serde::Serialize;

use super::{
    form::Application,
    model::{Channel, Consent, Registration, Status},
    store::{
        self,
        write::{self, NameKeys},
    },
};
use crate::{
    db::{self, Run},
    kernel::{Uscc, ids::RegistrationId, text},
    member,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Why an application was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The code belongs to a member or to an application that is not turned down.
    #[error("该单位已注册，请用信用代码登录；忘记密码可以找回")]
    SameCode,
    /// The same for the name.
    #[error("该单位已注册，请用信用代码登录；忘记密码可以找回")]
    SameName,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for SubmitError {
    fn from(error: db::Error) -> Self {
        if error.is_duplicate_of("uk_registration_uscc_live") {
            Self::SameCode
        } else if error.is_duplicate_of("uk_registration_name_live") {
            Self::SameName
        } else {
            Self::Fault(error.into())
        }
    }
}

/// Stores an application, with its consent and its audit row.
pub async fn submit(
    app: &App,
    application: Application,
    channel: Channel,
    ip: &str,
) -> Result<Registration, SubmitError> {
    let name = name_keys(&application.name);
    // Asked before hashing as well, so that a repeated click costs no 20 ms of a core.
    refuse_known(&app.db, &application.uscc, &name.key, "").await?;
    let salt = app.ids.salt();
    let password_hash =
        app.hasher.hash(&application.password, salt).await.map_err(AppError::from)?;
    let registration = registration(app, application, channel, ip);
    let input = New { app: app.clone(), registration: registration.clone(), name, password_hash };
    db::transaction(&app.db, input, |tx, new| Box::pin(write(tx, new))).await?;
    tracing::info!(registration.no = registration.no, "took the application {}", registration.no);
    Ok(registration)
}

fn registration(app: &App, from: Application, channel: Channel, ip: &str) -> Registration {
    let now = app.clock.now();
    let site = &app.settings.site;
    Registration {
        id: RegistrationId::new(&app.ids, now),
        no: format!("R{}{}", &now.compact()[..8], app.ids.digits(6)),
        channel,
        uscc_doubtful: !from.uscc.is_sound(),
        name: from.name,
        uscc: from.uscc,
        legal_person: from.legal_person,
        legal_mobile: from.legal_mobile,
        contact: from.contact,
        contact_mobile: from.contact_mobile,
        user_type: from.user_type,
        consent: Consent {
            charter: site.charter.version.clone(),
            privacy: site.privacy.version.clone(),
            at: now,
            ip: ip.to_owned(),
        },
        status: Status::Pending,
        version: 1,
        reason: String::new(),
        defects: Vec::new(),
        level_id: None,
        member_id: None,
        endorsed_by: String::new(),
        endorsed_at: None,
        decided_by: String::new(),
        decided_at: None,
        submitted_at: now,
        queued_at: now,
        urged_at: None,
        scans: Vec::new(),
        open_id: None,
    }
}

/// What the searches for duplicates compare of a name.
pub(super) fn name_keys(name: &str) -> NameKeys {
    NameKeys { key: text::name_key(name), core: text::name_core(name) }
}

/// Refuses a code or a name that a live application other than `except` or a member has.
pub(super) async fn refuse_known(
    db: &impl Run,
    uscc: &Uscc,
    name_key: &str,
    except: &str,
) -> Result<(), SubmitError> {
    match store::live(db, uscc, name_key, except).await? {
        Some(same) if same == *uscc => return Err(SubmitError::SameCode),
        Some(_) => return Err(SubmitError::SameName),
        None => {}
    }
    if member::store::exists(db, uscc, name_key).await? {
        return Err(SubmitError::SameCode);
    }
    Ok(())
}

struct New {
    app: App,
    registration: Registration,
    name: NameKeys,
    password_hash: String,
}

#[derive(Serialize)]
struct Submitted<'a> {
    channel: Channel,
    uscc_doubtful: bool,
    charter: &'a str,
    privacy: &'a str,
}

async fn write(tx: &db::Tx, new: &New) -> Result<(), SubmitError> {
    let New { app, registration, name, password_hash } = new;
    // A member may have come from elsewhere than an application that is still live.
    if member::store::exists(tx, &registration.uscc, &name.key).await? {
        return Err(SubmitError::SameCode);
    }
    write::insert(tx, &app.vault, registration, name, password_hash).await?;
    let entry = Entry {
        actor: Actor::Visitor,
        action: "registration.submit",
        object_kind: "registration",
        object_id: registration.id.to_string(),
        reason: String::new(),
        detail: Submitted {
            channel: registration.channel,
            uscc_doubtful: registration.uscc_doubtful,
            charter: &registration.consent.charter,
            privacy: &registration.consent.privacy,
        },
        ip: registration.consent.ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, registration.submitted_at, &entry).await?)
}
