//! `/profile/candidates`: 理事相关人选 of a council member. 确认修改 sends the whole list as one
//! proposal; the list in force stays until the secretariat approves.

mod sample;
mod shown;

pub(super) use shown::{Shown, shown};

use std::collections::BTreeMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::files;
use crate::{
    account::SignedIn,
    file::Served,
    kernel::{
        dictionary::{self, Entry as Choice},
        ids::FileId,
    },
    member::{
        Member,
        candidate::{self, COLUMNS, Line, MOST, Person, difference},
        level,
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther},
};

/// `/profile/candidates`
#[derive(Debug, Serialize)]
pub struct CandidatesPage {
    rows: Vec<RowForm>,
    can_add: bool,
    genders: &'static [Choice],
    seats: &'static [Choice],
    effective: Vec<Shown>,
    proposed: Vec<Line>,
    proposed_at: String,
    last: Option<Outcome>,
    problem: String,
    /// What stands in the form was typed and is not submitted yet.
    is_unsaved: bool,
}

/// One row of the form: inputs `p0_name` and so on.
#[derive(Debug, Default, Serialize)]
struct RowForm {
    number: usize,
    prefix: String,
    values: BTreeMap<String, String>,
    errors: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct Outcome {
    state: &'static str,
    chip: &'static str,
    at: String,
    reason: String,
}

impl Page for CandidatesPage {
    const TEMPLATE: &'static str = "pages/account/candidates.html";
    const MENU: &'static str = "profile";

    fn title(&self) -> String {
        "理事相关人选".into()
    }

