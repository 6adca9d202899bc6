//! What others changed while a form was open. Fields of the form are told one by one before anything
//! is saved; what is no field of the form does not stop the editor and is mentioned afterwards.

use std::collections::BTreeMap;

use super::view::Told;
use crate::{
    member::{
        field::{Field, Values, label},
        history, profile as rules,
        sheet::Sheet,
    },
    web::{App, AppError, FormState},
};

/// The changes since a form was opened: field, before, now.
pub(super) struct Meanwhile(BTreeMap<String, (String, String)>);

impl Meanwhile {
    /// What changed since `version`.
    pub(super) async fn find(app: &App, now: &Sheet, version: i64) -> Result<Self, AppError> {
        let member = &now.member;
        if version == member.version {
            return Ok(Self(BTreeMap::new()));
        }
        Ok(Self(history::since(&app.db, &app.vault, &member.id, version).await?))
    }

    /// Whether any of the form's own fields is another now.
    pub(super) fn touches(&self, fields: &[&'static Field]) -> bool {
        fields.iter().any(|field| self.0.contains_key(field.name))
    }

    /// The words after saving, and what changed beside the form.
    pub(super) fn added_to(&self, saved: &str) -> String {
        if self.0.is_empty() {
            return saved.to_owned();
        }
        let labels: Vec<_> = self.0.keys().map(|name| label(name)).collect();
        format!("{saved}；您填写期间，{}已由他人更新", labels.join("、"))
    }
}

/// A form that both edits went into, and what to tell about the other one.
pub(super) async fn merge(
    app: &App,
    now: &Sheet,
    (fields, version): (&[&'static Field], i64),
    typed: &Values,
) -> Result<(FormState, Vec<Told>), AppError> {
    let meanwhile = history::since(&app.db, &app.vault, &now.member.id, version).await?;
    let merged = history::merged(typed, &meanwhile);
    let mut told = Told::all(&meanwhile, typed, &merged);
    if told.is_empty() {
        told.push(Told::other());
    }
    let more = [("version", now.member.version.to_string())];
    Ok((rules::filled(fields, &merged, &more), told))
}
