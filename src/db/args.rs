//! Arguments of statements: every value becomes one that both databases store alike, and a value
//! that cannot be bound is noticed before the statement runs (rbatis would bind NULL).

use rbs::Value;
use serde::Serialize;

use super::{Dialect, Error};

/// Tags a value that cannot be bound; the content says why.
const UNBINDABLE: &str = "unbindable";

/// Arguments of a statement in their order: `args!(id, &member.name, Fen::yuan(3), true, None::<i64>)`.
#[macro_export]
macro_rules! db_args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::bind(&$value)),*] };
}

/// One argument. Newtypes bind as what they wrap, truth as 0/1, all integers as BIGINT.
pub fn bind<T: Serialize + ?Sized>(value: &T) -> Value {
    match value.serialize(Value::Null) {
        Ok(value) => plain(value),
        Err(error) => unbindable(&error.to_string()),
    }
}

fn plain(value: Value) -> Value {
    match value {
        // `struct Id(String)` without `transparent`: rbatis' drivers would bind NULL.
        Value::Ext(tag, inner) if tag != UNBINDABLE => plain(*inner),
        Value::Bool(truth) => Value::I64(truth.into()),
        Value::I32(n) => Value::I64(n.into()),
        // The drivers store an unsigned number wrongly.
        Value::U32(n) => Value::I64(n.into()),
        Value::U64(n) => match i64::try_from(n) {
            Ok(n) => Value::I64(n),
            Err(_) => unbindable("a number beyond BIGINT"),
        },
        Value::F32(_) | Value::F64(_) => unbindable("a floating point number"),
        Value::Array(_) => unbindable("a list; blobs are db::Bytes"),
        Value::Map(_) => unbindable("a structure; documents are db::Json"),
        value @ (Value::Null
        | Value::I64(_)
        | Value::String(_)
        | Value::Binary(_)
        | Value::Ext(..)) => value,
    }
}

fn unbindable(why: &str) -> Value {
    Value::Ext(UNBINDABLE, Box::new(Value::String(why.to_owned())))
}

/// The arguments as they go to the driver, or why they cannot.
pub(super) fn checked(dialect: Dialect, sql: &str, args: Vec<Value>) -> Result<Vec<Value>, Error> {
    let wanted = count_marks(sql);
    if wanted != args.len() {
        // SQLite would bind NULL for what is missing.
        let given = args.len();
        return Err(Error::Other(format!("{wanted} arguments wanted, {given} given: {sql}")));
    }
    let mut ready = Vec::with_capacity(args.len());
    for (i, value) in args.into_iter().enumerate() {
        match plain(value) {
            Value::Ext(_, why) => {
                let why = why.as_str().unwrap_or_default();
                return Err(Error::Other(format!("argument {} is {why}: {sql}", i + 1)));
            }
            Value::String(text) if dialect == Dialect::Sqlite && looks_like_json(&text) => {
                // Read back as TEXT, rbdc-sqlite would hand over a parsed document. As a blob
                // it keeps its bytes, equals itself, and decodes into a String.
                ready.push(Value::Binary(text.into_bytes()));
            }
            value => ready.push(value),
        }
    }
    Ok(ready)
}

/// The same test as in rbdc-sqlite 4.9.
fn looks_like_json(text: &str) -> bool {
    text == "null"
        || (text.starts_with('{') && text.ends_with('}'))
        || (text.starts_with('[') && text.ends_with(']'))
}

fn count_marks(sql: &str) -> usize {
    let mut quote = None;
    let mut marks = 0;
    for c in sql.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            None => marks += usize::from(c == '?'),
        }
    }
    marks
}

/// `?,?,?` for `in (…)`; `null` (which matches nothing) for an empty list.
pub fn marks(count: usize) -> String {
    if count == 0 { "null".to_owned() } else { vec!["?"; count].join(",") }
}

/// The pattern that finds `text` anywhere, for `like ? escape '!'`.
pub fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Fen, Timestamp};

    #[derive(Serialize)]
    struct Bare(i32);

    #[test]
    fn values_are_bound_as_what_they_hold() {
        let mobile: crate::kernel::Mobile = "13800138000".to_owned().try_into().unwrap();
        let name = String::from("名");
        let given = crate::db::args!(
            Fen::new(7),
            Timestamp::from_millis(9),
            mobile,
            &name,
            "x",
            true,
            Bare(3),
            None::<i64>,
            Some(1u32),
            crate::db::Bytes(vec![1])
        );
        let wanted = [
            Value::I64(7),
            Value::I64(9),
            Value::String("13800138000".into()),
            Value::String(name),
            Value::String("x".into()),
            Value::I64(1),
            Value::I64(3),
            Value::Null,
            Value::I64(1),
            Value::Binary(vec![1]),
        ];
        assert_eq!(given, wanted);
    }

    #[test]
    fn what_cannot_be_bound_is_noticed() {
        #[derive(Serialize)]
        enum Choice {
            Of(i64),
        }
        for bad in [bind(&1.5), bind(&u64::MAX), bind(&vec![1u8]), bind(&Choice::Of(1))] {
            assert!(checked(Dialect::Mysql, "select ?", vec![bad]).is_err());
        }
        assert!(checked(Dialect::Mysql, "select ?", Vec::new()).is_err());
        assert!(checked(Dialect::Mysql, "select '?'", Vec::new()).is_ok());
    }

    #[test]
    fn patterns_match_only_what_was_typed() {
        assert_eq!(contains("5%_!"), "%5!%!_!!%");
        assert_eq!(marks(2), "?,?");
    }
}
