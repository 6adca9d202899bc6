//! Small formats: 微信号, telephone with area code, domain, licence number.

use crate::kernel::{Mobile, text};

/// Six to twenty letters, digits, `_` and `-`, a letter first; or a mobile number.
pub(super) fn wechat_id(typed: &str) -> Result<String, &'static str> {
    let plain = text::half_width(typed).trim().to_owned();
    if let Ok(mobile) = Mobile::parse(&plain) {
        return Ok(mobile.into());
    }
    let fits = (6..=20).contains(&plain.len())
        && plain.starts_with(|c: char| c.is_ascii_alphabetic())
        && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits {
        Ok(plain)
    } else {
        Err("微信号以字母开头，6 到 20 位字母、数字、下划线或减号；也可以填手机号")
    }
}

/// `025-83343696`, `025-83343696-801`, `400-800-1234`, or a mobile number.
pub(super) fn landline(typed: &str) -> Result<String, &'static str> {
    const WRONG: &str = "请填写带区号的电话，例如 025-83343696，分机写在最后：025-83343696-801";
    let plain: String = text::half_width(typed)
        .chars()
        .map(|c| if matches!(c, '—' | '－' | '–' | '转' | '(' | ')') { '-' } else { c })
        .filter(|c| !c.is_whitespace())
        .collect();
    let plain = plain.trim_matches('-').to_owned();
    if let Ok(mobile) = Mobile::parse(&plain) {
        return Ok(mobile.into());
    }
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(is_number) {
        return Err(WRONG);
    }
    let fits = match parts.as_slice() {
        [whole] => (10..=12).contains(&whole.len()) && whole.starts_with(['0', '4', '8']),
        ["400" | "800", middle, end] => middle.len() + end.len() == 7,
        [area, number] => is_area(area) && (7..=8).contains(&number.len()),
        [area, number, more] => {
            is_area(area) && (7..=8).contains(&number.len()) && (1..=6).contains(&more.len())
        }
        _ => false,
    };
    if fits { Ok(parts.join("-")) } else { Err(WRONG) }
}

fn is_area(text: &str) -> bool {
    (3..=4).contains(&text.len()) && text.starts_with('0')
}

/// A domain without protocol and path; Chinese labels are welcome.
pub(super) fn domain(typed: &str) -> Result<String, &'static str> {
    const WRONG: &str = "请填写域名，例如 www.example.com 或 示例.中国";
    let plain = text::half_width(typed).trim().to_lowercase().replace('。', ".");
    let plain =
        plain.strip_prefix("https://").or_else(|| plain.strip_prefix("http://")).unwrap_or(&plain);
    let plain = plain.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches('.');
    let is_label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = plain.rsplit('.').next().unwrap_or_default();
    let fits = plain.contains('.')
        && plain.len() <= 253
        && plain.split('.').all(is_label)
        && last.chars().count() >= 2
        && !last.chars().all(|c| c.is_ascii_digit());
    if fits { Ok(plain.to_owned()) } else { Err(WRONG) }
}

/// A licence number in one spelling of dashes; strange ones are remarked, not refused (D7).
pub(super) fn licence(typed: &str) -> Result<String, &'static str> {
    let plain: String = text::half_width(typed)
        .chars()
        .map(|c| if matches!(c, '—' | '－' | '–' | '一') { '-' } else { c })
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    let fits = (4..=40).contains(&plain.chars().count())
        && plain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    if fits { Ok(plain) } else { Err("请填写许可证号，例如 苏B2-20130048") }
}

/// Province or 合字, classes, year and number: `苏B2-20130048`, `粤B1.B2-20040001号`.
pub(super) fn is_usual_licence(stored: &str) -> bool {
    let plain = stored.strip_suffix('号').unwrap_or(stored);
    let Some((head, number)) = plain.split_once('-') else { return false };
    let classes = head.trim_start_matches(|c: char| !c.is_ascii());
    let region = head.chars().count() - classes.chars().count();
    region <= 2
        && number.len() == 8
        && number.bytes().all(|b| b.is_ascii_digit())
        && classes.split('.').all(|class| matches!(class, "A1" | "A2" | "B1" | "B2"))
}
