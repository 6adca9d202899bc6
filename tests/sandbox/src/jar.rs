//! The cookies of every pretend user's web view, kept here so that no real browser ever sees them.

use std::collections::BTreeMap;

/// Cookies by user, then by name and path. There is one product host, so the domain plays no part.
#[derive(Debug, Default)]
pub struct Jars(BTreeMap<String, BTreeMap<(String, String), Cookie>>);

#[derive(Debug)]
struct Cookie {
    value: String,
    until_ms: Option<i64>,
}

impl Jars {
    /// The `Cookie` header of this user for this path.
    pub fn header(&self, user: &str, path: &str, now_ms: i64) -> Option<String> {
        let alive = |cookie: &Cookie| cookie.until_ms.is_none_or(|until| now_ms < until);
        let mut found: Vec<_> = self
            .0
            .get(user)?
            .iter()
            .filter(|((_, at), cookie)| covers(at, path) && alive(cookie))
            .collect();
        found.sort_by_key(|((_, at), _)| std::cmp::Reverse(at.len()));
        let pairs: Vec<String> =
            found.iter().map(|((name, _), cookie)| format!("{name}={}", cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Takes in one `Set-Cookie` header.
    pub fn keep(&mut self, user: &str, set_cookie: &str, now_ms: i64) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let (mut path, mut until_ms) = ("/".to_owned(), None);
        for part in parts {
            let (key, told) = part.split_once('=').unwrap_or((part, ""));
            match key.to_ascii_lowercase().as_str() {
                "path" if told.starts_with('/') => told.clone_into(&mut path),
                "max-age" => {
                    until_ms = told.parse::<i64>().ok().map(|seconds| now_ms + seconds * 1000);
                }
                "expires" if told.contains("1970") && until_ms.is_none() => until_ms = Some(0),
                _ => {}
            }
        }
        let jar = self.0.entry(user.to_owned()).or_default();
        if until_ms.is_some_and(|until| until <= now_ms) {
            jar.remove(&(name.to_owned(), path));
        } else {
            jar.insert((name.to_owned(), path), Cookie { value: value.to_owned(), until_ms });
        }
    }

    /// Forgets what a user's web view knows.
    pub fn empty(&mut self, user: &str) {
        self.0.remove(user);
    }
}

/// RFC 6265: the cookie's path is the path itself or a folder above it.
fn covers(cookie_path: &str, path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie_path.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_by_user_path_and_time() {
        let mut jars = Jars::default();
        jars.keep("a", "sid=1; Path=/; HttpOnly; SameSite=Lax", 0);
        jars.keep("a", "x=2; Max-Age=60; Path=/wechat", 0);

        assert_eq!(jars.header("a", "/", 0).as_deref(), Some("sid=1"));
        assert_eq!(jars.header("a", "/wechat/oauth", 59_999).as_deref(), Some("x=2; sid=1"));
        assert_eq!(jars.header("a", "/wechat", 60_000).as_deref(), Some("sid=1"));
        assert_eq!(jars.header("b", "/", 0), None);

        jars.keep("a", "sid=; Max-Age=0; Path=/", 0);
        assert_eq!(jars.header("a", "/", 0), None);
    }
}
