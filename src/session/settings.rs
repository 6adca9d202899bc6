//! Where the store is.

use std::fmt;

use serde::Deserialize;

use super::Error;

/// The `redis` section of the configuration.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Empty: in this process. One `redis://…`: a single Redis. Several, as a list or separated
    /// by commas: a Redis Cluster.
    #[serde(default)]
    url: Urls,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Urls {
    One(String),
    Many(Vec<String>),
}

impl Default for Urls {
    fn default() -> Self {
        Self::One(String::new())
    }
}

impl Settings {
    /// The store behind this URL, or behind these, separated by commas.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: Urls::One(url.into()) }
    }

    /// True when the state lives in this process and other servers cannot see it.
    pub fn is_in_process(&self) -> bool {
        self.urls().is_ok_and(|urls| urls.is_empty())
    }

    pub(super) fn urls(&self) -> Result<Vec<String>, Error> {
        let urls: Vec<String> = match &self.url {
            Urls::Many(urls) => urls.clone(),
            // The environment writes a list as JSON.
            Urls::One(json) if json.trim_start().starts_with('[') => serde_json::from_str(json)
                .map_err(|e| Error::Settings(format!("is not a list: {e}")))?,
            Urls::One(text) => text.split(',').map(str::to_owned).collect(),
        };
        let urls: Vec<String> =
            urls.iter().map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()).collect();
        if urls.iter().all(|url| url.starts_with("redis://") || url.starts_with("redis+unix://")) {
            Ok(urls)
        } else {
            Err(Error::Settings("every address must start with redis://".into()))
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL may hold a password.
        write!(f, "Settings({} servers)", self.urls().unwrap_or_default().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(toml: &str) -> Result<Vec<String>, Error> {
        toml::from_str::<Settings>(toml).unwrap().urls()
    }

    #[test]
    fn a_list_is_written_in_several_ways() {
        let two = ["redis://a", "redis://b"];
        assert_eq!(urls(r#"url = ["redis://a", "redis://b"]"#).unwrap(), two);
        assert_eq!(urls(r#"url = "redis://a, redis://b""#).unwrap(), two);
        assert_eq!(urls(r#"url = '["redis://a","redis://b"]'"#).unwrap(), two);
        assert!(urls(r#"url = """#).unwrap().is_empty());
        assert!(urls("").unwrap().is_empty());
        assert!(urls(r#"url = "http://a""#).is_err());
    }
}
