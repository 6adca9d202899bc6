//! What can go wrong with SQL. rbatis knows only texts, so they are understood here, once.

/// Why a statement or a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A unique index refused the row.
    #[error("a row with the same {key} exists")]
    Duplicate {
        /// The index by our convention (`uk_<table>_<columns>`), or `PRIMARY`.
        key: String,
    },
    /// The row points to a row that does not exist, or others point to it.
    #[error("a foreign key refused the change")]
    ForeignKey,
    /// Others were in the way (deadlock, lock wait, certification); trying again may succeed.
    #[error("the rows are locked by others")]
    Retry,
    /// The database cannot be reached or does not answer in time. Whether a commit that ended
    /// so has happened is not known.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The work of a transaction panicked; nothing of it was kept.
    #[error("the work of a transaction panicked")]
    Panicked,
    /// The schema does not fit this program.
    #[error("migrations: {0}")]
    Migration(String),
    /// A fault of ours: wrong SQL, a value that cannot be bound, a row that cannot be read.
    #[error("{0}")]
    Other(String),
}

/// Marks errors that the pool made; the rest of the text says what happened.
pub(super) const POOL: &str = "pool: ";

impl Error {
    /// True when any unique index or primary key refused the row.
    pub const fn is_duplicate(&self) -> bool {
        matches!(self, Self::Duplicate { .. })
    }

    /// True when the unique index of this name (`uk_<table>_<columns>`) refused the row.
    ///
    /// Primary keys have no name that both databases report: ask [`Self::is_duplicate`].
    pub fn is_duplicate_of(&self, index: &str) -> bool {
        matches!(self, Self::Duplicate { key } if key == index)
    }

    /// True when the database, not the request, is to blame, and a later try may succeed.
    pub const fn is_outage(&self) -> bool {
        matches!(self, Self::Retry | Self::Unavailable(_))
    }
}

impl From<rbatis::Error> for Error {
    fn from(error: rbatis::Error) -> Self {
        let text = error.to_string();
        if let Some(why) = text.strip_prefix(POOL) {
            return Self::Unavailable(why.to_owned());
        }
        match server_code(&text) {
            Some(code) => from_mysql(code, &text),
            None => from_sqlite(text),
        }
    }
}

/// The number in front of an error that MySQL itself reports: `1062 (23000): …`.
pub(super) fn server_code(text: &str) -> Option<u16> {
    let (code, rest) = text.split_at_checked(4)?;
    if rest.starts_with([' ', ':']) { code.parse().ok() } else { None }
}

fn from_mysql(code: u16, text: &str) -> Error {
    match code {
        // 1586: the same with the key's name instead of its number.
        1062 | 1586 => Error::Duplicate { key: mysql_key(text).to_owned() },
        1216 | 1217 | 1451 | 1452 => Error::ForeignKey,
        // Lock wait, deadlock (Galera's certification, too), row changed since the snapshot,
        // and Group Replication's certification.
        1205 | 1213 | 1020 | 3101 => Error::Retry,
        // Too many connections, killed, shutting down, read-only, disk full, cut off for idling.
        1021
        | 1040
        | 1041
        | 1047
        | 1053
        | 1114
        | 1152..=1161
        | 1203
        | 1226
        | 1290
        | 1317
        | 1836
        | 1927
        | 1969
        | 3024
        | 3100
        | 4031 => Error::Unavailable(text.to_owned()),
        // These repeat the offending value, which may be personal data.
        1292 | 1366 => Error::Other(format!("{code}: a value does not fit its column")),
        _ => Error::Other(text.to_owned()),
    }
}

/// `… 'typed text' for key 'uk_x'`; MySQL 8 writes `'table.uk_x'`. The typed text may itself
/// contain ` for key '`, hence from the right.
fn mysql_key(text: &str) -> &str {
    let key = text.rsplit_once(" for key '").map_or("", |(_, key)| key.trim_end_matches('\''));
    key.rsplit('.').next().unwrap_or(key)
}

fn from_sqlite(text: String) -> Error {
    if let Some(columns) = text.strip_prefix("UNIQUE constraint failed: ") {
        return Error::Duplicate { key: sqlite_key(columns) };
    }
    if text.starts_with("FOREIGN KEY constraint failed") {
        return Error::ForeignKey;
    }
    let outage = ["disk I/O error", "disk is full", "unable to open", "readonly", "WorkerCrashed"];
    if text.contains("is locked") {
        Error::Retry
    } else if outage.iter().any(|sign| text.contains(sign)) {
        Error::Unavailable(text)
    } else {
        Error::Other(text)
    }
}

/// `member.uscc` → `uk_member_uscc`; `bill.member_id, bill.year` → `uk_bill_member_id_year`;
/// an index on an expression is reported by its name: `index 'uk_x'`.
fn sqlite_key(columns: &str) -> String {
    if let Some(name) = columns.strip_prefix("index '") {
        return name.trim_end_matches('\'').to_owned();
    }
    let mut key = String::from("uk");
    for (i, column) in columns.split(", ").enumerate() {
        let (table, name) = column.split_once('.').unwrap_or(("", column));
        if i == 0 {
            key.push('_');
            key.push_str(table);
        }
        key.push('_');
        key.push_str(name);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Error {
        rbatis::Error::from(text).into()
    }

    #[test]
    fn both_databases_name_a_duplicate_alike() {
        for text in [
            "1062 (23000): Duplicate entry '91' for key 'member.uk_member_uscc'",
            "1062 (23000): Duplicate entry 'x' for key 'uk_evil'' for key 'uk_member_uscc'",
            "UNIQUE constraint failed: member.uscc",
        ] {
            assert!(read(text).is_duplicate_of("uk_member_uscc"), "{text}");
        }
        let two = read("UNIQUE constraint failed: bill.member_id, bill.year");
        assert!(two.is_duplicate_of("uk_bill_member_id_year"));
        assert!(read("UNIQUE constraint failed: index 'uk_x'").is_duplicate_of("uk_x"));
    }

    #[test]
    fn outages_are_told_from_faults() {
        assert_eq!(read("1213 (40001): Deadlock found"), Error::Retry);
        assert_eq!(read("database is locked"), Error::Retry);
        assert_eq!(
            read("pool: no free connection"),
            Error::Unavailable("no free connection".into())
        );
        assert!(read("1040 (08004): Too many connections").is_outage());
        assert_eq!(read("FOREIGN KEY constraint failed"), Error::ForeignKey);
        assert!(matches!(read("1064 (42000): You have an error"), Error::Other(_)));
        assert!(!read("1366 (22007): Incorrect string value: '张三'").to_string().contains('张'));
    }
}
