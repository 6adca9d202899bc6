//! Passwords: the rule for new ones (requirements A7-1, quality.md 5.2). Hashing is in [`gate`].

pub mod frequent;
pub mod gate;

pub use gate::{HashError, Hasher};

use super::text::{name_core, name_key};

/// The shortest password, in characters.
pub const MIN_CHARS: usize = 8;
/// The longest password, in characters; nothing is cut off.
pub const MAX_CHARS: usize = 64;

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Too short or too long.
    #[error("密码应为 8 到 64 位")]
    Length,
    /// A class is missing.
    #[error("密码必须同时包含字母、数字和特殊字符")]
    Classes,
    /// It holds the login name or a mobile.
    #[error("密码不能包含账号、信用代码或手机号")]
    ContainsAccount,
    /// It holds a part of the unit's or the association's name.
    #[error("密码不能包含单位名称、协会名称或其中的字样")]
    ContainsName,
    /// It is, but for signs and swapped characters, one of those that are tried first.
    #[error("该密码过于常见，容易被猜中，请换一个")]
    Common,
}

/// So many characters of a name in a row are a part of it.
const PART_CHARS: usize = 4;

/// What anybody knows of an account's owner, and tries first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Code, mobiles, login name.
    pub numbers: &'a [&'a str],
    /// The unit's name and the association's.
    pub names: &'a [&'a str],
    /// Other words, like 协会.
    pub words: &'a [String],
}

impl Known<'_> {
    fn has_number_in(&self, lower: &str) -> bool {
        let mut numbers = self.numbers.iter().filter(|number| !number.is_empty());
        numbers.any(|number| lower.contains(&number.to_lowercase()))
    }

    fn has_name_in(&self, password: &str) -> bool {
        let plain = name_key(password);
        self.names.iter().any(|name| holds_part(&plain, name))
            || self.words.iter().any(|word| !word.is_empty() && plain.contains(&name_key(word)))
    }
}

/// True when the password holds the core of a name, or enough of it in a row.
fn holds_part(plain: &str, name: &str) -> bool {
    let core: Vec<char> = name_core(name).chars().collect();
    if core.len() < 2 {
        return false;
    }
    let mut parts = core.windows(core.len().min(PART_CHARS));
    parts.any(|part| plain.contains(&part.iter().collect::<String>()))
}

/// Checks a new password; it must not contain what is known of its owner.
pub fn check_new(password: &str, known: Known<'_>) -> Result<(), Weakness> {
    if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(Weakness::Length);
    }
    let has = |class: fn(char) -> bool| password.chars().any(class);
    if !(has(char::is_alphabetic) && has(char::is_numeric) && has(|c| !c.is_alphanumeric())) {
        return Err(Weakness::Classes);
    }
    let lower = password.to_lowercase();
    if known.has_number_in(&lower) {
        return Err(Weakness::ContainsAccount);
    }
    if known.has_name_in(password) {
        return Err(Weakness::ContainsName);
    }
    if frequent::is_common(password) {
        return Err(Weakness::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn new_passwords_need_three_classes_and_no_account() {
        let check = |password| {
            check_new(password, Known { numbers: &["", "13800138000"], ..Known::default() })
        };
        assert_eq!(check("Abc-123"), Err(Weakness::Length));
        assert_eq!(check("abcdefg1"), Err(Weakness::Classes));
        assert_eq!(check("abcdefg-"), Err(Weakness::Classes));
        assert_eq!(check("a-13800138000"), Err(Weakness::ContainsAccount));
        assert_eq!(check("Pass-word1"), Err(Weakness::Common));
        assert_eq!(check("Gate-keeper1"), Ok(()));
        assert_eq!(check("会员密码一二-3"), Ok(()));
    }

    #[test]
    fn names_of_unit_and_association_are_no_part_of_it() {
        let words = ["协会".to_owned(), "JSIA".to_owned()];
        let names = ["南京示例网络科技（一）有限公司", "江苏省互联网协会", "甲乙公司", ""];
        let known = Known { names: &names, words: &words, ..Known::default() };
        for bad in [
            "示例网络-2026a",
            "a1-络 科技Ｘ示例网络",
            "互联网协-a1234",
            "协会的a-12345",
            "js-jsia-9876",
            "ＪＳＩＡ-98765",
            "甲乙-abc-123",
        ] {
            assert_eq!(check_new(bad, known), Err(Weakness::ContainsName), "{bad}");
        }
        for fine in ["有限公司-a1234", "示例科-abc-123", "Kx9#mPq2vL"] {
            assert_eq!(check_new(fine, known), Ok(()), "{fine}");
        }
    }

    proptest! {
        #[test]
        fn every_password_of_the_manual_is_accepted_unless_it_is_common(
            letters in "[a-z]{4,5}", digits in "[0-9]{3,5}", signs in "[@#$%!_-]{3,5}",
        ) {
            let password = format!("{letters}{digits}{signs}");
            let expected =
                if frequent::is_common(&password) { Err(Weakness::Common) } else { Ok(()) };
            prop_assert_eq!(check_new(&password, Known::default()), expected);
        }
    }
}
