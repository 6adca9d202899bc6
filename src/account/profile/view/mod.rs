//! The pages of 完善信息: what they show, for both shapes.

use serde::Serialize;

mod sample;
mod told;

pub(crate) use told::Told;

use super::rows::{Row, Wanted, shown};
use crate::{
    account::{Editor, profile::draft, store},
    kernel::{
        Timestamp,
        dictionary::{self, Entry as Choice},
        industry::{self, Section},
    },
    member::{candidate, change, field::read::doubts, level, sheet::Sheet, tag},
    web::{App, AppError, FormState, Page},
};

/// What both shapes of the page show.
#[derive(Debug, Serialize)]
pub(super) struct View {
    form: FormState,
    /// Empty required fields, each with a link to its input.
    missing: Vec<Named>,
    /// What somebody else changed meanwhile.
    pub(super) meanwhile: Vec<Told>,
    /// Remarks about what is stored; nothing is refused for them.
    doubts: Vec<&'static str>,
    domains: Vec<Row>,
    licences: Vec<Row>,
    options: Options,
    locked: Locked,
    council: Council,
    asks_birthday: bool,
    /// When a draft was kept, if there is one.
    draft: String,
    /// The form is filled from the draft.
    pub(super) is_restored: bool,
}

#[derive(Debug, Serialize)]
struct Named {
    name: &'static str,
    label: &'static str,
}

/// What the page says of 理事相关人选 and 变更申请.
#[derive(Debug, Serialize)]
struct Council {
    is_asked: bool,
    effective: usize,
    is_proposed: bool,
    is_changing: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Options {
    unit_state: &'static [Choice],
    unit_nature: &'static [Choice],
    industry: &'static [Section],
    unit_size: &'static [Choice],
    user_type: &'static [Choice],
}

pub(super) const OPTIONS: Options = Options {
    unit_state: dictionary::UNIT_STATES,
    unit_nature: dictionary::UNIT_NATURES,
    industry: industry::SECTIONS,
    unit_size: dictionary::UNIT_SIZES,
    user_type: dictionary::USER_TYPES,
};

/// What the secretariat alone changes.
#[derive(Debug, Serialize)]
struct Locked {
    no: String,
    level: String,
    standing: &'static str,
    tags: Vec<String>,
    name: String,
    uscc: String,
    user_type: String,
    legal_person: String,
    legal_mobile: String,
    contact_mobile: String,
    joined_on: String,
    wechat: String,
    is_bound: bool,
}

/// `/profile` before the first scan.
#[derive(Debug, Serialize)]
pub struct CompletePage {
    #[serde(flatten)]
    pub(super) view: View,
}

/// `/profile` of a signed-in member.
#[derive(Debug, Serialize)]
pub struct ProfilePage {
    #[serde(flatten)]
    pub(super) view: View,
}

impl Page for CompletePage {
    const TEMPLATE: &'static str = "pages/account/complete.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "完善信息".into()
    }

    fn samples() -> Vec<Self> {
        sample::views().into_iter().map(|view| Self { view }).collect()
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/account/profile.html";
    const MENU: &'static str = "profile";

    fn title(&self) -> String {
        "完善信息".into()
    }

    fn samples() -> Vec<Self> {
        sample::views().into_iter().map(|view| Self { view }).collect()
    }
}

impl View {
    /// Rows that a button asked for.
    pub(super) fn show_rows(&mut self, wanted: &Wanted) {
        for (field, count) in wanted {
            let rows = shown(&self.form, field, *count);
            match *field {
                "domains" => self.domains = rows,
                _ => self.licences = rows,
            }
        }
    }
}

async fn locked(app: &App, who: &Editor, sheet: &Sheet) -> Result<Locked, AppError> {
    let member = &sheet.member;
    let level = level::find(&app.db, &member.level_id).await?;
    let binding = store::binding(&app.db, &app.vault, &who.account.id).await?;
    let is_bound = binding.is_some();
    let wechat = binding.map_or_else(
        || "未绑定，扫码登录时自动绑定".into(),
        |binding| format!("已绑定（{}）", binding.bound_at.to_minute()),
    );
    Ok(Locked {
        no: member.no.clone(),
        level: level.map_or_else(String::new, |level| level.name),
        standing: member.standing.label(),
        tags: tag::of(&app.db, &member.id).await?,
        name: member.name.clone(),
        uscc: member.uscc.to_string(),
        user_type: dictionary::label(dictionary::USER_TYPES, &member.user_type).to_owned(),
        legal_person: member.legal_person.clone(),
        legal_mobile: member.legal_mobile.masked(),
        contact_mobile: member.contact_mobile.masked(),
        joined_on: member.joined_on.to_string(),
        wechat,
        is_bound,
    })
}

async fn council(app: &App, sheet: &Sheet) -> Result<Council, AppError> {
    let member = &sheet.member;
    let level = level::find(&app.db, &member.level_id).await?;
    Ok(Council {
        is_asked: level.is_some_and(|level| level.is_council.0),
        effective: candidate::effective(&app.db, &app.vault, &member.id).await?.people.len(),
        is_proposed: candidate::open_of(&app.db, &app.vault, &member.id).await?.is_some(),
        is_changing: change::open_of(&app.db, &app.vault, &member.id).await?.is_some(),
    })
}

pub(super) async fn view(
    app: &App,
    who: &Editor,
    sheet: &Sheet,
    form: FormState,
) -> Result<View, AppError> {
    let draft = draft::find(app, &who.account).await?;
    let missing = sheet.missing().into_iter();
    Ok(View {
        domains: shown(&form, "domains", 0),
        licences: shown(&form, "licences", 0),
        form,
        missing: missing.map(|field| Named { name: field.name, label: field.label }).collect(),
        meanwhile: Vec::new(),
        doubts: doubts(|field| sheet.value(field)).into_iter().map(|(_, text)| text).collect(),
        options: OPTIONS,
        locked: locked(app, who, sheet).await?,
        council: council(app, sheet).await?,
        asks_birthday: app.settings.site.asks_birthday,
        draft: draft.map_or_else(String::new, |draft| Timestamp::to_minute(draft.at)),
        is_restored: false,
    })
}
