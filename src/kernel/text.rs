//! Free text from people: normalised, bounded, and safe to store on both databases.

/// Why a typed text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("不能为空")]
    Empty,
    /// Longer than the limit, in characters.
    #[error("最多 {0} 个字")]
    TooLong(usize),
    /// Control characters, or text that a database driver would read as data.
    #[error("请用文字填写，不要只填写符号")]
    Unreadable,
}

/// Trims and checks a text of at most `max` characters; an empty text passes.
pub fn optional(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') || looks_like_data(&text) {
        return Err(TextError::Unreadable);
    }
    Ok(text)
}

/// As [`optional`], but something must be there.
pub fn required(text: &str, max: usize) -> Result<String, TextError> {
    let text = optional(text, max)?;
    if text.is_empty() { Err(TextError::Empty) } else { Ok(text) }
}

/// The `SQLite` driver hands text that is valid JSON back as JSON, not as text.
fn looks_like_data(text: &str) -> bool {
    text == "null"
        || (text.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok())
}

/// Full-width letters, digits and signs become half-width; the ideographic space becomes a blank.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// What two spellings of one unit's name have in common: widths, brackets, blanks and letter case
/// are levelled. Used to find duplicates, never shown.
pub fn name_key(name: &str) -> String {
    half_width(name)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '〔' | '【' | '[' | '﹝' => '(',
            '〕' | '】' | ']' | '﹞' => ')',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Places that names of units begin with. The longer one of two stands first.
const PLACES: &[&str] = &[
    "中国",
    "江苏省",
    "江苏",
    "南京",
    "苏州",
    "无锡",
    "常州",
    "镇江",
    "扬州",
    "泰州",
    "南通",
    "盐城",
    "淮安",
    "宿迁",
    "连云港",
    "徐州",
];
/// Legal forms that names of units end with. The longer one of two stands first.
const FORMS: &[&str] =
    &["有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "分公司", "公司", "集团", "股份"];

/// What is left of a unit's name without brackets, place and legal form: names that share it are
/// alike, and somebody should look whether they are one unit.
pub fn name_core(name: &str) -> String {
    let key = name_key(name);
    let mut depth = 0usize;
    let mut core = String::new();
    for c in key.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => core.push(c),
            _ => {}
        }
    }
    let mut rest = core.as_str();
    while let Some(shorter) = PLACES.iter().find_map(|place| rest.strip_prefix(place)) {
        rest = shorter.strip_prefix('市').unwrap_or(shorter);
    }
    while let Some(shorter) = FORMS.iter().find_map(|form| rest.strip_suffix(form)) {
        rest = shorter;
    }
    if rest.chars().count() < 2 { key } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn levelled_names_stay_as_they_are(name in ".{0,60}") {
            let key = name_key(&name);
            prop_assert_eq!(&name_key(&key), &key);
            prop_assert!(!key.chars().any(char::is_whitespace));
        }

        #[test]
        fn widths_blanks_and_brackets_make_no_difference(
            name in "[a-zA-Z0-9()\u{4e00}-\u{4eff}]{1,40}", at in 0usize..40
        ) {
            let wide: String = name.chars().map(|c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
                c => c,
            }).collect();
            let mut spaced: Vec<char> = name.chars().collect();
            spaced.insert(at.min(spaced.len()), '\u{3000}');
            let spaced: String = spaced.into_iter().collect();
            let boxed = name.replace('(', "【").replace(')', "】");
            for other in [wide, spaced, boxed, name.to_uppercase()] {
                prop_assert_eq!(name_key(&other), name_key(&name), "{}", other);
                prop_assert_eq!(name_core(&other), name_core(&name), "{}", other);
            }
        }
    }

    #[test]
    fn names_that_differ_in_place_or_form_alone_are_alike() {
        let core = name_core("江苏示例网络科技有限公司");
        assert_eq!(core, "示例网络科技");
        for alike in [
            "南京市示例网络科技有限责任公司",
            "示例网络科技（苏州）股份有限公司",
            "江苏省示例网络科技集团有限公司",
        ] {
            assert_eq!(name_core(alike), core, "{alike}");
        }
        assert_ne!(name_core("江苏示例软件有限公司"), core);
        assert_eq!(name_core("江苏公司"), "江苏公司");
    }

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let key = name_key("示例科技（南京）有限公司");
        for same in
            ["示例科技(南京)有限公司", " 示例科技 （南京） 有限公司", "示例科技【南京】有限公司"]
        {
            assert_eq!(name_key(same), key, "{same}");
        }
        assert_ne!(name_key("示例科技（苏州）有限公司"), key);
    }

    #[test]
    fn text_that_a_driver_reads_as_data_is_refused() {
        for bad in ["null", "{}", "[1]", "{\"a\":1}", "a\u{0}b"] {
            assert_eq!(optional(bad, 10), Err(TextError::Unreadable), "{bad}");
        }
        assert_eq!(optional("[急] 请处理", 10).as_deref(), Ok("[急] 请处理"));
        assert_eq!(required("　 ", 5), Err(TextError::Empty));
        assert_eq!(required("一二三四五六", 5), Err(TextError::TooLong(5)));
    }
}
