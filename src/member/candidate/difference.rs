//! What a proposal changes in the list in force, person by person.

use serde::Serialize;

use super::{COLUMNS, Person};

/// One person of the difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// 新增, 移除, 修改 or 不变.
    pub kind: &'static str,
    /// The colour of its mark.
    pub chip: &'static str,
    /// 姓名.
    pub name: String,
    /// 拟任职务 in words.
    pub seat: String,
    /// 单位职务.
    pub post: String,
    /// The columns that differ: label, before, after.
    pub changes: Vec<(&'static str, String, String)>,
}

/// The proposal's people in their order, then those whom it leaves out. People are known by their
/// mobile, else by their name.
pub fn difference(effective: &[Person], proposed: &[Person]) -> Vec<Line> {
    let same = |a: &Person, b: &Person| a.mobile == b.mobile || a.name == b.name;
    let mut taken = vec![false; effective.len()];
    let mut lines = Vec::new();
    for person in proposed {
        let exact = |(i, old): &(usize, &Person)| !taken[*i] && old.mobile == person.mobile;
        let alike = |(i, old): &(usize, &Person)| !taken[*i] && same(old, person);
        let all = || effective.iter().enumerate();
        match all().find(exact).or_else(|| all().find(alike)) {
            None => lines.push(line("新增", "ok", person, Vec::new())),
            Some((i, old)) => {
                taken[i] = true;
                let changes = changes(old, person);
                let (kind, chip) =
                    if changes.is_empty() { ("不变", "off") } else { ("修改", "wait") };
                lines.push(line(kind, chip, person, changes));
            }
        }
    }
    let gone = effective.iter().zip(taken).filter(|(_, taken)| !taken);
    lines.extend(gone.map(|(person, _)| line("移除", "no", person, Vec::new())));
    lines
}

fn line(
    kind: &'static str,
    chip: &'static str,
    person: &Person,
    changes: Vec<(&'static str, String, String)>,
) -> Line {
    Line {
        kind,
        chip,
        name: person.name.clone(),
        seat: person.words("seat"),
        post: person.post.clone(),
        changes,
    }
}

fn changes(old: &Person, new: &Person) -> Vec<(&'static str, String, String)> {
    COLUMNS
        .iter()
        .filter(|(column, _)| old.value(column) != new.value(column))
        .map(|(column, label)| (*label, old.words(column), new.words(column)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, mobile: &str, post: &str) -> Person {
        Person { name: name.into(), mobile: mobile.into(), post: post.into(), ..Person::default() }
    }

    #[test]
    fn everybody_stands_in_the_difference_once() {
        let old = [person("甲", "1", "经理"), person("乙", "2", "总监"), person("丙", "3", "")];
        let new = [person("乙", "2", "总裁"), person("丁", "4", ""), person("甲", "1", "经理")];
        let kinds: Vec<_> =
            difference(&old, &new).into_iter().map(|line| (line.name, line.kind)).collect();
        let wanted = [("乙", "修改"), ("丁", "新增"), ("甲", "不变"), ("丙", "移除")];
        assert_eq!(kinds, wanted.map(|(name, kind)| (name.to_owned(), kind)));
        let changes = &difference(&old, &new)[0].changes;
        assert_eq!(changes[0], ("单位职务", "总监".to_owned(), "总裁".to_owned()));
    }

    #[test]
    fn a_new_mobile_is_a_change_and_not_a_new_person() {
        let lines = difference(&[person("甲", "1", "")], &[person("甲", "9", "")]);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].kind, "修改");
    }
}
