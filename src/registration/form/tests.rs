use proptest::prelude::*;

use super::*;

const GOOD: [(&str, &str); 11] = [
    ("name", " 示例科技（南京）有限公司 "),
    ("uscc", "91329999xy0000012r"),
    ("legal_person", "示例甲"),
    ("legal_mobile", "138 0000 0001"),
    ("contact", "示例乙"),
    ("contact_mobile", "13800000002"),
    ("user_type", "enterprise"),
    ("password", "Gate-keeper1"),
    ("password_again", "Gate-keeper1"),
    ("agree_charter", "1"),
    ("agree_privacy", "1"),
];

fn form(changes: &[(&str, &str)]) -> Form {
    let is_changed = |name: &str| changes.iter().any(|(other, _)| *other == name);
    let kept = GOOD.iter().filter(|(name, _)| !is_changed(name));
    Form::of_pairs(kept.chain(changes).map(|(name, text)| ((*name).into(), (*text).into())))
}

fn wrong(changes: &[(&str, &str)]) -> Vec<&'static str> {
    let errors = read(&form(changes), Known::default()).unwrap_err();
    errors.list().iter().map(|(name, _)| *name).collect()
}

#[test]
fn a_complete_form_is_read_and_tidied() {
    let read = read(&form(&[]), Known::default()).unwrap();
    assert_eq!(read.name, "示例科技（南京）有限公司");
    assert_eq!(read.uscc.as_str(), "91329999XY0000012R");
    assert_eq!(read.legal_mobile.as_str(), "13800000001");
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_the_form() {
    let empty = Form::of_pairs(std::iter::empty());
    let errors = read(&empty, Known::default()).unwrap_err();
    let names: Vec<_> = errors.list().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "name",
            "uscc",
            "legal_person",
            "legal_mobile",
            "contact",
            "contact_mobile",
            "user_type",
            "password",
            "agree_charter",
            "agree_privacy"
        ]
    );
}

#[test]
fn each_rule_has_its_field() {
    assert_eq!(wrong(&[("name", "1234")]), ["name"]);
    assert_eq!(wrong(&[("name", &"长".repeat(101))]), ["name"]);
    assert_eq!(wrong(&[("uscc", "9132")]), ["uscc"]);
    assert_eq!(wrong(&[("contact_mobile", "12800000002")]), ["contact_mobile"]);
    assert_eq!(wrong(&[("user_type", "bank")]), ["user_type"]);
    assert_eq!(wrong(&[("password_again", "Gate-keeper2")]), ["password_again"]);
    assert_eq!(wrong(&[("agree_privacy", "")]), ["agree_privacy"]);
    let holds_mobile = "a-13800000001";
    assert_eq!(
        wrong(&[("password", holds_mobile), ("password_again", holds_mobile)]),
        ["password"]
    );
    let holds_name = "示例科技-123a";
    assert_eq!(wrong(&[("password", holds_name), ("password_again", holds_name)]), ["password"]);
}

#[test]
fn a_doubtful_code_needs_the_applicants_word() {
    let doubtful = ("uscc", "91329999XY0000012A");
    assert_eq!(wrong(&[doubtful]), ["uscc"]);
    let read = read(&form(&[doubtful, ("uscc_insist", "1")]), Known::default()).unwrap();
    assert!(!read.uscc.is_sound());
    assert_eq!(wrong(&[("uscc", "9132"), ("uscc_insist", "1")]), ["uscc"]);
}

proptest! {
    #[test]
    fn reading_never_panics(texts in proptest::collection::vec(".*", FIELDS.len())) {
        let pairs = FIELDS.iter().map(|name| (*name).to_owned()).zip(texts);
        let form = Form::of_pairs(pairs);
        let _ = read(&form, Known::default());
    }
}
