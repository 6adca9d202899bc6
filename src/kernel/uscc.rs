//! 统一社会信用代码 (GB 32100-2015): 18 characters, the last of them a check character.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::half_width;

/// Digits and capitals without I, O, S, V, Z; the position is the value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i−1) mod 31 for the positions 1 to 17.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A code of the right length and characters; see [`Uscc::is_sound`] for its check character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// Why a text cannot be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Nothing was typed.
    #[error("请输入统一社会信用代码")]
    Empty,
    /// Not 18 characters.
    #[error("统一社会信用代码应为 18 位，现在是 {0} 位")]
    Length(usize),
    /// A character that no code contains; positions count from 1.
    #[error("第 {0} 位“{1}”不是有效字符，请核对营业执照")]
    Character(usize, char),
}

impl Uscc {
    /// Reads a code; small and full-width letters and blanks are accepted.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code: String = half_width(text)
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_uppercase)
            .collect();
        if code.is_empty() {
            return Err(UsccError::Empty);
        }
        let wrong =
            code.chars().enumerate().find(|(_, c)| u8::try_from(*c).ok().and_then(value).is_none());
        let length = code.chars().count();
        match wrong {
            _ if length != 18 => Err(UsccError::Length(length)),
            Some((i, c)) => Err(UsccError::Character(i + 1, c)),
            None => Ok(Self(code)),
        }
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when the check character is right. A few genuinely issued codes fail, so a failing
    /// code is taken with the applicant's word and flagged for the reviewer.
    pub fn is_sound(&self) -> bool {
        let bytes = self.0.as_bytes();
        bytes.last().copied() == check_character(&bytes[..17])
    }

    /// The kind of unit that the first two characters stand for, as a dictionary code of
    /// [`super::dictionary::USER_TYPES`].
    pub fn suggested_user_type(&self) -> &'static str {
        match &self.0[..2] {
            "91" | "92" | "93" => "enterprise",
            "11" | "12" => "institution",
            "51" | "52" | "53" => "society",
            _ => "other",
        }
    }
}

fn value(byte: u8) -> Option<u32> {
    let position = ALPHABET.iter().position(|known| *known == byte)?;
    u32::try_from(position).ok()
}

/// The check character for the first 17.
fn check_character(first: &[u8]) -> Option<u8> {
    let sum = first
        .iter()
        .zip(WEIGHTS)
        .try_fold(0, |sum, (byte, weight)| Some(sum + value(*byte)? * weight))?;
    let check = (31 - sum % 31) % 31;
    ALPHABET.get(usize::try_from(check).ok()?).copied()
}

impl TryFrom<String> for Uscc {
    type Error = UsccError;

    fn try_from(text: String) -> Result<Self, UsccError> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(uscc: Uscc) -> Self {
        uscc.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SOUND: [&str; 12] = [
        "91440300708461136T",
        "914403001922038216",
        "91110000802100433B",
        "91330100799655058B",
        "9152000071430580XT",
        "9132070070404786XB",
        "12100000400000624D",
        "51420000MJH200408C",
        "91350100M000100Y43",
        "91329999XY0000012R",
        "51329999XY0000012X",
        "52329999XY0000012T",
    ];

    #[test]
    fn published_codes_are_sound() {
        for code in SOUND {
            assert!(Uscc::parse(code).unwrap().is_sound(), "{code}");
        }
    }

    #[test]
    fn wrong_check_characters_are_noticed() {
        for code in ["91320000608950987P", "91440300192317458E", "91440300193217458F"] {
            assert!(!Uscc::parse(code).unwrap().is_sound(), "{code}");
        }
        assert_eq!(Uscc::parse("91350100M000100Y4Z"), Err(UsccError::Character(18, 'Z')));
        assert_eq!(Uscc::parse("9135"), Err(UsccError::Length(4)));
        assert_eq!(Uscc::parse("  "), Err(UsccError::Empty));
    }

    #[test]
    fn full_width_and_small_letters_are_normalised() {
        let code = Uscc::parse(" ９１３２９９９９ xy0000012r").unwrap();
        assert_eq!(code.as_str(), "91329999XY0000012R");
        assert_eq!(code.suggested_user_type(), "enterprise");
    }

    #[test]
    fn all_single_substitutions_are_caught() {
        for code in SOUND {
            for at in 0..18 {
                for byte in ALPHABET.iter().filter(|b| **b != code.as_bytes()[at]) {
                    let mut changed = code.as_bytes().to_vec();
                    changed[at] = *byte;
                    let changed = String::from_utf8(changed).unwrap();
                    assert!(!Uscc::parse(&changed).unwrap().is_sound(), "{changed}");
                }
            }
        }
    }

    #[test]
    fn all_adjacent_swaps_are_caught() {
        for code in SOUND {
            for at in 0..17 {
                let mut changed = code.as_bytes().to_vec();
                changed.swap(at, at + 1);
                let changed = String::from_utf8(changed).unwrap();
                if changed != code {
                    assert!(!Uscc::parse(&changed).unwrap().is_sound(), "{changed}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC*") {
            let _ = Uscc::parse(&text);
        }

        #[test]
        fn a_read_code_reads_again(text in "[0-9A-HJ-NPQRTUWXY]{18}") {
            let code = Uscc::parse(&text).unwrap();
            prop_assert_eq!(Uscc::parse(code.as_str()), Ok(code.clone()));
        }
    }
}
