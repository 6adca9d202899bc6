//! Tables for spreadsheets: RFC 4180, UTF-8 with a byte order mark (without it a spreadsheet guesses
//! another encoding). A cell that a spreadsheet would take for a formula gets an apostrophe in front
//! (OWASP, CSV injection).

/// What stands before the first line.
pub const MARK: &str = "\u{feff}";

/// One line of cells that are written already.
pub fn line(cells: &[String]) -> String {
    format!("{}\r\n", cells.join(","))
}

/// A text as a cell.
pub fn cell(text: &str) -> String {
    let text = guarded(text);
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

    #[test]
    fn formulas_do_not_run_in_a_spreadsheet() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|'/c calc'!A1", "\n=1"] {
            let cell = cell(bad);
            assert!(cell.starts_with('\'') || cell.starts_with("\"'"), "{cell}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(cell("示例（南京）公司"), "示例（南京）公司");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(line(&[cell("a"), cell("b")]), "a,b\r\n");
    }
}
