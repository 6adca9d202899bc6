//! Passwords that are tried first. Signs between the letters, capitals, `@` for `a` or for the
//! `2` on its key, and a year at the end do not make them better.

use std::{collections::HashSet, sync::LazyLock};

/// Cores of letters and digits, sorted out of a public list when the pages are built (`build.mjs`).
const LIST: &str = include_str!(concat!(env!("OUT_DIR"), "/dist/frequent-passwords.txt"));

/// What the public list lacks and people here use.
const HERE: &str = "123abc456 52013140 520520 5205201314 5211314 66666666 88888888 aa12345678 abcabc123 \
    admin1234 admin12345 admin123456 admin666 admin888 changeme123 guanliyuan huiyuan \
    huiyuan123 hulianwang hyxh123 iloveyou520 jiangsu jsia123 li123456 mima123 mima1234 \
    mima123456 nanjing root1234 root123456 test123456 wang123 woaini123 woaini1314 \
    woaini520 woaini521 wodemima xiehui xiehui123 zhang123";

static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LIST.lines().chain(HERE.split(' ')).collect());

/// True when the password is, in essence, on the list.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = letters_and_digits(&lower);
    let read = letters_and_digits(&unswapped(&lower));
    // 「Password@2026」: the word before its last digits and signs.
    let word = unswapped(lower.trim_end_matches(|c: char| !c.is_alphabetic()));
    [plain, read, letters_and_digits(&word), unshifted(&lower)]
        .iter()
        .any(|core| COMMON.contains(core.as_str()))
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

/// The digits on whose keys the signs stand: `1qaz@WSX` is `1qaz2wsx`.
fn unshifted(text: &str) -> String {
    let digit = |sign| "!@#$%^&*(".find(sign).and_then(|at| "123456789".chars().nth(at));
    text.chars().map(|c| digit(c).unwrap_or(c)).filter(|c| c.is_alphanumeric()).collect()
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
