//! Passwords that are tried first. Signs between the letters, capitals, `@` for `a` and a year at
//! the end do not make them better.

use std::{collections::HashSet, sync::LazyLock};

/// Sorted out of a public list; source and licence stand in the file.
const LIST: &str = include_str!("frequent.txt");

static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LIST.lines().filter(|line| !line.starts_with('#')).collect());

/// True when the password is, in essence, on the list.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = letters_and_digits(&lower);
    let read = letters_and_digits(&unswapped(&lower));
    // 「Password@2026」: the word before its last digits and signs.
    let word = unswapped(lower.trim_end_matches(|c: char| !c.is_alphabetic()));
    [plain, read, letters_and_digits(&word)].iter().any(|core| COMMON.contains(core.as_str()))
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters that a sign or digit commonly stands for.
fn unswapped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '@' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '$' | '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_and_every_line_can_be_met() {
        assert!(COMMON.len() > 3000, "{}", COMMON.len());
        for entry in COMMON.iter() {
            assert!(is_common(entry), "{entry}");
            assert_eq!(letters_and_digits(&entry.to_lowercase()), **entry);
        }
    }

    #[test]
    fn decorations_do_not_help() {
        for weak in
            ["Password@123", "p@ssw0rd!1", "Qwer-1234", "1qaz@WSX", "Admin@888", "woaini@1314"]
        {
            assert!(is_common(weak), "{weak}");
        }
        for fine in ["Gate-keeper1", "Member-pass-1!", "雨后-Qing4天", "Kx9#mPq2vL"] {
            assert!(!is_common(fine), "{fine}");
        }
    }
}
