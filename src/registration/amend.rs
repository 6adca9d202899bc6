//! The applicant amends a returned application: exactly the fields that were asked for, and back
//! into the queue it goes. Whoever asked for a change sees what was before in the audit log.

use serde::Serialize;

use super::{
    Registration,
    store::{self, write},
    submit::{SubmitError, name_keys, refuse_known},
};
use crate::{
    db,
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Stores the amended values of `new`, whose version is the one that the applicant saw. `false`
/// when the application is no longer returned.
pub async fn amend(app: &App, new: Registration, ip: &str) -> Result<bool, SubmitError> {
    let name = name_keys(&new.name);
    refuse_known(&app.db, &new.uscc, &name.key, new.id.as_str()).await?;
    let input = Input { app: app.clone(), new, ip: ip.to_owned() };
    db::transaction(&app.db, input, |tx, input| Box::pin(write(tx, input))).await
}

struct Input {
    app: App,
    new: Registration,
    ip: String,
}

#[derive(Serialize)]
struct Amended<'a> {
    asked: Vec<&'a str>,
    changed: Vec<&'static str>,
}

async fn write(tx: &db::Tx, Input { app, new, ip }: &Input) -> Result<bool, SubmitError> {
    let now = app.clock.now();
    let Some(old) = store::find(tx, &app.vault, &new.id).await? else {
        return Err(AppError::NotFound.into());
    };
    let cleared = Registration { defects: Vec::new(), ..new.clone() };
    if !write::amend(tx, &app.vault, &cleared, &name_keys(&new.name), now).await? {
        return Ok(false);
    }
    let asked = old.defects.iter().map(|defect| defect.field.as_str()).collect();
    let entry = Entry {
        actor: Actor::Visitor,
        action: "registration.amend",
        object_kind: "registration",
        object_id: new.id.to_string(),
        reason: String::new(),
        detail: Amended { asked, changed: changed(&old, new) },
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await.map_err(AppError::from)?;
    Ok(true)
}

/// The fields whose values differ; the values are nobody's business in a log.
fn changed(old: &Registration, new: &Registration) -> Vec<&'static str> {
    let all = [
        ("name", old.name != new.name),
        ("uscc", old.uscc != new.uscc),
        ("legal_person", old.legal_person != new.legal_person),
        ("legal_mobile", old.legal_mobile != new.legal_mobile),
        ("contact", old.contact != new.contact),
        ("contact_mobile", old.contact_mobile != new.contact_mobile),
        ("user_type", old.user_type != new.user_type),
        ("scan", old.scans != new.scans),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
