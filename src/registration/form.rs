//! The registration form: its fields and their rules (requirements A3 and A7), the same on the
//! phone and on the PC.

use crate::{
    kernel::{
        Mobile, Secret, Uscc, dictionary,
        password::{self},
        text::{self, TextError},
    },
    web::{Fields, Form, form::FieldErrors},
};

/// The fields in the order of the form.
pub const FIELDS: &[&str] = &[
    "name",
    "uscc",
    "uscc_insist",
    "legal_person",
    "legal_mobile",
    "contact",
    "contact_mobile",
    "user_type",
    "password",
    "password_again",
    "agree_charter",
    "agree_privacy",
];

/// What a unit applied with; every value is valid.
#[derive(Clone, Debug)]
pub struct Application {
    /// 单位名称.
    pub name: String,
    /// 统一社会信用代码.
    pub uscc: Uscc,
    /// 单位法人.
    pub legal_person: String,
    /// 法人移动电话.
    pub legal_mobile: Mobile,
    /// 联系人.
    pub contact: String,
    /// 联系人移动电话.
    pub contact_mobile: Mobile,
    /// A code of `dictionary::USER_TYPES`.
    pub user_type: String,
    /// The password, not yet hashed.
    pub password: Secret,
}

/// Reads the form; all mistakes come at once, in the order of the form.
pub fn read(form: &Form) -> Result<Application, FieldErrors> {
    let mut fields = Fields::of(form);
    let name = fields.read("name", |text| words(text, 100, "请输入真实有效的单位名称"));
    let uscc = fields.read("uscc", |text| code(text, form.is_ticked("uscc_insist")));
    let legal_person =
        fields.read("legal_person", |text| words(text, 50, "请输入法人或负责人的真实姓名"));
    let legal_mobile = fields
        .read("legal_mobile", |text| mobile(text, "请输入法人或负责人的移动电话（11 位手机号码）"));
    let contact = fields.read("contact", |text| words(text, 50, "请输入联系人的真实姓名"));
    let contact_mobile = fields
        .read("contact_mobile", |text| mobile(text, "请输入联系人的移动电话（11 位手机号码）"));
    let user_type = fields.read("user_type", user_type);
    let known = [
        uscc.as_ref().map_or("", Uscc::as_str),
        legal_mobile.as_ref().map_or("", Mobile::as_str),
        contact_mobile.as_ref().map_or("", Mobile::as_str),
    ];
    let password = fields.read("password", |text| password::check_new(text, &known));
    if form.value("password_again") != form.value("password") {
        fields.refuse("password_again", "两次输入的密码不一致");
    }
    consent(&mut fields, form);
    let application = (|| {
        password?;
        Some(Application {
            name: name?,
            uscc: uscc?,
            legal_person: legal_person?,
            legal_mobile: legal_mobile?,
            contact: contact?,
            contact_mobile: contact_mobile?,
            user_type: user_type?,
            password: Secret::new(form.value("password")),
        })
    })();
    fields.finish(application)
}

/// True when the form must offer 我已核对，仍要提交: a code whose check character alone is wrong.
pub fn offers_insisting(form: &Form) -> bool {
    Uscc::parse(form.value("uscc")).is_ok_and(|uscc| !uscc.is_sound())
}

fn consent(fields: &mut Fields<'_>, form: &Form) {
    if !form.is_ticked("agree_charter") {
        fields.refuse("agree_charter", "请阅读章程，并勾选同意");
    }
    if !form.is_ticked("agree_privacy") {
        fields.refuse("agree_privacy", "请阅读隐私政策，并勾选同意");
    }
}

/// A name of a unit or a person on one line: at least two characters, one of them a letter.
fn words(typed: &str, max: usize, missing: &'static str) -> Result<String, String> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = text::required(&line, max).map_err(|error| match error {
        TextError::Empty => missing.to_owned(),
        other => other.to_string(),
    })?;
    let fits = line.chars().count() >= 2 && line.chars().any(char::is_alphabetic);
    if fits { Ok(line) } else { Err(missing.to_owned()) }
}

fn code(typed: &str, insists: bool) -> Result<Uscc, String> {
    let uscc = Uscc::parse(typed).map_err(|error| error.to_string())?;
    if uscc.is_sound() || insists {
        return Ok(uscc);
    }
    Err("信用代码的校验位不正确，请核对营业执照；核对无误的，请勾选“我已核对，仍要提交”".into())
}

fn mobile(typed: &str, missing: &'static str) -> Result<Mobile, &'static str> {
    Mobile::parse(typed).map_err(|_| missing)
}

fn user_type(typed: &str) -> Result<String, &'static str> {
    if dictionary::contains(dictionary::USER_TYPES, typed) {
        Ok(typed.to_owned())
    } else {
        Err("请选择用户类型")
    }
}

#[cfg(test)]
mod tests {
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
        let errors = read(&form(changes)).unwrap_err();
        errors.list().iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn a_complete_form_is_read_and_tidied() {
        let read = read(&form(&[])).unwrap();
        assert_eq!(read.name, "示例科技（南京）有限公司");
        assert_eq!(read.uscc.as_str(), "91329999XY0000012R");
        assert_eq!(read.legal_mobile.as_str(), "13800000001");
    }

    #[test]
    fn all_mistakes_come_at_once_in_the_order_of_the_form() {
        let empty = Form::of_pairs(std::iter::empty());
        let errors = read(&empty).unwrap_err();
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
    }

    #[test]
    fn a_doubtful_code_needs_the_applicants_word() {
        let doubtful = ("uscc", "91329999XY0000012A");
        assert_eq!(wrong(&[doubtful]), ["uscc"]);
        assert!(offers_insisting(&form(&[doubtful])));
        assert!(!offers_insisting(&form(&[])));
        let read = read(&form(&[doubtful, ("uscc_insist", "1")])).unwrap();
        assert!(!read.uscc.is_sound());
        assert_eq!(wrong(&[("uscc", "9132"), ("uscc_insist", "1")]), ["uscc"]);
    }

    proptest! {
        #[test]
        fn reading_never_panics(texts in proptest::collection::vec(".*", FIELDS.len())) {
            let pairs = FIELDS.iter().map(|name| (*name).to_owned()).zip(texts);
            let form = Form::of_pairs(pairs);
            let _ = read(&form);
            let _ = offers_insisting(&form);
        }
    }
}
