//! 附言码: what a payer writes into the remark of a transfer, so that the bank statement finds its
//! bill. Short, without characters that people confuse, and with a check character.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kernel::{Ids, text};

/// Stands before every code, so that a statement can be searched.
const PREFIX: &str = "HF";

/// No 0 O 1 I L. Their number is prime, so that the check character catches every single wrong
/// character and every two that changed places.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Characters between the prefix and the check character.
const BODY: usize = 7;

/// All characters after the prefix.
const TAIL: usize = BODY + 1;

/// A sound 附言码, `HF` and eight characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemoCode(String);

/// A text that is no memo code, or one with a slip of the pen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("附言码不正确，请核对（HF 开头，共 10 位）")]
pub struct NotAMemo;

fn value(c: u8) -> Option<u32> {
    let at = ALPHABET.iter().position(|known| *known == c)?;
    u32::try_from(at).ok()
}

/// The check character of a body. The weights are powers of 3 modulo 31, all different.
fn check(body: &[u8]) -> Option<char> {
    let mut weight = 1;
    let mut sum = 0;
    for c in body {
        weight = weight * 3 % 31;
        sum = (sum + value(*c)? * weight) % 31;
    }
    let at = usize::try_from((31 - sum) % 31).ok()?;
    ALPHABET.get(at).map(|c| char::from(*c))
}

impl MemoCode {
    /// A new one; unique only by chance, so the database's unique key decides.
    pub fn new(ids: &Ids) -> Self {
        let body = ids.readable(BODY);
        // The drawn characters are all in the alphabet, so there always is a check character.
        let check = check(body.as_bytes()).unwrap_or('2');
        Self(format!("{PREFIX}{body}{check}"))
    }

    /// Reads what people type: letter case, widths, blanks and hyphens do not matter.
    pub fn parse(typed: &str) -> Result<Self, NotAMemo> {
        let plain = levelled(typed);
        let tail = plain.strip_prefix(PREFIX).filter(|tail| tail.len() == TAIL).ok_or(NotAMemo)?;
        let (body, given) = tail.split_at_checked(BODY).ok_or(NotAMemo)?;
        match check(body.as_bytes()) {
            Some(right) if given.starts_with(right) => Ok(Self(plain)),
            _ => Err(NotAMemo),
        }
    }

    /// Every sound code in a longer text, for example the remark on a bank statement.
    pub fn all_in(text: &str) -> Vec<Self> {
        let plain = levelled(text);
        let starts = plain.match_indices(PREFIX).map(|(at, _)| at);
        let code = |at: usize| plain.get(at..at + PREFIX.len() + TAIL).map(Self::parse);
        let mut found: Vec<Self> = starts.filter_map(|at| code(at)?.ok()).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn levelled(text: &str) -> String {
    let wanted = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '－' | '—' | '_');
    text::half_width(text).chars().filter(wanted).map(|c| c.to_ascii_uppercase()).collect()
}

impl TryFrom<String> for MemoCode {
    type Error = NotAMemo;

    fn try_from(text: String) -> Result<Self, NotAMemo> {
        Self::parse(&text)
    }
}

impl From<MemoCode> for String {
    fn from(code: MemoCode) -> Self {
        code.0
    }
}

impl fmt::Display for MemoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(seed: u64) -> MemoCode {
        MemoCode::new(&Ids::seeded(seed))
    }

    proptest! {
        #[test]
        fn a_code_is_read_as_it_was_made(seed: u64) {
            let code = code(seed);
            prop_assert_eq!(code.as_str().len(), 10);
            prop_assert_eq!(MemoCode::parse(code.as_str()), Ok(code.clone()));
            let sloppy = format!(" {}-{} ", &code.as_str()[..4].to_lowercase(), &code.as_str()[4..]);
            prop_assert_eq!(MemoCode::parse(&sloppy), Ok(code.clone()));
            let remark = format!("某单位２０２６年会费{code}谢谢 HF22222222X");
            prop_assert!(MemoCode::all_in(&remark).contains(&code));
        }

        #[test]
        fn one_wrong_character_is_caught(seed: u64, at in 2usize..10, to in 0usize..31) {
            let right = code(seed).to_string();
            let mut wrong: Vec<u8> = right.bytes().collect();
            wrong[at] = ALPHABET[to];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != right);
            prop_assert_eq!(MemoCode::parse(&wrong), Err(NotAMemo));
        }

        #[test]
        fn two_characters_that_changed_places_are_caught(
            seed: u64, a in 2usize..10, b in 2usize..10,
        ) {
            let right = code(seed).to_string();
            let mut wrong: Vec<u8> = right.bytes().collect();
            wrong.swap(a, b);
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assume!(wrong != right);
            prop_assert_eq!(MemoCode::parse(&wrong), Err(NotAMemo));
        }

        #[test]
        fn any_text_is_survived(text: String) {
            let _ = (MemoCode::parse(&text), MemoCode::all_in(&text));
        }
    }

    #[test]
    fn foreign_text_is_no_code() {
        for bad in ["", "HF", "HF2345678", "HF2345678O9", "XX23456789", "HF会费会费会费会"] {
            assert_eq!(MemoCode::parse(bad), Err(NotAMemo), "{bad}");
        }
    }
}
