//! Admin pages: the list of members.

use std::collections::HashMap;

use salvo::{Request, Writer, handler};
use serde::Serialize;

use super::{
    level,
    store::list::{Brief, Filter, page},
};
use crate::{
    kernel::{
        Mobile, Uscc,
        ids::{LevelId, MemberId},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Form, FormState, Html, Page, SeeOther, encoded},
};

const FIELDS: &[&str] = &["q"];
const PAGE: usize = 20;

/// `/admin/members`
#[derive(Debug, Serialize)]
pub struct ListPage {
    form: FormState,
    is_narrowed: bool,
    narrowed_to: String,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// The page of the member's dues, years and level.
    dues_href: String,
    url: String,
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
        let row = |is_active| Row {
            dues_href: "/admin/dues/members/sample".into(),
            url: "/admin/members/x/account".into(),
            no: "M2026000001".into(),
            name: "江苏示例网络科技有限公司".into(),
            uscc: "91329999XY0000012R".into(),
            level: "会员单位".into(),
            contact: "示例乙".into(),
            mobile: "138****0002".into(),
            joined: "2026-11-24".into(),
            state: if is_active { "正常" } else { "停用" },
            chip: if is_active { "ok" } else { "off" },
        };
        let sample = |is_narrowed, rows, older: Option<&str>| Self {
            form: FormState::blank(FIELDS),
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
            sample(false, vec![row(true), row(false)], Some("/admin/members?before=x")),
        ]
    }
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
    let (filter, narrowed_to) = narrowed(&app, typed.trim(), &index);
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = page(&app.db, &app.vault, &filter, &before, most).await?;
    let kept =
        if index.is_empty() { format!("q={}", encoded(&typed)) } else { format!("mobile={index}") };
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| has_more);
    let older = last.map(|last| format!("/admin/members?{kept}&before={}", last.id));
    let levels = level::all(&app.db).await?.into_iter();
    let names: HashMap<LevelId, String> = levels.map(|level| (level.id, level.name)).collect();
    Ok(Html::new(ListPage {
        form: FormState::filled(FIELDS, |_| typed.clone()),
        is_narrowed: !narrowed_to.is_empty(),
        narrowed_to,
        rows: found.into_iter().map(|member| row(member, &names)).collect(),
        older,
        newer: (!before.is_empty()).then(|| format!("/admin/members?{kept}")),
    }))
}

/// `POST /admin/members`: what was typed becomes an address; a mobile only as its index, because
/// addresses end up in the logs of proxies.
#[handler]
pub async fn search(app: App, who: SignedInStaff, form: Form) -> Result<SeeOther, AppError> {
    who.require(Permission::ReadMembers)?;
    let typed = form.value("q").trim();
    Ok(SeeOther::to(match Mobile::parse(typed) {
        Ok(mobile) => format!("/admin/members?mobile={}", app.vault.index(mobile.as_str())),
        Err(_) if typed.is_empty() => "/admin/members".into(),
        Err(_) => format!("/admin/members?q={}", encoded(typed)),
    }))
}

/// What the list is narrowed to, and how the page says so.
fn narrowed(app: &App, typed: &str, index: &str) -> (Filter, String) {
    if !index.is_empty() {
        return (Filter::MobileIndex(index.to_owned()), "联系人手机号相符".into());
    }
    if typed.is_empty() {
        return (Filter::All, String::new());
    }
    if let Ok(mobile) = Mobile::parse(typed) {
        let index = app.vault.index(mobile.as_str());
        return (Filter::MobileIndex(index), "联系人手机号相符".into());
    }
    match Uscc::parse(typed) {
        Ok(uscc) => (Filter::Code(uscc), "信用代码相符".into()),
        Err(_) => (Filter::Name(typed.to_owned()), format!("名称包含“{typed}”")),
    }
}

fn row(from: Brief, levels: &HashMap<LevelId, String>) -> Row {
    Row {
        dues_href: format!("/admin/dues/members/{}", from.id),
        url: format!("/admin/members/{}/account", from.id),
        no: from.no,
        name: from.name,
        uscc: from.uscc.to_string(),
        level: levels.get(&from.level_id).cloned().unwrap_or_default(),
        contact: from.contact,
        mobile: from.contact_mobile.masked(),
        joined: from.joined_on.to_string(),
        state: if from.is_active { "正常" } else { "停用" },
        chip: if from.is_active { "ok" } else { "off" },
    }
}
