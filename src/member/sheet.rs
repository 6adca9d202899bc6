//! Everything that is known of a unit, field by field: the member and its detail together.

use super::{
    Member,
    field::{ALL, Field, Lock, Values, with_lock},
    model::Detail,
    store,
};
use crate::{
    db::Run,
    kernel::{
        Mobile, Uscc, Vault,
        dictionary::{self, label},
        ids::MemberId,
        industry,
    },
    web::AppError,
};

/// A member with its detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What every page needs.
    pub member: Member,
    /// What the profile adds.
    pub detail: Detail,
}

/// Loads a sheet.
pub async fn find(db: &impl Run, vault: &Vault, id: &MemberId) -> Result<Option<Sheet>, AppError> {
    let Some(member) = store::find(db, vault, id).await? else { return Ok(None) };
    Ok(Some(of_member(db, vault, member).await?))
}

/// The sheet of a member that was loaded already.
pub async fn of_member(db: &impl Run, vault: &Vault, member: Member) -> Result<Sheet, AppError> {
    let detail = store::sheet::detail(db, vault, &member.id).await?;
    Ok(Sheet { member, detail })
}

impl Sheet {
    /// The stored form of a field; empty when it is missing or unknown.
    pub fn value(&self, field: &str) -> String {
        let Self { member, detail } = self;
        let profile = &member.profile;
        match field {
            "name" => member.name.clone(),
            "uscc" => member.uscc.to_string(),
            "user_type" => member.user_type.clone(),
            "legal_person" => member.legal_person.clone(),
            "legal_mobile" => member.legal_mobile.as_str().to_owned(),
            "contact_mobile" => member.contact_mobile.as_str().to_owned(),
            "joined_on" => member.joined_on.to_string(),
            "contact" => profile.contact.clone(),
            "email" => profile.email.clone(),
            "unit_state" => profile.unit_state.clone(),
            "unit_nature" => profile.unit_nature.clone(),
            "industry" => profile.industry.clone(),
            "unit_size" => profile.unit_size.clone(),
            "region" => {
                format!("{} {}", profile.region_code, profile.region_name).trim().to_owned()
            }
            "address" => profile.address.clone(),
            other => part(detail, other).to_owned(),
        }
    }

    /// Puts a stored form into its field.
    pub fn set(&mut self, field: &str, value: &str) -> Result<(), AppError> {
        let damaged = || AppError::Fault(format!("a stored {field} cannot be read"));
        let Self { member, detail } = self;
        let owned = value.to_owned();
        match field {
            "name" => member.name = owned,
            "uscc" => {
                member.uscc = Uscc::parse(value).map_err(|_| damaged())?;
                member.uscc_doubtful = !member.uscc.is_sound();
            }
            "user_type" => member.user_type = owned,
            "legal_person" => member.legal_person = owned,
            "legal_mobile" => member.legal_mobile = Mobile::parse(value).map_err(|_| damaged())?,
            "contact_mobile" => {
                member.contact_mobile = Mobile::parse(value).map_err(|_| damaged())?;
            }
            "joined_on" => member.joined_on = value.parse().map_err(|_| damaged())?,
            "contact" => member.profile.contact = owned,
            "email" => member.profile.email = owned,
            "unit_state" => member.profile.unit_state = owned,
            "unit_nature" => member.profile.unit_nature = owned,
            "industry" => member.profile.industry = owned,
            "unit_size" => member.profile.unit_size = owned,
            "region" => {
                let (code, name) = value.split_once(' ').unwrap_or((value, ""));
                code.clone_into(&mut member.profile.region_code);
                name.clone_into(&mut member.profile.region_name);
            }
            "address" => member.profile.address = owned,
            other => *part_mut(detail, other).ok_or_else(damaged)? = owned,
        }
        Ok(())
    }

    /// All fields.
    pub fn values(&self) -> Values {
        ALL.iter().map(|field| (field.name, self.value(field.name))).collect()
    }

    /// The required fields of the member's own that are empty.
    pub fn missing(&self) -> Vec<&'static Field> {
        with_lock(Lock::Open)
            .filter(|field| field.is_required && self.value(field.name).is_empty())
            .collect()
    }

    /// The fields in which these values differ from what is stored.
    pub fn differing(&self, values: &Values) -> Vec<&'static Field> {
        let differs =
            |field: &&Field| values.get(field.name).is_some_and(|v| *v != self.value(field.name));
        ALL.iter().filter(differs).collect()
    }
}

/// A stored form in words, for people. Mobiles are whole: mask where the reader has no need.
pub fn words(field: &str, value: &str) -> String {
    match field {
        "user_type" => label(dictionary::USER_TYPES, value).to_owned(),
        "unit_state" => label(dictionary::UNIT_STATES, value).to_owned(),
        "unit_nature" => label(dictionary::UNIT_NATURES, value).to_owned(),
        "industry" => industry::division(value).map_or(value, |division| division.label).to_owned(),
        "unit_size" => label(dictionary::UNIT_SIZES, value).to_owned(),
        "region" => value.split_once(' ').map_or(value, |(_, name)| name).to_owned(),
        "domains" | "licences" => value.replace('\n', "、"),
        "registered_capital" | "paid_capital" if !value.is_empty() => format!("{value} 万元"),
        _ => value.to_owned(),
    }
}

/// The same with mobiles masked, wherever one was typed, for readers who need not call anybody.
pub fn masked_words(field: &str, value: &str) -> String {
    match (field, Mobile::parse(value)) {
        ("legal_mobile" | "contact_mobile" | "wechat_id" | "phone" | "fax", Ok(mobile)) => {
            mobile.masked()
        }
        _ => words(field, value),
    }
}

fn part<'a>(detail: &'a Detail, field: &str) -> &'a str {
    match field {
        "wechat_id" => &detail.wechat_id,
        "legal_birthday" => &detail.legal_birthday,
        "fax" => &detail.fax,
        "phone" => &detail.phone,
        "postcode" => &detail.postcode,
        "domains" => &detail.domains,
        "founded_on" => &detail.founded_on,
        "scope" => &detail.scope,
        "intro" => &detail.intro,
        "licences" => &detail.licences,
        "registered_capital" => &detail.registered_capital,
        "paid_capital" => &detail.paid_capital,
        _ => "",
    }
}

fn part_mut<'a>(detail: &'a mut Detail, field: &str) -> Option<&'a mut String> {
    Some(match field {
        "wechat_id" => &mut detail.wechat_id,
        "legal_birthday" => &mut detail.legal_birthday,
        "fax" => &mut detail.fax,
        "phone" => &mut detail.phone,
        "postcode" => &mut detail.postcode,
        "domains" => &mut detail.domains,
        "founded_on" => &mut detail.founded_on,
        "scope" => &mut detail.scope,
        "intro" => &mut detail.intro,
        "licences" => &mut detail.licences,
        "registered_capital" => &mut detail.registered_capital,
        "paid_capital" => &mut detail.paid_capital,
        _ => return None,
    })
}
