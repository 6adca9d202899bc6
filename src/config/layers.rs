//! Laying one layer of settings over another: tables merge, values replace.

use toml::{Table, Value};

/// Lays one table over another.
pub(super) fn merge(base: &mut Table, layer: Table) {
    for (key, value) in layer {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Sets `SECTION__KEY` from the environment; the present value's type says how to read the text.
pub(super) fn set(table: &mut Table, keys: &str, text: &str) -> Result<(), String> {
    let keys = keys.to_lowercase();
    let (path, last) = keys.rsplit_once("__").ok_or("expected HUIYUAN__SECTION__KEY")?;
    let mut inner = table;
    for key in path.split("__") {
        inner = match inner.get_mut(key) {
            Some(Value::Table(next)) => next,
            _ => return Err(format!("there is no section {key}")),
        };
    }
    let value = match inner.get(last) {
        Some(Value::Integer(_)) => Value::Integer(text.parse().map_err(|_| "not a whole number")?),
        Some(Value::Boolean(_)) => Value::Boolean(text.parse().map_err(|_| "not true or false")?),
        Some(Value::Array(_) | Value::Table(_)) => from_json(text)?,
        Some(_) if text.starts_with('[') => from_json(text)?,
        Some(_) => Value::String(text.to_owned()),
        None => return Err("there is no such key".into()),
    };
    inner.insert(last.to_owned(), value);
    Ok(())
}

fn from_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not valid JSON: {error}"))
}
