//! What staff type to find a report: 单位名称 or 信用代码, 缴费编号, 流水号, 金额 or 附言码, in one
//! field; what it is shows by its form.

use super::store::Needle;
use crate::{
    dues::{self, MemoCode},
    kernel::{Fen, text},
    member,
    web::{App, AppError},
};

/// Units whose reports are looked for at a time; more than that is no search.
const MOST_UNITS: i64 = 50;

/// What was understood, and a note for the page when it was less than what was typed.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// For the list.
    pub needle: Needle,
    /// In words; may be empty.
    pub note: &'static str,
}

/// Understands what was typed.
pub async fn search(app: &App, typed: &str) -> Result<Found, AppError> {
    let typed = text::half_width(typed).trim().to_owned();
    if typed.is_empty() {
        return Ok(Found::default());
    }
    if let Ok(memo) = MemoCode::parse(&typed) {
        let bill = dues::bill_of_memo(&app.db, &memo).await?;
        return Ok(found(Needle::Bills(bill.into_iter().map(|bill| bill.id).collect())));
    }
    if let Some(fen) = amount(&typed) {
        return Ok(found(Needle::Amount(fen)));
    }
    if is_number(&typed) {
        return Ok(found(Needle::Number(typed)));
    }
    let mut units = member::matching(&app.db, &typed, MOST_UNITS + 1).await?;
    let most = usize::try_from(MOST_UNITS).unwrap_or_default();
    let note = if units.len() > most {
        "符合的单位较多，只列出其中 50 家，请输入更完整的名称"
    } else {
        ""
    };
    units.truncate(most);
    Ok(Found { needle: Needle::Members(units), note })
}

const fn found(needle: Needle) -> Found {
    Found { needle, note: "" }
}

/// A sum as people write it; bank references are longer.
fn amount(typed: &str) -> Option<Fen> {
    if typed.len() > 12 {
        None
    } else {
        Fen::parse_yuan(typed).ok().filter(|fen| fen.is_positive())
    }
}

/// Letters, digits and hyphens with at least one digit: a number of ours or of a bank. Codes of
/// units (18 characters) are found by the unit.
fn is_number(typed: &str) -> bool {
    let is_plain = typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_plain && typed.len() != 18 && typed.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_shows_what_it_is() {
        assert_eq!(amount("2,000.00"), Some(Fen::yuan(2000)));
        assert_eq!(amount("500.5"), Some(Fen::new(50_050)));
        assert_eq!(amount("0"), None);
        assert_eq!(amount("2026112400000001"), None);
        assert!(is_number("L2026112400000001") && is_number("A-001"));
        assert!(!is_number("示例 2 公司") && !is_number("91329999XY0000012R") && !is_number("abc"));
    }
}
