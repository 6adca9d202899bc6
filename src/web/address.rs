//! Addresses with a query, for the links of filtered lists.

use std::fmt::Write as _;

/// `path?name=value&…`; pairs with an empty value are left out.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> =
        pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// Percent-encoding for a query value.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            all.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(all, "%{byte:02X}");
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_in_its_value() {
        assert_eq!(address("/a", &[("q", "示 &b=1"), ("year", "")]), "/a?q=%E7%A4%BA%20%26b%3D1");
        assert_eq!(address("/a", &[]), "/a");
    }
}
