//! Forms: the fields that a browser sent, and what is wrong with them, all at once.

use std::{collections::BTreeMap, fmt::Display};

use salvo::{
    Depot, Request,
    extract::{Extractible, Metadata},
    http::form::FilePart,
};
use serde::Serialize;

use super::{App, AppError, csrf};

/// A submitted form whose token was checked.
#[derive(Debug)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<FilePart>>,
}

impl Form {
    /// A form without a browser, for the tests of what reads forms.
    #[cfg(test)]
    pub fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let fields = pairs.into_iter().map(|(name, text)| (name, vec![text])).collect();
        Self { fields, files: BTreeMap::new() }
    }

    /// The value of a field as typed; empty when it is missing.
    pub fn value(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All values of a repeated field.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.fields.get(name).into_iter().flatten().map(String::as_str).collect()
    }

    /// The files that were chosen for a field; a browser sends an unnamed empty one for none.
    pub fn files(&self, name: &str) -> Vec<&FilePart> {
        let chosen =
            |file: &&FilePart| file.size() > 0 || file.name().is_some_and(|name| !name.is_empty());
        self.files.get(name).into_iter().flatten().filter(chosen).collect()
    }

    /// True for a ticked box.
    pub fn is_ticked(&self, name: &str) -> bool {
        matches!(self.value(name), "on" | "1" | "true")
    }
}

impl<'ex> Extractible<'ex> for Form {
    fn metadata() -> &'static Metadata {
        static METADATA: std::sync::LazyLock<Metadata> =
            std::sync::LazyLock::new(|| Metadata::new("Form"));
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "the error type is the edge's own")]
    async fn extract(req: &'ex mut Request, depot: &'ex mut Depot) -> Result<Self, AppError> {
        let app = App::of(depot)?;
        let data = req.form_data().await.map_err(|error| AppError::unreadable(&error))?;
        let form = Self {
            fields: data.fields.iter_all().map(|(name, all)| (name.clone(), all.clone())).collect(),
            files: data.files.iter_all().map(|(name, all)| (name.clone(), all.clone())).collect(),
        };
        if csrf::holds(&app, req, form.value("csrf")) { Ok(form) } else { Err(AppError::Stale) }
    }
}

/// What is wrong with a form: field names and messages in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String)>);

impl FieldErrors {
    /// One wrong field.
    pub fn one(name: &'static str, text: impl Display) -> Self {
        Self(vec![(name, text.to_string())])
    }

    /// Several wrong fields.
    pub const fn of(errors: Vec<(&'static str, String)>) -> Self {
        Self(errors)
    }

    /// These, and one more wrong field.
    #[must_use]
    pub fn and(mut self, name: &'static str, text: impl Display) -> Self {
        self.0.push((name, text.to_string()));
        self
    }

    /// The messages in the order of the form.
    pub fn list(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

/// Reads the fields of a form and collects every mistake.
#[derive(Debug)]
pub struct Fields<'a> {
    form: &'a Form,
    errors: FieldErrors,
}

impl<'a> Fields<'a> {
    /// Starts reading.
    pub fn of(form: &'a Form) -> Self {
        Self { form, errors: FieldErrors::default() }
    }

    /// Parses one field; `None` when it is wrong, which is then on record.
    pub fn read<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.form.value(name)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(name, error);
                None
            }
        }
    }

    /// Records a mistake that concerns a field.
    pub fn refuse(&mut self, name: &'static str, text: impl Display) {
        self.errors.0.push((name, text.to_string()));
    }

    /// The parsed form, or everything that is wrong with it.
    pub fn finish<T>(self, parsed: Option<T>) -> Result<T, FieldErrors> {
        match parsed {
            Some(parsed) if self.errors.0.is_empty() => Ok(parsed),
            _ => Err(self.errors),
        }
    }
}

/// A form as a page shows it: what was typed and what is wrong, by field name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FormState {
    /// Every field of the form; passwords are always empty.
    pub values: BTreeMap<&'static str, String>,
    /// Only the fields that are wrong.
    pub errors: BTreeMap<&'static str, String>,
    /// The same mistakes in the order of the form, for the summary.
    pub summary: Vec<Mistake>,
}

/// One line of the error summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// The field.
    pub name: &'static str,
    /// What is wrong with it.
    pub text: String,
}

impl FormState {
    /// An empty form with these fields.
    pub fn blank(names: &[&'static str]) -> Self {
        let values = names.iter().map(|name| (*name, String::new())).collect();
        Self { values, ..Self::default() }
    }

    /// A form filled from what is stored.
    #[must_use]
    pub fn filled(names: &[&'static str], value: impl Fn(&str) -> String) -> Self {
        let values = names.iter().map(|name| (*name, value(name))).collect();
        Self { values, ..Self::default() }
    }

    /// What was typed, except passwords, and what is wrong with it.
    pub fn refused(names: &[&'static str], form: &Form, errors: FieldErrors) -> Self {
        let keep = |name: &str| !name.contains("password");
        let mut state = Self::filled(names, |name| {
            if keep(name) { form.value(name).to_owned() } else { String::new() }
        });
        for (name, text) in errors.0 {
            state.errors.entry(name).or_insert_with(|| text.clone());
            state.summary.push(Mistake { name, text });
        }
        state
    }
}
