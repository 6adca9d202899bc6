//! Many rows in one statement. Values stand in the statement as literals: a million rows with
//! bound values would cost more in the driver than in the database.

use std::fmt::Write as _;

use huiyuan::{
    db::{Db, Run as _},
    kernel::Timestamp,
};
use tokio::task::JoinSet;

use crate::Result;

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Text without backslashes, which the two databases read differently.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// NULL.
    Null,
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Cell<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Number(at.millis())
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a row, with semicolons between them: so a formatter keeps them together.
macro_rules! cells {
    ($($value:expr);*) => { &[$($crate::fill::batch::Cell::from($value)),*] };
}
pub(super) use cells;

/// Rows of one table that wait to be written.
#[derive(Debug)]
pub struct Rows {
    head: String,
    sql: String,
    width: usize,
}

impl Rows {
    /// `into` is a table with the columns that every row has: `member (id, no)`.
    pub fn new(into: &str) -> Self {
        let width = into.matches(',').count() + 1;
        Self { head: format!("insert into {into} values "), sql: String::new(), width }
    }

    /// One more row.
    pub fn add(&mut self, row: &[Cell]) -> Result<()> {
        if row.len() != self.width {
            return Err(
                format!("{} values instead of {}: {}", row.len(), self.width, self.head).into()
            );
        }
        self.sql.push_str(if self.sql.is_empty() { &self.head } else { ", " });
        let mut before = '(';
        for cell in row {
            self.sql.push(before);
            before = ',';
            match cell {
                Cell::Null => self.sql.push_str("null"),
                Cell::Number(number) => write!(self.sql, "{number}")?,
                Cell::Text(text) if text.contains(['\\', '?']) => {
                    return Err(format!("text that is no plain literal: {text}").into());
                }
                Cell::Text(text) => {
                    self.sql.extend(["'", &text.replace('\'', "''"), "'"]);
                }
            }
        }
        self.sql.push(')');
        Ok(())
    }

    fn take(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.sql)).filter(|sql| !sql.is_empty())
    }
}

/// Writes while the next rows are being made; at most one set of statements is under way.
#[derive(Debug)]
pub struct Writer {
    db: Db,
    busy: JoinSet<std::result::Result<u64, huiyuan::db::Error>>,
}

impl Writer {
    /// To a database.
    pub fn new(db: &Db) -> Self {
        Self { db: db.clone(), busy: JoinSet::new() }
    }

    /// Begins to write what waits in the tables, as soon as what was begun before is done.
    pub async fn write<'a>(
        &mut self,
        tables: impl IntoIterator<Item = &'a mut Rows>,
    ) -> Result<()> {
        self.finish().await?;
        for sql in tables.into_iter().filter_map(Rows::take) {
            let db = self.db.clone();
            self.busy.spawn(async move { db.exec(&sql, Vec::new()).await });
        }
        Ok(())
    }

    /// Waits for what was begun.
    pub async fn finish(&mut self) -> Result<()> {
        while let Some(done) = self.busy.join_next().await {
            done??;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_literals() {
        let mut rows = Rows::new("t (a, b, c)");
        rows.add(cells!["o'k"; 5; None::<i64>]).unwrap();
        rows.add(cells![&String::from("会员"); Some(-1); "x"]).unwrap();
        let sql = "insert into t (a, b, c) values ('o''k',5,null), ('会员',-1,'x')";
        assert_eq!(rows.take().as_deref(), Some(sql));
        assert_eq!(rows.take(), None);
        assert!(rows.add(cells!["a"]).is_err());
        assert!(rows.add(cells!["a\\"; 1; 1]).is_err());
    }
}
