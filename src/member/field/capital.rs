//! 注册资金 and 实到资金: 万元 with at most two decimals. No money of ours, hence no `Fen`.

use crate::kernel::text;

/// The whole part may have twelve digits (decimal(14,2)).
const DIGITS: usize = 12;

/// `1,000.50` becomes `1000.50`.
pub(super) fn parse(typed: &str) -> Result<String, &'static str> {
    const WRONG: &str = "请填写以万元为单位的数字，最多两位小数，例如 1000 或 50.5";
    let plain: String =
        text::half_width(typed).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let plain = plain.trim_end_matches('万');
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) || part.len() > 2 {
        return Err(WRONG);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > DIGITS {
        return Err("金额过大，请核对单位是否为万元");
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    Ok(if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") })
}

/// The stored form in hundredths of 万元, to compare two.
pub(super) fn hundredths(stored: &str) -> Option<i64> {
    let (whole, part) = stored.split_once('.').unwrap_or((stored, ""));
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(part)
}
