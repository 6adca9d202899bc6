//! 完善信息: what a member fills in about itself, checked and saved. Level, name, code and mobiles
//! are not here: the secretariat alone changes them, whatever a browser sends.

use serde::Serialize;

use super::{Member, email, model::Profile, region::Region, store};
use crate::{
    db,
    kernel::{
        dictionary::{self, Entry as Choice},
        text,
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, Fields, Form, form::FieldErrors},
};

/// The fields of the form; `version` tells two editors apart.
pub const FIELDS: &[&str] = &[
    "version",
    "contact",
    "email",
    "unit_state",
    "unit_nature",
    "industry",
    "unit_size",
    "region",
    "address",
];

/// The required fields with their labels, in the order of the form.
pub const REQUIRED: &[(&str, &str)] = &[
    ("contact", "联系人"),
    ("email", "邮箱"),
    ("unit_state", "单位状态"),
    ("unit_nature", "单位性质"),
    ("industry", "所属行业"),
    ("unit_size", "单位规模"),
    ("region", "所在地区"),
    ("address", "详细地址"),
];

impl Profile {
    /// What a field of the form holds.
    pub fn value(&self, field: &str) -> &str {
        match field {
            "contact" => &self.contact,
            "email" => &self.email,
            "unit_state" => &self.unit_state,
            "unit_nature" => &self.unit_nature,
            "industry" => &self.industry,
            "unit_size" => &self.unit_size,
            "region" => &self.region_code,
            "address" => &self.address,
            _ => "",
        }
    }

    /// The same in words, for people.
    pub fn words(&self, field: &str) -> &str {
        let value = self.value(field);
        match field {
            "unit_state" => dictionary::label(dictionary::UNIT_STATES, value),
            "unit_nature" => dictionary::label(dictionary::UNIT_NATURES, value),
            "industry" => dictionary::label(dictionary::INDUSTRIES, value),
            "unit_size" => dictionary::label(dictionary::UNIT_SIZES, value),
            "region" => &self.region_name,
            _ => value,
        }
    }

    /// The required fields that are empty: name and label.
    pub fn missing(&self) -> Vec<(&'static str, &'static str)> {
        REQUIRED.iter().copied().filter(|(name, _)| self.value(name).is_empty()).collect()
    }

    /// The fields in which two profiles differ: name and label.
    pub fn differing(&self, other: &Self) -> Vec<(&'static str, &'static str)> {
        REQUIRED.iter().copied().filter(|(name, _)| self.value(name) != other.value(name)).collect()
    }
}

/// Reads the form: a complete profile and the version that it was made from, or all mistakes.
pub fn parse(form: &Form) -> Result<(Profile, i64), FieldErrors> {
    let mut fields = Fields::of(form);
    let contact = fields.read("contact", |text| filled("联系人", text, 50));
    let email = fields.read("email", email::parse);
    let unit_state =
        fields.read("unit_state", |code| choice("单位状态", dictionary::UNIT_STATES, code));
    let unit_nature =
        fields.read("unit_nature", |code| choice("单位性质", dictionary::UNIT_NATURES, code));
    let industry = fields.read("industry", |code| choice("所属行业", dictionary::INDUSTRIES, code));
    let unit_size =
        fields.read("unit_size", |code| choice("单位规模", dictionary::UNIT_SIZES, code));
    let region = fields.read("region", Region::parse);
    let address = fields.read("address", |text| filled("详细地址", text, 200));
    let parsed = (|| {
        let region = region?;
        Some(Profile {
            contact: contact?,
            email: email?,
            unit_state: unit_state?,
            unit_nature: unit_nature?,
            industry: industry?,
            unit_size: unit_size?,
            region_code: region.code,
            region_name: region.name,
            address: address?,
        })
    })();
    // A version that is no number was not ours: it differs from every real one.
    let version = form.value("version").parse().unwrap_or_default();
    fields.finish(parsed.map(|profile| (profile, version)))
}

fn filled(label: &str, typed: &str, max: usize) -> Result<String, String> {
    match text::required(typed, max) {
        Ok(text) if text.contains('\n') => Err(format!("{label}请写在一行里")),
        Ok(text) => Ok(text),
        Err(text::TextError::Empty) => Err(format!("请填写{label}")),
        Err(error) => Err(format!("{label}{error}")),
    }
}

fn choice(label: &str, list: &[Choice], code: &str) -> Result<String, String> {
    if dictionary::contains(list, code) {
        Ok(code.to_owned())
    } else {
        Err(format!("请选择{label}"))
    }
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The member was changed after the form was opened.
    #[error("您打开本页之后，这些信息已被修改")]
    Changed,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for SaveError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Saves a complete profile if nobody changed the member since `version`.
pub async fn save(
    app: &App,
    actor: Actor,
    member: &Member,
    (profile, version): (Profile, i64),
    ip: &str,
) -> Result<(), SaveError> {
    if member.version != version {
        return Err(SaveError::Changed);
    }
    let fields = member.profile.differing(&profile).into_iter().map(|(name, _)| name).collect();
    let entry = Entry {
        actor,
        action: "member.profile",
        object_kind: "member",
        object_id: member.id.to_string(),
        reason: String::new(),
        detail: Detail { fields, version },
        ip: ip.to_owned(),
    };
    let change = Change { app: app.clone(), member: member.clone(), profile, entry };
    db::transaction(&app.db, change, |tx, change| Box::pin(write(tx, change))).await
}

/// Names only: the values are personal data.
#[derive(Serialize)]
struct Detail {
    fields: Vec<&'static str>,
    version: i64,
}

struct Change {
    app: App,
    member: Member,
    profile: Profile,
    entry: Entry<Detail>,
}

async fn write(tx: &db::Tx, change: &Change) -> Result<(), SaveError> {
    let Change { app, member, profile, entry } = change;
    let now = app.clock.now();
    if !store::save_profile(tx, &app.vault, member, profile, now).await? {
        return Err(SaveError::Changed);
    }
    Ok(audit::record(tx, &app.ids, now, entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_in_the_order_of_the_form() {
        let mut profile = Profile { contact: "测试".into(), ..Profile::default() };
        assert_eq!(profile.missing().first(), Some(&("email", "邮箱")));
        for (field, value) in [
            (&mut profile.email, "a@example.com"),
            (&mut profile.unit_state, "active"),
            (&mut profile.unit_nature, "private"),
            (&mut profile.industry, "I64"),
            (&mut profile.unit_size, "small"),
            (&mut profile.region_code, "320102"),
            (&mut profile.address, "示例路"),
        ] {
            *field = value.into();
        }
        assert!(profile.missing().is_empty());
    }
}
