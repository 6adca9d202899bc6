//! Passwords: the rule for new ones (requirements A7-1, quality.md 5.2). Hashing is in [`gate`].

pub mod frequent;
pub mod gate;

pub use gate::{HashError, Hasher};

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
    /// It is, but for signs and swapped characters, one of those that are tried first.
    #[error("该密码过于常见，容易被猜中，请换一个")]
    Common,
}

/// Checks a new password; `known` are texts that it must not contain (code, mobiles).
pub fn check_new(password: &str, known: &[&str]) -> Result<(), Weakness> {
    if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(Weakness::Length);
    }
    let has = |class: fn(char) -> bool| password.chars().any(class);
    if !(has(char::is_alphabetic) && has(char::is_numeric) && has(|c| !c.is_alphanumeric())) {
        return Err(Weakness::Classes);
    }
    let lower = password.to_lowercase();
    if known.iter().any(|text| !text.is_empty() && lower.contains(&text.to_lowercase())) {
        return Err(Weakness::ContainsAccount);
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
        assert_eq!(check_new("Abc-123", &[]), Err(Weakness::Length));
        assert_eq!(check_new("abcdefg1", &[]), Err(Weakness::Classes));
        assert_eq!(check_new("abcdefg-", &[]), Err(Weakness::Classes));
        assert_eq!(check_new("a-13800138000", &["13800138000"]), Err(Weakness::ContainsAccount));
        assert_eq!(check_new("Pass-word1", &[]), Err(Weakness::Common));
        assert_eq!(check_new("Gate-keeper1", &["", "13800138000"]), Ok(()));
        assert_eq!(check_new("会员密码一二-3", &[]), Ok(()));
    }

    proptest! {
        #[test]
        fn every_password_of_the_manual_is_accepted_unless_it_is_common(
            letters in "[a-z]{4,5}", digits in "[0-9]{3,5}", signs in "[@#$%!_-]{3,5}",
        ) {
            let password = format!("{letters}{digits}{signs}");
            let expected =
                if frequent::is_common(&password) { Err(Weakness::Common) } else { Ok(()) };
            prop_assert_eq!(check_new(&password, &[]), expected);
        }
    }
}
