//! 邮箱: where receipts go.

use crate::kernel::text;

/// An address that mail can be sent to, as far as that can be seen; the receipt goes there.
pub fn parse(typed: &str) -> Result<String, &'static str> {
    const WRONG: &str = "请填写正确的邮箱，例如 name@example.com";
    let text = text::half_width(typed).trim().to_owned();
    if text.is_empty() {
        return Err("请填写邮箱");
    }
    let (user, domain) = text.rsplit_once('@').ok_or(WRONG)?;
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let is_user = !user.is_empty() && user.len() <= 64 && user.bytes().all(is_plain);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_domain = domain.contains('.') && domain.split('.').all(is_label);
    let fits = is_user && is_domain && text.len() <= 100;
    if fits { Ok(text) } else { Err(WRONG) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_reaches_are_accepted() {
        for good in ["a@example.com", "dues.office+x@mail.example.org.cn", "ａ@example.com"] {
            assert!(parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "a@b", "@example.com", "a b@example.com", "a@-x.cn", "a@x..cn", "a@例.cn"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
