//! Rows as JSON lines or csv. JSON lines are exact; csv is for spreadsheets (`web::csv`).

use std::io::{self, Write};

use super::columns::Cell;
use crate::web::csv;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// RFC 4180 with a header line, UTF-8 with a byte order mark.
    Csv,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "jsonl" => Ok(Self::JsonLines),
            "csv" => Ok(Self::Csv),
            other => Err(format!("{other} is neither jsonl nor csv")),
        }
    }
}

pub(super) struct Writer<'a> {
    out: io::BufWriter<&'a mut (dyn Write + Send)>,
    format: Format,
    columns: &'static [&'static str],
    rows: u64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        out: &'a mut (dyn Write + Send),
        format: Format,
        columns: &'static [&'static str],
    ) -> io::Result<Self> {
        let mut out = io::BufWriter::with_capacity(64 * 1024, out);
        if format == Format::Csv {
            write!(out, "{}{}\r\n", csv::MARK, columns.join(","))?;
        }
        Ok(Self { out, format, columns, rows: 0 })
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        self.rows += 1;
        match self.format {
            Format::JsonLines => {
                let pairs = self.columns.iter().zip(cells).map(|(name, cell)| {
                    let value = match cell {
                        Cell::Text(text) => serde_json::Value::String(text),
                        Cell::Number(number) => number.into(),
                        Cell::Empty => serde_json::Value::Null,
                    };
                    ((*name).to_owned(), value)
                });
                let object: serde_json::Map<_, _> = pairs.collect();
                serde_json::to_writer(&mut self.out, &object)?;
                self.out.write_all(b"\n")
            }
            Format::Csv => {
                let cells: Vec<String> = cells.iter().map(csv_cell).collect();
                self.out.write_all(csv::line(&cells).as_bytes())
            }
        }
    }

    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.rows)
    }
}

fn csv_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => csv::cell(text),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, cells: Vec<Cell>) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out, format, &["a", "b"]).unwrap();
        writer.row(cells).unwrap();
        assert_eq!(writer.finish().unwrap(), 1);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_do_not_run_and_numbers_stay_numbers() {
        let line = written(Format::Csv, vec![Cell::Text("=1+1".into()), Cell::Number(-5)]);
        assert!(line.ends_with("'=1+1,-5\r\n"), "{line}");
    }

    #[test]
    fn cells_are_quoted_and_json_is_exact() {
        let cells = || vec![Cell::Text("a,\"b\"".into()), Cell::Empty];
        assert_eq!(written(Format::Csv, cells()), "\u{feff}a,b\r\n\"a,\"\"b\"\"\",\r\n");
        let line = written(Format::JsonLines, vec![Cell::Text("=1".into()), Cell::Empty]);
        assert_eq!(line, "{\"a\":\"=1\",\"b\":null}\n");
    }
}
