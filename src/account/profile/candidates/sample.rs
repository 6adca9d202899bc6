//! Every shape of the page.

use super::{CandidatesPage, Line, Outcome, Person, dictionary, difference, row, shown};

pub(super) fn pages() -> Vec<CandidatesPage> {
    let person = Person { name: "示例甲".into(), seat: "director".into(), ..Person::default() };
    let page = |proposed: Vec<Line>| CandidatesPage {
        rows: vec![row(0, &person)],
        can_add: true,
        genders: dictionary::GENDERS,
        seats: dictionary::SEATS,
        effective: vec![shown(&person, "/profile/candidates/files")],
        proposed_at: if proposed.is_empty() { String::new() } else { "2026-11-24".into() },
        proposed,
        last: None,
        problem: String::new(),
        is_unsaved: false,
    };
    let mut refused = page(difference(&[], std::slice::from_ref(&person)));
    refused.rows[0].errors.insert("p0_mobile".into(), "请输入 11 位手机号码".into());
    refused.problem = "请改正下面标出的内容".into();
    let outcome = Outcome {
        state: "未通过",
        chip: "no",
        at: "2026-11-24".into(),
        reason: "请补充简历".into(),
    };
    refused.is_unsaved = true;
    refused.last = Some(outcome);
    vec![page(Vec::new()), refused]
}
