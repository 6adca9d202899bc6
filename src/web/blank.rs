//! Pages that every visitor sees alike but for the form token, the empty registration form above
//! all: each is rendered once and kept, and the token is put in.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{AppError, page::Surface};

/// Stands where the token belongs. No page contains control characters.
pub(super) const TOKEN: &str = "\u{1}token\u{1}";

/// A template of a surface, and whether it is in large type.
pub(super) type Key = (Surface, &'static str, bool);

/// The kept pages, cut where the token belongs. There are as many as blank pages in the code.
#[derive(Debug, Default)]
pub(super) struct Blanks(RwLock<HashMap<Key, Arc<[String]>>>);

impl Blanks {
    /// The page of a key with the token in it; `render` makes it, with [`TOKEN`], the first time.
    pub(super) fn page(
        &self,
        key: Key,
        token: &str,
        render: impl FnOnce() -> Result<String, AppError>,
    ) -> Result<String, AppError> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let parts = match kept {
            Some(parts) => parts,
            None => self.keep(key, &render()?),
        };
        Ok(parts.join(token))
    }

    fn keep(&self, key: Key, html: &str) -> Arc<[String]> {
        let parts: Arc<[String]> = html.split(TOKEN).map(str::to_owned).collect();
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key, Arc::clone(&parts));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_rendered_once_and_every_visitor_gets_their_token() {
        let blanks = Blanks::default();
        let mut rendered = 0;
        for token in ["one", "two"] {
            let html = blanks.page((Surface::Pc, "x.html", false), token, || {
                rendered += 1;
                Ok(format!("<i value=\"{TOKEN}\"><b value=\"{TOKEN}\">"))
            });
            assert_eq!(html.unwrap(), format!("<i value=\"{token}\"><b value=\"{token}\">"));
        }
        assert_eq!(rendered, 1);
        let large = blanks.page((Surface::Pc, "x.html", true), "one", || Ok("large".into()));
        assert_eq!(large.unwrap(), "large");
    }
}
