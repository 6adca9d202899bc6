//! Rows of repeated fields without scripts: a button asks for one more or one less, and the page
//! comes back with everything that was typed.

use serde::Serialize;

use crate::{
    member::field::rows,
    web::{Form, FormState},
};

/// The repeated fields.
const REPEATED: [&str; 2] = ["domains", "licences"];

/// One row of a repeated field.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The name of its input.
    pub name: &'static str,
    /// Its place, from 1.
    pub number: usize,
}

/// How many rows each repeated field shall show at least.
pub type Wanted = Vec<(&'static str, usize)>;

/// `more:domains` adds a row, `less:domains_1` takes one out. Returns what shall be shown.
pub fn change(state: &mut FormState, form: &Form, act: &str) -> Wanted {
    let mut wanted: Wanted = REPEATED.into_iter().map(|field| (field, sent(form, field))).collect();
    if let Some(name) = act.strip_prefix("more:") {
        for (field, count) in &mut wanted {
            *count += usize::from(*field == name);
        }
    }
    if let Some(gone) = act.strip_prefix("less:") {
        for (field, count) in &mut wanted {
            if take_out(state, field, gone) {
                *count = count.saturating_sub(1);
            }
        }
    }
    wanted
}

/// The rows that a form had.
fn sent(form: &Form, field: &str) -> usize {
    let rows = rows(field).unwrap_or_default();
    rows.iter().take_while(|row| !form.values(row).is_empty()).count()
}

/// Moves the later rows up over `gone`.
fn take_out(state: &mut FormState, field: &str, gone: &str) -> bool {
    let rows = rows(field).unwrap_or_default();
    let Some(at) = rows.iter().position(|row| *row == gone) else { return false };
    for pair in rows[at..].windows(2) {
        let next = state.values.get(pair[1]).cloned().unwrap_or_default();
        state.values.insert(pair[0], next);
    }
    if let Some(last) = rows.last() {
        state.values.insert(last, String::new());
    }
    true
}

/// The rows to show: those that hold something, those wanted, and one at least.
pub fn shown(state: &FormState, field: &str, wanted: usize) -> Vec<Row> {
    let rows = rows(field).unwrap_or_default();
    let is_filled = |row: &&&str| state.values.get(**row).is_some_and(|text| !text.is_empty());
    let filled = rows.iter().rposition(|row| is_filled(&row)).map_or(0, |last| last + 1);
    let count = filled.max(wanted).max(1);
    (1..).zip(rows).take(count).map(|(number, name)| Row { name, number }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_and_go_with_what_they_hold() {
        let pairs = [("domains_0", "a.cn"), ("domains_1", "b.cn"), ("domains_2", "c.cn")];
        let form = Form::of_pairs(pairs.map(|(name, text)| (name.to_owned(), text.to_owned())));
        let mut state = FormState::filled(rows("domains").unwrap(), |name| form.value(name).into());
        let more = change(&mut state, &form, "more:domains");
        assert_eq!(more[0], ("domains", 4));
        assert_eq!(shown(&state, "domains", more[0].1).len(), 4);
        let less = change(&mut state, &form, "less:domains_1");
        assert_eq!(state.values["domains_1"], "c.cn");
        assert_eq!(shown(&state, "domains", less[0].1).len(), 2);
        assert_eq!(shown(&FormState::blank(&[]), "licences", 0).len(), 1);
        assert_eq!(shown(&state, "domains", 99).len(), 5, "never more than there are");
    }
}
