//! The registration form: its fields and their rules (requirements A3 and A7), the same on the
//! phone and on the PC.

use super::Registration;
use crate::{
    kernel::{
        Mobile, Secret, Uscc, dictionary,
        password::{self, Known},
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

/// Reads the form; all mistakes come at once, in the order of the form. The password holds neither
/// the association's names and words, which are `ours`, nor what the unit has typed.
pub fn read(form: &Form, ours: Known<'_>) -> Result<Application, FieldErrors> {
    let mut fields = Fields::of(form);
    let name = fields.read("name", unit_name);
    let uscc = fields.read("uscc", |text| code(text, form.is_ticked("uscc_insist")));
    let legal_person = fields.read("legal_person", |text| person(text, "法人"));
    let legal_mobile = fields.read("legal_mobile", |text| mobile(text, "法人"));
    let contact = fields.read("contact", |text| person(text, "联系人"));
    let contact_mobile = fields.read("contact_mobile", |text| mobile(text, "联系人"));
    let user_type = fields.read("user_type", user_type);
    let known = Known {
        numbers: &[
            uscc.as_ref().map_or("", Uscc::as_str),
            legal_mobile.as_ref().map_or("", Mobile::as_str),
            contact_mobile.as_ref().map_or("", Mobile::as_str),
        ],
        names: &[ours.names, &[name.as_deref().unwrap_or_default()]].concat(),
        words: ours.words,
    };
    let password = fields.read("password", |text| password::check_new(text, known));
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

/// Reads the fields that a returned application must amend, and nothing else of the form.
pub fn read_amended(form: &Form, of: &Registration) -> Result<Registration, FieldErrors> {
    let mut fields = Fields::of(form);
    let mut new = of.clone();
    for defect in &of.defects {
        match defect.field.as_str() {
            "name" => put(&mut new.name, fields.read("name", unit_name)),
            "uscc" => {
                let insists = form.is_ticked("uscc_insist");
                put(&mut new.uscc, fields.read("uscc", |text| code(text, insists)));
                new.uscc_doubtful = !new.uscc.is_sound();
            }
            "legal_person" => {
                put(
                    &mut new.legal_person,
                    fields.read("legal_person", |text| person(text, "法人")),
                );
            }
            "legal_mobile" => {
                put(
                    &mut new.legal_mobile,
                    fields.read("legal_mobile", |text| mobile(text, "法人")),
                );
            }
            "contact" => {
                put(&mut new.contact, fields.read("contact", |text| person(text, "联系人")));
            }
            "contact_mobile" => {
                put(
                    &mut new.contact_mobile,
                    fields.read("contact_mobile", |text| mobile(text, "联系人")),
                );
            }
            "user_type" => put(&mut new.user_type, fields.read("user_type", user_type)),
            // The stamped form is no field of this form: `scan` takes it.
            _ => {}
        }
    }
    fields.finish(Some(new))
}

fn put<T>(into: &mut T, read: Option<T>) {
    if let Some(read) = read {
        *into = read;
    }
}

fn consent(fields: &mut Fields<'_>, form: &Form) {
    if !form.is_ticked("agree_charter") {
        fields.refuse("agree_charter", "请阅读章程，并勾选同意");
    }
    if !form.is_ticked("agree_privacy") {
        fields.refuse("agree_privacy", "请阅读隐私政策，并勾选同意");
    }
}

fn unit_name(typed: &str) -> Result<String, String> {
    words(typed, 100, "单位名称不能为空", "请填写营业执照上的完整名称")
}

fn person(typed: &str, whose: &str) -> Result<String, String> {
    let missing = format!("{whose}姓名不能为空");
    words(typed, 50, &missing, &format!("请填写{whose}完整的真实姓名"))
}

/// A name on one line: at least two characters, one of them a letter.
fn words(typed: &str, max: usize, missing: &str, wrong: &str) -> Result<String, String> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = text::required(&line, max).map_err(|error| match error {
        TextError::Empty => missing.to_owned(),
        other => other.to_string(),
    })?;
    let fits = line.chars().count() >= 2 && line.chars().any(char::is_alphabetic);
    if fits { Ok(line) } else { Err(wrong.to_owned()) }
}

fn code(typed: &str, insists: bool) -> Result<Uscc, String> {
    let uscc = Uscc::parse(typed).map_err(|error| error.to_string())?;
    if uscc.is_sound() || insists {
        return Ok(uscc);
    }
    Err("信用代码的校验位不正确，请核对营业执照；核对无误的，请勾选“我已核对，仍要提交”".into())
}

fn mobile(typed: &str, whose: &str) -> Result<Mobile, String> {
    if typed.trim().is_empty() {
        return Err(format!("{whose}手机号码不能为空"));
    }
    Mobile::parse(typed).map_err(|_| format!("{whose}手机号码应为 11 位数字，以 13 至 19 开头"))
}

fn user_type(typed: &str) -> Result<String, &'static str> {
    if dictionary::contains(dictionary::USER_TYPES, typed) {
        Ok(typed.to_owned())
    } else {
        Err("还没有选择用户类型")
    }
}

#[cfg(test)]
mod tests;
