//! Truth as 0/1: neither driver reads such a column into a `bool`.
//!
//! A field is a [`Flag`], or a `bool` with `#[serde(with = "crate::db::flag")]`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A column that holds 0 or 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flag(pub bool);

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer).map(Self)
    }
}

/// Writes 0 or 1.
pub fn serialize<S: Serializer>(truth: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64((*truth).into())
}

/// Reads 0 or 1; anything else is refused.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    deserializer.deserialize_any(ZeroOrOne)
}

struct ZeroOrOne;

impl de::Visitor<'_> for ZeroOrOne {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0 or 1")
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<bool, E> {
        Ok(truth)
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<bool, E> {
        match n {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(E::invalid_value(de::Unexpected::Signed(n), &self)),
        }
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<bool, E> {
        self.visit_i64(i64::try_from(n).unwrap_or(-1))
    }
}
