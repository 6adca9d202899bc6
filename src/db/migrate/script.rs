//! A migration file: its number, its name, and its statements.

use rust_embed::RustEmbed;

use crate::db::{Dialect, Error};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) statements: Vec<String>,
}

/// The scripts of the dialect, in their order.
pub(super) fn embedded<Files: RustEmbed>(dialect: Dialect) -> Result<Vec<Script>, Error> {
    let folder = match dialect {
        Dialect::Sqlite => "sqlite/",
        Dialect::Mysql => "mysql/",
    };
    let mut scripts = Vec::new();
    for path in Files::iter().filter(|path| path.starts_with(folder) && path.ends_with(".sql")) {
        let file = Files::get(&path).ok_or_else(|| Error::Migration(format!("{path} is gone")))?;
        let text = std::str::from_utf8(&file.data)
            .map_err(|_| Error::Migration(format!("{path} is not UTF-8")))?;
        scripts.push(Script::read(&path[folder.len()..], text)?);
    }
    scripts.sort_by_key(|script| script.version);
    match scripts.windows(2).find(|pair| pair[0].version == pair[1].version) {
        Some(pair) => Err(Error::Migration(format!("two files are number {}", pair[0].version))),
        None => Ok(scripts),
    }
}

impl Script {
    /// Reads `0001_name.sql`.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, Error> {
        let name = file.trim_end_matches(".sql");
        let version = name.split('_').next().and_then(|number| number.parse().ok());
        let version = version
            .ok_or_else(|| Error::Migration(format!("{file} must be named 0001_name.sql")))?;
        Ok(Self { version, name: name.to_owned(), statements: split(text) })
    }
}

/// Splits at every `;` that ends a line, without comment lines and surrounding space, so that
/// neither a comment nor a line ending changes the checksum.
fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim_end) {
        if line.trim_start().starts_with("--") || (lines.is_empty() && line.is_empty()) {
            continue;
        }
        if let Some(last) = line.strip_suffix(';') {
            lines.push(last);
            statements.push(std::mem::take(&mut lines).join("\n"));
        } else {
            lines.push(line);
        }
    }
    statements.push(lines.join("\n"));
    statements.retain(|statement| !statement.trim().is_empty());
    statements
}

/// SHA-256 over the statements, in hex.
pub(super) fn checksum(statements: &[String]) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for statement in statements {
        context.update(statement.as_bytes());
        context.update(b";\n");
    }
    let digest = context.finish();
    let hex = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    hex.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_split_at_semicolons_that_end_a_line() {
        let text = "-- about\r\ncreate table a (x text default 'a;b',\r\n  y text);\r\n\r\n-- more\n\
            insert into a values ('1; 2', '3');\nselect 1";
        let wanted = [
            "create table a (x text default 'a;b',\n  y text)",
            "insert into a values ('1; 2', '3')",
            "select 1",
        ];
        assert_eq!(split(text), wanted);
        assert_eq!(split("-- nothing\n;\n"), Vec::<String>::new());
    }

    #[test]
    fn the_number_comes_first() {
        assert_eq!(Script::read("0012_dues.sql", "").unwrap().version, 12);
        assert!(Script::read("dues.sql", "").is_err());
    }
}
