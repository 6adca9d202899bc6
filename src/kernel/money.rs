//! Money in integer fen; its two spellings, figures and 大写 (正确填写票据和结算凭证的基本规定).

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in fen (1/100 yuan). Floats never touch money.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(i64);

/// Why a typed amount was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most two decimals.
    #[error("请输入金额，最多两位小数，例如 2000 或 2000.50")]
    Malformed,
    /// Larger than any sum that the association could handle (10^11 yuan).
    #[error("金额过大，请核对")]
    TooLarge,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount from fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount from whole yuan; saturates far beyond any real sum.
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan.saturating_mul(100))
    }

    /// The number of fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads what a person types: `2000`, `2,000.50`, `￥2000.5`.
    pub fn parse_yuan(text: &str) -> Result<Self, MoneyError> {
        let plain: String = text
            .trim()
            .trim_start_matches(['￥', '¥'])
            .trim_end_matches('元')
            .chars()
            .filter(|c| !matches!(c, ',' | '，' | ' '))
            .collect();
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let has_dot = plain.contains('.');
        if whole.is_empty()
            || !digits_only(whole)
            || !digits_only(decimals)
            || decimals.len() > 2
            || (has_dot && decimals.is_empty())
        {
            return Err(MoneyError::Malformed);
        }
        if whole.len() > 11 {
            return Err(MoneyError::TooLarge);
        }
        let yuan: i64 = whole.parse().map_err(|_| MoneyError::Malformed)?;
        let cents: i64 = format!("{decimals:0<2}").parse().map_err(|_| MoneyError::Malformed)?;
        Ok(Self(yuan * 100 + cents))
    }

    /// The sum, unless it overflows.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it overflows.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The sum of many amounts, unless it overflows.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount with the opposite sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// True for amounts above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `2000.00`: for form fields and files.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// `2,000.00`: for the screen.
    pub fn grouped(self) -> String {
        let plain = self.plain();
        let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, "00"));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut grouped = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}.{decimals}")
    }

    /// `人民币贰仟元整`; the 整 also follows 角. Negative amounts are led by 负.
    pub fn uppercase(self) -> String {
        let fen = self.0.unsigned_abs();
        let (yuan, jiao, cent) = (fen / 100, fen / 10 % 10, fen % 10);
        let mut text = String::from(if self.0 < 0 { "人民币负" } else { "人民币" });
        if yuan > 0 || fen == 0 {
            text.push_str(&whole_yuan(yuan));
            text.push('元');
        }
        if yuan > 0 && (jiao == 0 && cent > 0 || yuan.is_multiple_of(10) && jiao > 0) {
            text.push('零');
        }
        if jiao > 0 {
            text.push(DIGITS[usize::from(digit(jiao))]);
            text.push('角');
        }
        if cent > 0 {
            text.push(DIGITS[usize::from(digit(cent))]);
            text.push('分');
        } else {
            text.push('整');
        }
        text
    }
}

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 3] = ["", "万", "亿"];

fn digit(value: u64) -> u8 {
    u8::try_from(value % 10).unwrap_or(0)
}

/// The yuan part, read in groups of four digits, a gap of zeros read as one 零.
fn whole_yuan(yuan: u64) -> String {
    if yuan == 0 {
        return DIGITS[0].to_string();
    }
    let digits: Vec<u8> = yuan.to_string().bytes().map(|b| b - b'0').collect();
    let mut text = String::new();
    let mut pending_zero = false;
    let mut group_has_value = false;
    for (i, value) in digits.iter().enumerate() {
        let place = digits.len() - 1 - i;
        if *value == 0 {
            pending_zero = true;
        } else {
            if pending_zero && !text.is_empty() {
                text.push('零');
            }
            pending_zero = false;
            group_has_value = true;
            text.push(DIGITS[usize::from(*value)]);
            text.push_str(PLACES[place % 4]);
        }
        if place.is_multiple_of(4) {
            if group_has_value {
                text.push_str(GROUPS.get(place / 4).copied().unwrap_or_default());
            }
            group_has_value = false;
        }
    }
    text
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn uppercase_follows_the_published_examples() {
        let vectors = [
            (0, "人民币零元整"),
            (5, "人民币伍分"),
            (50, "人民币伍角整"),
            (50_000, "人民币伍佰元整"),
            (200_000, "人民币贰仟元整"),
            (3_000_000, "人民币叁万元整"),
            (140_950, "人民币壹仟肆佰零玖元伍角整"),
            (600_714, "人民币陆仟零柒元壹角肆分"),
            (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
            (32_504, "人民币叁佰贰拾伍元零肆分"),
            (10_000_100, "人民币壹拾万零壹元整"),
            (100_000_001, "人民币壹佰万元零壹分"),
            (10_000_000_000, "人民币壹亿元整"),
        ];
        for (fen, expected) in vectors {
            assert_eq!(Fen::new(fen).uppercase(), expected, "{fen} fen");
        }
    }

    #[test]
    fn typed_amounts_are_read_or_refused() {
        assert_eq!(Fen::parse_yuan("2,000.5"), Ok(Fen::new(200_050)));
        assert_eq!(Fen::parse_yuan("￥0.01"), Ok(Fen::new(1)));
        for bad in ["", "-1", "1.234", "1.", ".5", "abc", "1e3", "１"] {
            assert_eq!(Fen::parse_yuan(bad), Err(MoneyError::Malformed), "{bad}");
        }
        assert_eq!(Fen::parse_yuan("999999999999"), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in 0i64..10_000_000_000_000) {
            let money = Fen::new(fen);
            prop_assert_eq!(Fen::parse_yuan(&money.plain()), Ok(money));
            prop_assert_eq!(Fen::parse_yuan(&money.grouped()), Ok(money));
        }

        #[test]
        fn uppercase_never_doubles_or_dangles_a_zero(fen in 1i64..10_000_000_000_000) {
            let text = Fen::new(fen).uppercase();
            prop_assert!(!text.contains("零零"), "{}", text);
            prop_assert!(!text.contains("零元"), "{}", text);
            prop_assert!(text.ends_with('整') || text.ends_with('分'));
        }
    }
}
