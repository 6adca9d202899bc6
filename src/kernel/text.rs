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

#[cfg(test)]
mod tests {
    use super::*;

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
