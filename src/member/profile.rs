//! The form of a unit's fields: what it is filled with, and how it is read. The member's own form,
//! the phone's short one and the secretariat's are all made from the table of fields.

use super::field::{self, Field, Lock, Values, joined, read, rows, with_lock};
use crate::{
    kernel::Date,
    web::{Fields, Form, FormState, form::FieldErrors},
};

/// The fields that the member edits on a PC.
pub fn own_fields(asks_birthday: bool) -> Vec<&'static Field> {
    with_lock(Lock::Open).filter(|field| asks_birthday || field.name != "legal_birthday").collect()
}

/// The fields that the member edits on a phone.
pub fn light_fields() -> Vec<&'static Field> {
    field::LIGHT.iter().filter_map(|name| field::find(name)).collect()
}

/// The names of the inputs for these fields, and `more`.
pub fn inputs(fields: &[&'static Field], more: &[&'static str]) -> Vec<&'static str> {
    let mut names = more.to_vec();
    for field in fields {
        match rows(field.name) {
            Some(rows) => names.extend(rows),
            None => names.push(field.name),
        }
    }
    names
}

/// What an input holds for stored values: places by their names, repeated values one by one.
pub fn input(values: &Values, input: &str) -> String {
    let stored = |name: &str| values.get(name).map_or("", String::as_str);
    if let Some((name, row)) = input.rsplit_once('_')
        && rows(name).is_some()
    {
        let row: usize = row.parse().unwrap_or(usize::MAX);
        return stored(name).lines().nth(row).unwrap_or_default().to_owned();
    }
    let value = stored(input);
    match input {
        "region" => value.split_once(' ').map_or(value, |(_, name)| name).to_owned(),
        _ => value.to_owned(),
    }
}

/// A form filled with stored values; `more` are inputs of the page's own.
pub fn filled(
    fields: &[&'static Field],
    values: &Values,
    more: &[(&'static str, String)],
) -> FormState {
    let mut state = FormState::filled(&inputs(fields, &[]), |name| input(values, name));
    state.values.extend(more.iter().cloned());
    state
}

/// What was typed into a field, a repeated one as one text.
pub fn typed(form: &Form, name: &'static str) -> String {
    match rows(name) {
        Some(rows) => joined(rows.iter().map(|row| form.value(row))),
        None => form.value(name).to_owned(),
    }
}

/// Reads these fields, or says everything that is wrong. `may_lack` names required fields that may
/// stay empty all the same.
pub fn parse(
    form: &Form,
    fields: &[&'static Field],
    today: Date,
    may_lack: impl Fn(&str) -> bool,
) -> Result<Values, FieldErrors> {
    let mut checked = Fields::of(form);
    let mut values = Values::new();
    for field in fields {
        let text = typed(form, field.name);
        if text.trim().is_empty() && may_lack(field.name) {
            values.insert(field.name, String::new());
            continue;
        }
        match read(field.name, &text, today) {
            Ok(value) => drop(values.insert(field.name, value)),
            Err(error) => checked.refuse(beside(field.name), error),
        }
    }
    checked.finish(Some(values))
}

/// The input that an error of a field stands beside.
fn beside(name: &'static str) -> &'static str {
    rows(name).and_then(|rows| rows.first()).copied().unwrap_or(name)
}

/// The version that a form was made from; what is no number was not ours and differs from all.
pub fn version(form: &Form) -> i64 {
    form.value("version").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_what_is_stored_and_reads_it_back() {
        let values: Values = [
            ("region", "320102 江苏省 南京市 玄武区".to_owned()),
            ("domains", "a.example.com\nb.example.com".to_owned()),
        ]
        .into();
        let fields: Vec<_> = ["region", "domains"].iter().filter_map(|n| field::find(n)).collect();
        let state = filled(&fields, &values, &[("version", "3".into())]);
        assert_eq!(state.values["region"], "江苏省 南京市 玄武区", "names, not codes");
        assert_eq!(state.values["domains_1"], "b.example.com");
        assert_eq!(state.values["domains_2"], "");
        let sent = state.values.into_iter().map(|(name, text)| (name.to_owned(), text));
        let form = Form::of_pairs(sent);
        let read = parse(&form, &fields, Date::new(2026, 11, 24).unwrap(), |_| false);
        assert_eq!(read, Ok(values));
        assert_eq!(version(&form), 3);
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let form = Form::of_pairs([("domains_1".to_owned(), "nowhere".to_owned())]);
        let fields = own_fields(true);
        let errors = parse(&form, &fields, Date::new(2026, 11, 24).unwrap(), |_| false);
        let errors = errors.unwrap_err();
        let required = fields.iter().filter(|field| field.is_required).count();
        assert_eq!(errors.list().len(), required + 1);
    }
}
