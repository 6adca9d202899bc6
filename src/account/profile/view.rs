//! The pages of 完善信息: what they show, for both shapes.

use serde::Serialize;

use crate::{
    account::{Editor, store},
    kernel::dictionary::{self, Entry as Choice},
    member::{Member, level, profile as rules},
    web::{App, AppError, FormState, Page},
};

/// What both shapes of the page show.
#[derive(Debug, Serialize)]
pub(super) struct View {
    form: FormState,
    /// Empty required fields, each with a link to its input.
    missing: Vec<Named>,
    /// What somebody else saved meanwhile, where it differs from what was typed.
    pub(super) meanwhile: Vec<Fact>,
    options: Options,
    locked: Locked,
}

#[derive(Debug, Serialize)]
struct Named {
    name: &'static str,
    label: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
struct Options {
    unit_state: &'static [Choice],
    unit_nature: &'static [Choice],
    industry: &'static [Choice],
    unit_size: &'static [Choice],
}

const OPTIONS: Options = Options {
    unit_state: dictionary::UNIT_STATES,
    unit_nature: dictionary::UNIT_NATURES,
    industry: dictionary::INDUSTRIES,
    unit_size: dictionary::UNIT_SIZES,
};

/// What the secretariat alone changes.
#[derive(Debug, Serialize)]
struct Locked {
    no: String,
    level: String,
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
        View::samples().into_iter().map(|view| Self { view }).collect()
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/account/profile.html";
    const MENU: &'static str = "profile";

    fn title(&self) -> String {
        "完善信息".into()
    }

    fn samples() -> Vec<Self> {
        View::samples().into_iter().map(|view| Self { view }).collect()
    }
}

impl View {
    fn samples() -> Vec<Self> {
        let locked = || Locked {
            no: "M2026000001".into(),
            level: "会员单位".into(),
            name: "示例网络科技有限公司".into(),
            uscc: "91329999XY0000012R".into(),
            user_type: "企业".into(),
            legal_person: "示例法人".into(),
            legal_mobile: "138****8000".into(),
            contact_mobile: "139****8000".into(),
            joined_on: "2026-11-24".into(),
            wechat: "已绑定（2026-11-24 12:00）".into(),
            is_bound: true,
        };
        let blank = Self {
            form: FormState::blank(rules::FIELDS),
            missing: named(rules::REQUIRED.to_vec()),
            meanwhile: Vec::new(),
            options: OPTIONS,
            locked: locked(),
        };
        let mut refused = FormState::blank(rules::FIELDS);
        refused.errors.insert("email", "请填写邮箱".into());
        let wrong = Self {
            form: refused,
            missing: Vec::new(),
            meanwhile: vec![Fact { label: "联系人", value: "示例联系人".into() }],
            options: OPTIONS,
            locked: locked(),
        };
        vec![blank, wrong]
    }
}

fn named(fields: Vec<(&'static str, &'static str)>) -> Vec<Named> {
    fields.into_iter().map(|(name, label)| Named { name, label }).collect()
}

pub(super) async fn view(app: &App, who: &Editor, form: FormState) -> Result<View, AppError> {
    let member = &who.member;
    let level = level::find(&app.db, &member.level_id).await?;
    let binding = store::binding(&app.db, &app.vault, &who.account.id).await?;
    let is_bound = binding.is_some();
    let wechat = binding.map_or_else(
        || "未绑定，扫码登录时自动绑定".into(),
        |binding| format!("已绑定（{}）", binding.bound_at.to_minute()),
    );
    let locked = Locked {
        no: member.no.clone(),
        level: level.map_or_else(String::new, |level| level.name),
        name: member.name.clone(),
        uscc: member.uscc.to_string(),
        user_type: dictionary::label(dictionary::USER_TYPES, &member.user_type).to_owned(),
        legal_person: member.legal_person.clone(),
        legal_mobile: member.legal_mobile.masked(),
        contact_mobile: member.contact_mobile.masked(),
        joined_on: member.joined_on.to_string(),
        wechat,
        is_bound,
    };
    let missing = named(member.profile.missing());
    Ok(View { form, missing, meanwhile: Vec::new(), options: OPTIONS, locked })
}

pub(super) fn stored(member: &Member) -> FormState {
    FormState::filled(rules::FIELDS, |name| match name {
        "version" => member.version.to_string(),
        other => member.profile.value(other).to_owned(),
    })
}