    fn samples() -> Vec<Self> {
        sample::pages()
    }
}

fn row(n: usize, person: &Person) -> RowForm {
    let prefix = format!("p{n}");
    let values = COLUMNS
        .iter()
        .map(|(column, _)| (format!("{prefix}_{column}"), person.value(column).to_owned()))
        .collect();
    RowForm { number: n + 1, prefix, values, errors: BTreeMap::new() }
}

/// Only for 理事以上.
async fn require_council(app: &App, member: &Member) -> Result<(), AppError> {
    let level = level::find(&app.db, &member.level_id).await?;
    let is_council = level.is_some_and(|level| level.is_council.0);
    if is_council {
        Ok(())
    } else {
        Err(AppError::Refused("理事相关人选仅由理事以上单位填写".into()))
    }
}

async fn look(app: &App, member: &Member, rows: Vec<RowForm>) -> Result<CandidatesPage, AppError> {
    let effective = candidate::effective(&app.db, &app.vault, &member.id).await?;
    let open = candidate::open_of(&app.db, &app.vault, &member.id).await?;
    let latest = candidate::of_member(&app.db, &app.vault, &member.id, 1).await?;
    let proposed = open.as_ref().map(|open| difference(&effective.people, &open.people));
    let people = effective.people.iter();
    Ok(CandidatesPage {
        can_add: rows.len() < MOST,
        rows,
        genders: dictionary::GENDERS,
        seats: dictionary::SEATS,
        effective: people.map(|person| shown(person, "/profile/candidates/files")).collect(),
        proposed: proposed.unwrap_or_default(),
        proposed_at: open.map(|open| open.submitted_at.to_minute()).unwrap_or_default(),
        last: latest.into_iter().next().and_then(|last| {
            last.decided_at.map(|at| Outcome {
                state: last.status.label(),
                chip: last.status.chip(),
                at: at.to_minute(),
                reason: last.decision,
            })
        }),
        problem: String::new(),
        is_unsaved: false,
    })
}

/// `GET /profile/candidates`: the form begins with the proposal that waits, else with the list in
/// force, else with one empty row.
#[handler]
pub async fn show(app: App, who: SignedIn) -> Result<Html<CandidatesPage>, AppError> {
    require_council(&app, &who.member).await?;
    let id = &who.member.id;
    let open = candidate::open_of(&app.db, &app.vault, id).await?;
    let mut people = match open {
        Some(open) => open.people,
        None => candidate::effective(&app.db, &app.vault, id).await?.people,
    };
    if people.is_empty() {
        people.push(Person::default());
    }
    let rows = people.iter().enumerate().map(|(n, person)| row(n, person)).collect();
    Ok(Html::new(look(&app, &who.member, rows).await?))
}

/// `POST /profile/candidates`: 确认修改, or one row more or less.
#[handler]
pub async fn submit(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
) -> Result<Result<SeeOther, Html<CandidatesPage>>, AppError> {
    require_council(&app, &who.member).await?;
    let (mut rows, mut people) = (Vec::new(), Vec::new());
    let act = form.value("act");
    let is_sent = |n: usize| !form.values(&format!("p{n}_name")).is_empty();
    for n in (0..MOST).filter(|n| is_sent(*n) && act != format!("less:{n}")) {
        let (row, person) = read(&app, &who.member, &form, (n, rows.len())).await?;
        rows.push(row);
        people.extend(person);
    }
    if !matches!(act, "" | "save") {
        if act == "more" && rows.len() < MOST {
            rows.push(row(rows.len(), &Person::default()));
        }
        for row in &mut rows {
            row.errors.clear();
        }
        let page = look(&app, &who.member, rows).await?;
        return Ok(Err(Html::new(CandidatesPage { is_unsaved: true, ..page })));
    }
    if rows.is_empty() || people.len() < rows.len() {
        let mut page = look(&app, &who.member, rows).await?;
        page.is_unsaved = true;
        page.problem = if page.rows.is_empty() {
            page.rows.push(row(0, &Person::default()));
            "理事以上单位请至少填写一位人选".into()
        } else {
            "没有保存：请改正下面标出的内容".into()
        };
        return Ok(Err(Html::refused(page)));
    }
    candidate::propose(&app, who.actor(), &who.member.id, people, client.ip).await?;
    let text = "人选名单已提交，秘书处审核通过后生效";
    Ok(Ok(SeeOther::to("/profile/candidates").saying(text)))
}

/// Reads row `n`, which becomes row `to`; the person when nothing is wrong with it.
async fn read(
    app: &App,
    member: &Member,
    form: &Form,
    (n, to): (usize, usize),
) -> Result<(RowForm, Option<Person>), AppError> {
    let mut typed = Person::default();
    for (column, _) in COLUMNS {
        typed.put(column, form.value(&format!("p{n}_{column}")).to_owned());
    }
    let mut errors = Vec::new();
    let mut found = [String::new(), String::new()];
    for (place, column) in found.iter_mut().zip(["photo", "resume"]) {
        let names = (format!("p{n}_{column}_file"), format!("p{n}_{column}"));
        let uploads = files::take(app, &member.id, form, (&names.0, &names.1, 1)).await?;
        *place = uploads.kept();
        errors.extend(uploads.problem.map(|problem| (column, problem)));
    }
    let [photo, resume] = found;
    typed.put("photo", photo.clone());
    typed.put("resume", resume.clone());
    let mut row = row(to, &typed);
    let parsed = Person::parse(|column| typed.value(column), app.clock.now().date());
    let mut person = match parsed {
        Ok(person) => Some(Person { photo, resume, ..person }),
        Err(wrong) => {
            errors.extend(wrong);
            None
        }
    };
    if !errors.is_empty() {
        person = None;
    }
    for (column, error) in errors {
        row.errors.insert(format!("{}_{column}", row.prefix), error);
    }
    Ok((row, person))
}

/// `GET /profile/candidates/files/{file}`: of the list in force or of the proposal that waits.
#[handler]
pub async fn attachment(app: App, who: SignedIn, req: &mut Request) -> Result<Served, AppError> {
    let id = &who.member.id;
    let mut people = candidate::effective(&app.db, &app.vault, id).await?.people;
    if let Some(open) = candidate::open_of(&app.db, &app.vault, id).await? {
        people.extend(open.people);
    }
    files::serve(&app, id, req, |file| shows(&people, file)).await
}

/// Whether one of the people has this file.
pub(super) fn shows(people: &[Person], file: &FileId) -> bool {
    let id = file.as_str();
    people.iter().any(|person| person.photo == id || person.resume == id)
}
