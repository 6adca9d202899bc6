//! Who somebody is: mobile numbers and WeChat openids. Both are personal data: `Debug` masks them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::half_width;

/// A mainland mobile number, 11 digits, `^1[3-9]\d{9}$`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

/// A text that is no mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("请输入 11 位手机号码")]
pub struct NotAMobile;

impl Mobile {
    /// Reads a number as people write it: full-width, spaces, hyphens and +86 are accepted.
    pub fn parse(text: &str) -> Result<Self, NotAMobile> {
        let plain: String =
            half_width(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let plain = plain.strip_prefix("+86").unwrap_or(&plain);
        let bytes = plain.as_bytes();
        let fits = bytes.len() == 11
            && bytes.iter().all(u8::is_ascii_digit)
            && bytes[0] == b'1'
            && (b'3'..=b'9').contains(&bytes[1]);
        if fits { Ok(Self(plain.to_owned())) } else { Err(NotAMobile) }
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `138****8000`.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl TryFrom<String> for Mobile {
    type Error = NotAMobile;

    fn try_from(text: String) -> Result<Self, NotAMobile> {
        Self::parse(&text)
    }
}

impl From<Mobile> for String {
    fn from(mobile: Mobile) -> Self {
        mobile.0
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A WeChat user as one official account sees them (about 28 characters; wechat.md 1.2).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpenId(String);

/// A text that is no openid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an openid")]
pub struct NotAnOpenId;

impl OpenId {
    /// Accepts what WeChat could have sent: 6 to 128 letters, digits, `-` and `_`.
    pub fn parse(text: &str) -> Result<Self, NotAnOpenId> {
        let fits = (6..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAnOpenId) }
    }

    /// The openid as WeChat wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OpenId {
    type Error = NotAnOpenId;

    fn try_from(text: String) -> Result<Self, NotAnOpenId> {
        Self::parse(&text)
    }
}

impl From<OpenId> for String {
    fn from(open_id: OpenId) -> Self {
        open_id.0
    }
}

impl fmt::Debug for OpenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenId(…)")
    }
}

/// The first character of a name and a mark for the rest: `示**`. For anonymous pages.
pub fn masked_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [first] => format!("{first}*"),
        [first, .., last] if chars.len() > 6 => {
            let second = chars.get(1).copied().unwrap_or('*');
            let before = chars.get(chars.len() - 2).copied().unwrap_or('*');
            format!("{first}{second}****{before}{last}")
        }
        [first, ..] => format!("{first}**"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mobiles_are_read_as_people_write_them() {
        for same in
            ["13800138000", "+86 138-0013-8000", "１３８００１３８０００", " 138 0013 8000 "]
        {
            assert_eq!(Mobile::parse(same).unwrap().as_str(), "13800138000", "{same}");
        }
        for bad in ["", "1380013800", "12800138000", "138001380001", "abc", "+8513800138000"] {
            assert_eq!(Mobile::parse(bad), Err(NotAMobile), "{bad}");
        }
    }

    #[test]
    fn personal_data_is_masked_in_debug() {
        let mobile = Mobile::parse("13800138000").unwrap();
        assert_eq!(format!("{mobile:?}"), "138****8000");
        let open_id = OpenId::parse("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o").unwrap();
        assert_eq!(format!("{open_id:?}"), "OpenId(…)");
    }

    #[test]
    fn masked_names_hide_the_middle() {
        assert_eq!(masked_name("江苏示例网络科技有限公司"), "江苏****公司");
        assert_eq!(masked_name("张三"), "张**");
        assert_eq!(masked_name(""), "");
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = Mobile::parse(&text);
            let _ = OpenId::parse(&text);
            let _ = masked_name(&text);
        }

        #[test]
        fn every_number_of_the_plan_is_accepted(second in 3u8..=9, rest in "[0-9]{9}") {
            let number = format!("1{second}{rest}");
            prop_assert!(Mobile::parse(&number).is_ok());
        }
    }
}
