//! `/admin/members/{member}`: everything about one member. 账号与登录 is a section that `account`
//! brings, as it does for what staff change here.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::timeline::{Event, events};
use crate::{
    kernel::{dictionary, ids::MemberId},
    member::{
        candidate, change,
        field::{ALL, read::doubts},
        level,
        model::Standing,
        sheet::{self, Sheet, masked_words, words},
        store, tag,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, FormState, Html, Page},
};

/// Rows of the history on one page.
const PAGE: i64 = 60;
/// The inputs of the small forms.
pub const STANDING: &[&str] = &["to", "reason"];
/// See [`STANDING`].
pub const TAGS: &[&str] = &["tags"];
/// See [`STANDING`].
pub const RESTORE: &[&str] = &["change", "reason"];

/// `/admin/members/{member}`
#[derive(Debug, Serialize)]
pub struct DetailPage {
    pub(super) path: String,
    pub(super) dues: String,
    pub(super) name: String,
    pub(super) no: String,
    pub(super) version: i64,
    pub(super) state: &'static str,
    pub(super) chip: &'static str,
    pub(super) next: Vec<Choice>,
    pub(super) tags: Vec<String>,
    pub(super) facts: Vec<Fact>,
    pub(super) doubts: Vec<&'static str>,
    pub(super) people: Vec<Fact>,
    pub(super) waiting: Vec<Link>,
    pub(super) events: Vec<Event>,
    pub(super) older: Option<String>,
    pub(super) newer: Option<String>,
    pub(super) may_decide: bool,
    /// What of an earlier value shall be put back, when that was refused.
    pub(super) problem: String,
    pub(super) standing_form: FormState,
    pub(super) tags_form: FormState,
    pub(super) restore_form: FormState,
}

#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) text: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) href: String,
}

impl DetailPage {
    /// The page with the form about the state refused.
    #[must_use]
    pub fn with_standing_form(mut self, form: FormState) -> Self {
        self.standing_form = form;
        self
    }

    /// The page with the form about the tags refused.
    #[must_use]
    pub fn with_tags_form(mut self, form: FormState) -> Self {
        self.tags_form = form;
        self
    }

    /// The page with the form that puts a value back refused.
    #[must_use]
    pub fn with_restore_form(mut self, form: FormState) -> Self {
        self.problem = form.summary.iter().map(|mistake| mistake.text.as_str()).collect();
        self.restore_form = form;
        self
    }
}

/// The member of an address.
pub async fn of_address(app: &App, req: &Request) -> Result<Sheet, AppError> {
    let id = req.param::<String>("member").and_then(|id| id.parse().ok());
    let id: MemberId = id.ok_or(AppError::NotFound)?;
    sheet::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)
}

/// `GET /admin/members/{member}`
#[handler]
pub async fn show(
    app: App,
    who: SignedInStaff,
    client: Client,
    req: &mut Request,
) -> Result<Html<DetailPage>, AppError> {
    who.require(Permission::ReadMembers)?;
    let sheet = of_address(&app, req).await?;
    let page = look(&app, &who, &sheet, req.query("before")).await?;
    if page.may_decide {
        who.has_seen(&app, &client, ("member.view", "member"), sheet.member.id.as_str()).await?;
    }
    Ok(Html::new(page))
}

/// The page of a member; the history before a version.
pub async fn look(
    app: &App,
    who: &SignedInStaff,
    sheet: &Sheet,
    before: Option<i64>,
) -> Result<DetailPage, AppError> {
    let member = &sheet.member;
    let may_decide = who.0.role.may(Permission::DecideMembers);
    let path = format!("/admin/members/{}", member.id);
    let range = (before.unwrap_or(i64::MAX), PAGE + 1);
    let mut changes = store::history::page(&app.db, &app.vault, &member.id, range).await?;
    let mut older = None;
    if let Some(cut) = (changes.len() > usize::try_from(PAGE).unwrap_or(usize::MAX))
        .then(|| changes.last().map(|change| change.version))
        .flatten()
    {
        // The last change of the page may be cut: it comes whole on the next one.
        changes.retain(|change| change.version > cut);
        older = Some(format!("{path}?before={}#history", cut + 1));
    }
    let tags = tag::of(&app.db, &member.id).await?;
    let typed = tags.join("、");
    Ok(DetailPage {
        name: member.name.clone(),
        no: member.no.clone(),
        version: member.version,
        state: member.standing.label(),
        chip: member.standing.chip(),
        next: member.standing.next().iter().copied().map(choice).collect(),
        tags,
        facts: facts(app, sheet, may_decide).await?,
        doubts: doubts(|field| sheet.value(field)).into_iter().map(|(_, text)| text).collect(),
        people: people(app, sheet).await?,
        waiting: waiting(app, sheet).await?,
        events: events(&app.db, changes, may_decide).await?,
        older,
        newer: before.map(|_| format!("{path}#history")),
        path,
        dues: format!("/admin/dues/members/{}", member.id),
        may_decide,
        problem: String::new(),
        standing_form: FormState::blank(STANDING),
        tags_form: FormState::filled(TAGS, |_| typed.clone()),
        restore_form: FormState::blank(RESTORE),
    })
}

const fn choice(state: Standing) -> Choice {
    Choice { value: state.code(), text: state.label() }
}

async fn facts(app: &App, sheet: &Sheet, sees_all: bool) -> Result<Vec<Fact>, AppError> {
    let level = level::find(&app.db, &sheet.member.level_id).await?;
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value };
    let mut facts = vec![
        fact("会员编号", sheet.member.no.clone()),
        fact("会员等级", level.map_or_else(String::new, |level| level.name)),
    ];
    for field in ALL {
        let value = sheet.value(field.name);
        // Shown where it is asked for, and where an earlier answer is kept.
        if field.name == "legal_birthday" && value.is_empty() {
            continue;
        }
        let shown =
            if sees_all { words(field.name, &value) } else { masked_words(field.name, &value) };
        facts.push(fact(field.label, shown));
    }
    Ok(facts)
}

async fn people(app: &App, sheet: &Sheet) -> Result<Vec<Fact>, AppError> {
    let list = candidate::effective(&app.db, &app.vault, &sheet.member.id).await?;
    let fact = |person: candidate::Person| Fact {
        value: format!("{}，{}", person.name, person.post),
        label: dictionary::label(dictionary::SEATS, &person.seat).to_owned(),
    };
    Ok(list.people.into_iter().map(fact).collect())
}

async fn waiting(app: &App, sheet: &Sheet) -> Result<Vec<Link>, AppError> {
    let id = &sheet.member.id;
    let mut links = Vec::new();
    if let Some(request) = change::open_of(&app.db, &app.vault, id).await? {
        links.push(Link {
            text: format!("变更申请 {} 待审核", request.no),
            href: format!("/admin/changes/{}", request.id),
        });
    }
    if let Some(proposal) = candidate::open_of(&app.db, &app.vault, id).await? {
        links.push(Link {
            text: "理事相关人选待审核".into(),
            href: format!("/admin/candidates/{}", proposal.id),
        });
    }
    Ok(links)
}

impl Page for DetailPage {
    const TEMPLATE: &'static str = "admin/member/detail.html";
    const MENU: &'static str = "members";

    fn title(&self) -> String {
        self.name.clone()
    }

    fn samples() -> Vec<Self> {
        super::sample::details()
    }
}
