//! The list of members: searched by code, mobile or a part of the name, narrowed by level, state, tag.

use std::collections::HashMap;

use salvo::{Request, Writer, handler};
use serde::Serialize;

use crate::{
    kernel::{
        Mobile, Uscc,
        ids::{LevelId, MemberId},
    },
    member::{
        Level, level,
        model::Standing,
        store::list::{Brief, Filter, Sought, page},
        tag,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Form, FormState, Html, Page, SeeOther, address},
};

const FIELDS: &[&str] = &["q", "level", "state", "tag"];
const PAGE: usize = 20;

/// `/admin/members`
#[derive(Debug, Serialize)]
pub struct ListPage {
    form: FormState,
    levels: Vec<Choice>,
    states: Vec<Choice>,
    tags: Vec<String>,
    is_narrowed: bool,
    narrowed_to: String,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    /// The page of the member's dues, years and level.
    dues_href: String,
    no: String,
    name: String,
    uscc: String,
    level: String,
    contact: String,
    mobile: String,
    joined: String,
    state: &'static str,
    chip: &'static str,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "admin/member/list.html";
    const MENU: &'static str = "members";

    fn title(&self) -> String {
        "会员管理".into()
    }

    fn samples() -> Vec<Self> {
        let row = |standing: Standing| Row {
            href: "/admin/members/x".into(),
            dues_href: "/admin/dues/members/sample".into(),
            no: "M2026000001".into(),
            name: "江苏示例网络科技有限公司".into(),
            uscc: "91329999XY0000012R".into(),
            level: "会员单位".into(),
            contact: "示例乙".into(),
            mobile: "138****0002".into(),
            joined: "2026-11-24".into(),
            state: standing.label(),
            chip: standing.chip(),
        };
        let sample = |is_narrowed: bool, rows, older: Option<&str>| Self {
            form: FormState::blank(FIELDS),
            levels: Vec::new(),
            states: states(),
            tags: vec!["示例标签".into()],
            is_narrowed,
            narrowed_to: if is_narrowed {
                "名称包含“示例”".into()
            } else {
                String::new()
            },
            rows,
            older: older.map(Into::into),
            newer: older.map(Into::into),
        };
        vec![
            sample(false, Vec::new(), None),
            sample(true, Vec::new(), None),
            sample(false, vec![row(Standing::Frozen)], Some("/admin/members?before=x")),
        ]
    }
}

fn states() -> Vec<Choice> {
    let choice =
        |state: Standing| Choice { value: state.code().into(), text: state.label().into() };
    Standing::ALL.into_iter().map(choice).collect()
}

/// `GET /admin/members`
#[handler]
pub async fn list(
    app: App,
    who: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let query = |name: &str| req.query::<String>(name).unwrap_or_default();
    let (typed, index, before) = (query("q"), query("mobile"), query("before"));
    if !before.is_empty() && before.parse::<MemberId>().is_err() {
        return Err(AppError::NotFound);
    }
    let (sought, narrowed_to) = sought(&app, typed.trim(), &index);
    let (level, standing, tag) = (query("level"), query("state"), query("tag"));
    let filter = Filter { sought, level, standing, tag };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = page(&app.db, &app.vault, &filter, &before, most).await?;
    let kept = address(
        "/admin/members",
        &[
            ("q", if index.is_empty() { &typed } else { "" }),
            ("mobile", &index),
            ("level", &filter.level),
            ("state", &filter.standing),
            ("tag", &filter.tag),
        ],
    );
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| {
        format!("{kept}{}before={}", if kept.contains('?') { "&" } else { "?" }, last.id)
    });
    let levels = level::all(&app.db).await?;
    let names: HashMap<LevelId, String> =
        levels.iter().map(|level| (level.id.clone(), level.name.clone())).collect();
    let choice = |level: Level| Choice { value: level.id.as_str().to_owned(), text: level.name };
    Ok(Html::new(ListPage {
        form: FormState::filled(FIELDS, |name| match name {
            "q" => typed.clone(),
            "level" => filter.level.clone(),
            "state" => filter.standing.clone(),
            _ => filter.tag.clone(),
        }),
        levels: levels.into_iter().map(choice).collect(),
        states: states(),
        tags: tag::all(&app.db).await?,
        is_narrowed: kept.contains('?'),
        narrowed_to,
        rows: found.into_iter().map(|member| row(member, &names)).collect(),
        older,
        newer: (!before.is_empty()).then_some(kept),
    }))
}

/// `POST /admin/members`: what was typed becomes an address; a mobile only as its index, because
/// addresses end up in the logs of proxies.
#[handler]
pub async fn search(app: App, who: SignedInStaff, form: Form) -> Result<SeeOther, AppError> {
    who.require(Permission::ReadMembers)?;
    let typed = form.value("q").trim();
    let index = Mobile::parse(typed).map(|mobile| app.vault.index(mobile.as_str()));
    let (text, index) = index.map_or_else(|_| (typed, String::new()), |index| ("", index));
    Ok(SeeOther::to(address(
        "/admin/members",
        &[
            ("q", text),
            ("mobile", &index),
            ("level", form.value("level")),
            ("state", form.value("state")),
            ("tag", form.value("tag")),
        ],
    )))
}

/// What is looked for, and how the page says so.
fn sought(app: &App, typed: &str, index: &str) -> (Sought, String) {
    if !index.is_empty() {
        return (Sought::MobileIndex(index.to_owned()), "联系人手机号相符".into());
    }
    if typed.is_empty() {
        return (Sought::All, String::new());
    }
    if let Ok(mobile) = Mobile::parse(typed) {
        let index = app.vault.index(mobile.as_str());
        return (Sought::MobileIndex(index), "联系人手机号相符".into());
    }
    match Uscc::parse(typed) {
        Ok(uscc) => (Sought::Code(uscc), "信用代码相符".into()),
        Err(_) => (Sought::Name(typed.to_owned()), format!("名称包含“{typed}”")),
    }
}

fn row(from: Brief, levels: &HashMap<LevelId, String>) -> Row {
    Row {
        href: format!("/admin/members/{}", from.id),
        dues_href: format!("/admin/dues/members/{}", from.id),
        no: from.no,
        name: from.name,
        uscc: from.uscc.to_string(),
        level: levels.get(&from.level_id).cloned().unwrap_or_default(),
        contact: from.contact,
        mobile: from.contact_mobile.masked(),
        joined: from.joined_on.to_string(),
        state: from.standing.label(),
        chip: from.standing.chip(),
    }
}
