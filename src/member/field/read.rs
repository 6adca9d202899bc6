//! Reading what was typed into a field: into the form in which it is stored, or why not.

use super::{
    capital,
    contact::{domain, landline, licence, wechat_id},
    find, repeated,
};
use crate::{
    kernel::{
        Date, Mobile, Uscc,
        dictionary::{self, Entry as Choice},
        industry, text,
    },
    member::{email, region::Region},
};

/// Reads one field; the text of an error stands beside the field. An empty optional field is an
/// empty value.
pub fn read(name: &str, typed: &str, today: Date) -> Result<String, String> {
    let field = find(name).ok_or("没有这一项")?;
    let label = field.label;
    if !field.is_required && typed.trim().is_empty() {
        return Ok(String::new());
    }
    match name {
        "name" => line(label, typed, 100),
        "legal_person" | "contact" => line(label, typed, 50),
        "address" => line(label, typed, 200),
        "scope" | "intro" => text::optional(typed, 2000).map_err(|error| format!("{label}{error}")),
        "uscc" => Uscc::parse(typed).map(|uscc| uscc.to_string()).map_err(|e| e.to_string()),
        "legal_mobile" | "contact_mobile" => {
            Mobile::parse(typed).map(Into::into).map_err(|error| error.to_string())
        }
        "email" => email::parse(typed).map_err(Into::into),
        "wechat_id" => wechat_id(typed).map_err(Into::into),
        "user_type" => choice(label, dictionary::USER_TYPES, typed),
        "unit_state" => choice(label, dictionary::UNIT_STATES, typed),
        "unit_nature" => choice(label, dictionary::UNIT_NATURES, typed),
        "industry" => industry::division(typed)
            .map(|entry| entry.code.to_owned())
            .ok_or_else(|| format!("请选择{label}")),
        "unit_size" => choice(label, dictionary::UNIT_SIZES, typed),
        "region" => region(typed),
        "legal_birthday" => day(typed, today).and_then(|day| {
            if day < today {
                Ok(day.to_string())
            } else {
                Err("出生日期应早于今天".into())
            }
        }),
        "founded_on" | "joined_on" => day(typed, today).map(|day| day.to_string()),
        "postcode" => postcode(typed),
        "phone" | "fax" => landline(typed).map_err(Into::into),
        "registered_capital" | "paid_capital" => capital::parse(typed).map_err(Into::into),
        "domains" => repeated::read(typed, 5, domain),
        "licences" => repeated::read(typed, 10, licence),
        _ => Err("没有这一项".into()),
    }
}

/// Remarks that do not refuse: field and text.
pub fn doubts(value: impl Fn(&str) -> String) -> Vec<(&'static str, &'static str)> {
    let mut doubts = Vec::new();
    let (registered, paid) = (value("registered_capital"), value("paid_capital"));
    if let (Some(registered), Some(paid)) =
        (capital::hundredths(&registered), capital::hundredths(&paid))
        && paid > registered
    {
        doubts.push(("paid_capital", "实到资金大于注册资金，请核对"));
    }
    if value("licences").lines().any(|licence| !super::contact::is_usual_licence(licence)) {
        doubts.push(("licences", "许可证号与常见格式不同（如 苏B2-20130048），请核对"));
    }
    if matches!(value("unit_state").as_str(), "revoked" | "deregistered" | "rescinded") {
        doubts.push(("unit_state", "单位状态为吊销、注销或撤销，秘书处会与您联系核实"));
    }
    doubts
}

fn line(label: &str, typed: &str, max: usize) -> Result<String, String> {
    match text::required(typed, max) {
        Ok(text) if text.contains('\n') => Err(format!("{label}请写在一行里")),
        Ok(text) => Ok(text),
        Err(text::TextError::Empty) => Err(format!("请填写{label}")),
        Err(error) => Err(format!("{label}{error}")),
    }
}

fn choice(label: &str, list: &[Choice], code: &str) -> Result<String, String> {
    let known = dictionary::contains(list, code);
    if known { Ok(code.to_owned()) } else { Err(format!("请选择{label}")) }
}

/// Code and name, because places are renamed.
fn region(typed: &str) -> Result<String, String> {
    let head = typed.trim().split_once(' ').map_or(typed, |(head, _)| head);
    let is_code = head.len() == 6 && head.bytes().all(|b| b.is_ascii_digit());
    let place = Region::parse(if is_code { head } else { typed }).map_err(|e| e.to_string())?;
    Ok(format!("{} {}", place.code, place.name))
}

fn day(typed: &str, today: Date) -> Result<Date, String> {
    let day: Date =
        typed.parse().map_err(|error: crate::kernel::clock::NotADate| error.to_string())?;
    if day > today {
        return Err("日期不能晚于今天".into());
    }
    if day.year() < 1800 { Err("请核对日期".into()) } else { Ok(day) }
}

fn postcode(typed: &str) -> Result<String, String> {
    let plain = text::half_width(typed).trim().to_owned();
    let fits = plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit());
    if fits { Ok(plain) } else { Err("邮政编码是 6 位数字".into()) }
}
