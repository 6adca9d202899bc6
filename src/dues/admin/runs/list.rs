//! All runs, and starting one.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::samples;
use crate::{
    dues::{
        admin::{PAGE_PLUS_ONE, cut, form::year},
        run::{Kind, Run, StartError, start},
        store,
    },
    kernel::{Fen, Timestamp},
    staff::{Permission, SignedInStaff},
    web::{
        App, AppError, Client, Fields, Form, FormState, Html, Page, SeeOther, form::FieldErrors,
    },
};

const FIELDS: &[&str] = &["kind", "year"];

/// `/admin/dues/runs`
#[derive(Debug, Serialize)]
pub struct RunsPage {
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
    may_decide: bool,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    no: String,
    kind: &'static str,
    year: i64,
    planned: i64,
    done: i64,
    total: Fen,
    state: &'static str,
    chip: &'static str,
    at: Timestamp,
}

impl From<&Run> for Row {
    fn from(run: &Run) -> Self {
        Self {
            href: format!("/admin/dues/runs/{}", run.id),
            no: run.no.clone(),
            kind: run.kind.label(),
            year: run.year,
            planned: run.planned,
            done: run.done,
            total: run.total,
            state: run.status.label(),
            chip: run.status.chip(),
            at: run.created_ms,
        }
    }
}

impl RunsPage {
    fn new(runs: &[Run], next_year: i64, may_decide: bool) -> Self {
        Self {
            rows: runs.iter().map(Row::from).collect(),
            older: None,
            newer: None,
            may_decide,
            form: FormState::filled(FIELDS, |name| match name {
                "kind" => "issue".into(),
                _ => next_year.to_string(),
            }),
        }
    }
}

impl Page for RunsPage {
    const TEMPLATE: &'static str = "admin/dues/runs.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "账单批次".into()
    }

    fn samples() -> Vec<Self> {
        let mut full = Self::new(&samples(), 2027, true);
        full.older = Some("/admin/dues/runs?before=r".into());
        full.form.errors.insert("year", StartError::Open.to_string());
        vec![full, Self::new(&[], 2027, true), Self::new(&[], 2027, false)]
    }
}

async fn page(app: &App, staff: &SignedInStaff, before: &str) -> Result<RunsPage, AppError> {
    let mut runs = store::run::page(&app.db, before, PAGE_PLUS_ONE).await?;
    let older = cut(&mut runs, |run| format!("/admin/dues/runs?before={}", run.id));
    let may_decide = staff.0.role.may(Permission::DecideMoney);
    let now = app.clock.now().date();
    // In the last quarter people think of the next year.
    let year = i64::from(now.year()) + i64::from(now.month() >= 10);
    let newer = (!before.is_empty()).then(|| "/admin/dues/runs".to_owned());
    Ok(RunsPage { older, newer, ..RunsPage::new(&runs, year, may_decide) })
}

/// `GET /admin/dues/runs?before=`
#[handler]
pub async fn all(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<RunsPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let before = req.query::<String>("before").unwrap_or_default();
    Ok(Html::new(page(&app, &staff, &before).await?))
}

/// `POST /admin/dues/runs`
#[handler]
pub async fn begin(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
) -> Result<Result<SeeOther, Html<RunsPage>>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let errors = match read(&form) {
        Ok(wanted) => match start(&app, &staff, client.ip, wanted).await {
            Ok(id) => {
                let page = format!("/admin/dues/runs/{id}");
                return Ok(Ok(SeeOther::to(page).saying("批次已建立，正在试算")));
            }
            Err(StartError::Fault(fault)) => return Err(fault),
            Err(refusal) => FieldErrors::one("year", refusal),
        },
        Err(errors) => errors,
    };
    let form = FormState::refused(FIELDS, &form, errors);
    Ok(Err(Html::refused(RunsPage { form, ..page(&app, &staff, "").await? })))
}

fn read(form: &Form) -> Result<(Kind, i64), FieldErrors> {
    let mut fields = Fields::of(form);
    let kind = fields.read("kind", |code| Kind::of_code(code).ok_or("请选择批次类型"));
    let year = fields.read("year", year);
    fields.finish(kind.zip(year))
}
