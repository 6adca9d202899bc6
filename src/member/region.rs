//! 所在地区: codes of GB/T 2260 with their names, from the same table as the selects on the page.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::web::assets;

/// A place at the last level that its province has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits.
    pub code: String,
    /// `江苏省 南京市 玄武区`, as it is called today; stored with the code, because places are renamed.
    pub name: String,
}

/// A text that names no place, or not precisely enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("请选择所在地区到区县一级，例如：江苏省 南京市 玄武区")]
pub struct NotARegion;

/// Code, name, places below.
#[derive(Deserialize)]
struct Row(String, String, #[serde(default)] Vec<Row>);

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let bytes = assets::asset_bytes("regions.json").unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::error!(%error, "the table of regions cannot be read");
        Vec::new()
    })
});

impl Region {
    /// Reads a code (from the selects) or names parted by blanks (from the plain input).
    pub fn parse(text: &str) -> Result<Self, NotARegion> {
        let plain: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '/' | '·')).collect();
        if plain.is_empty() {
            return Err(NotARegion);
        }
        find(&TABLE, &plain, &mut Vec::new()).ok_or(NotARegion)
    }
}

fn find<'a>(rows: &'a [Row], wanted: &str, above: &mut Vec<&'a str>) -> Option<Region> {
    for Row(code, name, below) in rows {
        above.push(name);
        let found = if below.is_empty() {
            let is_it = code == wanted || above.concat() == wanted;
            is_it.then(|| Region { code: code.clone(), name: above.join(" ") })
        } else {
            find(below, wanted, above)
        };
        if found.is_some() {
            return found;
        }
        above.pop();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_lead_to_the_same_place() {
        let place = Region::parse("320102").unwrap();
        assert_eq!(place.name, "江苏省 南京市 玄武区");
        for same in ["江苏省 南京市 玄武区", "江苏省南京市玄武区", " 320102 "] {
            assert_eq!(Region::parse(same).as_ref(), Ok(&place), "{same}");
        }
    }

    #[test]
    fn half_a_place_is_none() {
        for bad in ["", "320000", "320100", "江苏省", "329999", "玄武区", "'; drop"] {
            assert_eq!(Region::parse(bad), Err(NotARegion), "{bad}");
        }
    }
}
