//! Rows as JSON lines or csv. A csv cell that a spreadsheet would take for a formula gets an
//! apostrophe in front (OWASP, CSV injection); JSON lines are exact.

use std::io::{self, Write};

use super::columns::Cell;

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
            // Without the mark a spreadsheet guesses another encoding.
            write!(out, "\u{feff}{}\r\n", columns.join(","))?;
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
                write!(self.out, "{}\r\n", cells.join(","))
            }
        }
    }

    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.rows)
    }
}

fn csv_cell(cell: &Cell) -> String {
    let text = match cell {
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => return number.to_string(),
        Cell::Empty => return String::new(),
    };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A leading blank does not keep a spreadsheet from seeing a formula.
fn guarded(text: &str) -> String {
    let is_risky = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_risky { format!("'{text}") } else { text.to_owned() }
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
    fn formulas_do_not_run_in_a_spreadsheet() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|'/c calc'!A1", "\n=1"] {
            let line = written(Format::Csv, vec![Cell::Text(bad.into()), Cell::Number(-5)]);
            let row = line.split_once("\r\n").unwrap().1;
            assert!(row.starts_with('\'') || row.starts_with("\"'"), "{row}");
            assert!(row.ends_with(",-5\r\n"), "numbers stay numbers: {row}");
        }
    }

    #[test]
    fn cells_are_quoted_and_json_is_exact() {
        let cells = || vec![Cell::Text("a,\"b\"".into()), Cell::Empty];
        assert_eq!(written(Format::Csv, cells()), "\u{feff}a,b\r\n\"a,\"\"b\"\"\",\r\n");
        let line = written(Format::JsonLines, vec![Cell::Text("=1".into()), Cell::Empty]);
        assert_eq!(line, "{\"a\":\"=1\",\"b\":null}\n");
    }
}
