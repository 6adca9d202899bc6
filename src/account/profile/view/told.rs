//! What the second of two editors is told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::member::{
    field::{self, Values},
    sheet::{masked_words, words},
};

/// A field that somebody else changed while the form was open.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    label: &'static str,
    before: String,
    now: String,
    /// What was typed, when it differs from both; else the new value was taken over.
    yours: String,
}

impl Told {
    /// Everything that changed, in the order of the form.
    pub(in crate::account::profile) fn all(
        meanwhile: &BTreeMap<String, (String, String)>,
        typed: &Values,
        merged: &Values,
    ) -> Vec<Self> {
        let told = |(name, (before, now)): (&String, &(String, String))| Self {
            label: field::label(name),
            before: masked_words(name, before),
            now: masked_words(name, now),
            yours: match (typed.get(name.as_str()), merged.get(name.as_str())) {
                (Some(typed), Some(merged)) if typed == merged && typed != now => {
                    words(name, typed)
                }
                _ => String::new(),
            },
        };
        let mut all: Vec<Self> = meanwhile.iter().map(told).collect();
        let place = |label| field::ALL.iter().position(|field| field.label == label);
        all.sort_by_key(|told| place(told.label));
        all
    }

    /// Something that is no field of the form, such as the level.
    pub(in crate::account::profile) fn other() -> Self {
        Self {
            label: "其他信息",
            before: String::new(),
            now: "已由秘书处更新".into(),
            yours: String::new(),
        }
    }

    pub(in crate::account::profile) fn sample() -> Self {
        Self {
            label: "详细地址",
            before: "示例路 1 号".into(),
            now: "示例路 2 号".into(),
            yours: "示例路 3 号".into(),
        }
    }
}
