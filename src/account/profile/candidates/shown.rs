//! A candidate for reading, on the member's page and on the secretariat's.

use serde::Serialize;

use crate::member::candidate::{COLUMNS, Person};

/// A person in force.
#[derive(Debug, Serialize)]
pub(in crate::account::profile) struct Shown {
    pub(in crate::account::profile) facts: Vec<(&'static str, String)>,
    pub(in crate::account::profile) name: String,
    pub(in crate::account::profile) seat: String,
    pub(in crate::account::profile) files: Vec<(&'static str, String)>,
}

/// A person for reading; its files lie below `path`.
pub(in crate::account::profile) fn shown(person: &Person, path: &str) -> Shown {
    let is_fact = |column: &str| !matches!(column, "name" | "seat" | "photo" | "resume");
    let facts = COLUMNS.iter().filter(|(column, _)| is_fact(column));
    let files = [("照片", &person.photo), ("简历附件", &person.resume)];
    Shown {
        facts: facts.map(|(column, label)| (*label, person.words(column))).collect(),
        name: person.name.clone(),
        seat: person.words("seat"),
        files: files
            .into_iter()
            .filter(|(_, id)| !id.is_empty())
            .map(|(label, id)| (label, format!("{path}/{id}")))
            .collect(),
    }
}
