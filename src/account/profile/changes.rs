//! `/profile/changes`: 变更申请 for the fields that the member may not change itself.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::files;
use crate::{
    account::SignedIn,
    file::Served,
    kernel::{
        Timestamp,
        dictionary::{self, Entry as Choice},
        ids::{ChangeRequestId, MemberId},
        text,
    },
    member::{
        change::{self, Asked, Ending, Status},
        field::{Field, Lock, Values, label, with_lock},
        profile as rules,
        sheet::{self, Sheet, words},
    },
    web::{App, AppError, Client, Form, FormState, Html, Page, SeeOther, form::FieldErrors},
};

/// `/profile/changes`
#[derive(Debug, Serialize)]
pub struct ChangesPage {
    form: FormState,
    user_types: &'static [Choice],
    is_waiting: bool,
    past: Vec<Past>,
}

#[derive(Debug, Serialize)]
struct Past {
    no: String,
    at: String,
    state: &'static str,
    chip: &'static str,
    note: String,
    decision: String,
    decided_at: String,
    lines: Vec<Line>,
    files: Vec<String>,
    withdraw: Option<String>,
}

/// One field of a request.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) label: &'static str,
    pub(super) before: String,
    pub(super) after: String,
}

fn fields() -> Vec<&'static Field> {
    with_lock(Lock::Request).collect()
}

fn inputs() -> Vec<&'static str> {
    rules::inputs(&fields(), &["note", "kept"])
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "pages/account/changes.html";
    const MENU: &'static str = "profile";

    fn title(&self) -> String {
        "变更申请".into()
    }

    fn samples() -> Vec<Self> {
        let past = |back: Option<&str>| Past {
            no: "G20261124000001".into(),
            at: "2026-11-24 12:00".into(),
            state: "待审核",
            chip: "wait",
            note: "联系人更换".into(),
            decision: "请补充营业执照".into(),
            decided_at: "2026-11-24 12:00".into(),
            lines: vec![Line {
                label: "联系人移动电话", before: "1".into(), after: "2".into()
            }],
            files: vec!["/profile/changes/x/files/y".into()],
            withdraw: back.map(Into::into),
        };
        let mut form = FormState::blank(&inputs());
        form.errors.insert("note", "请填写变更原因".into());
        let user_types = dictionary::USER_TYPES;
        vec![
            Self { form, user_types, is_waiting: false, past: vec![past(None)] },
            Self {
                form: FormState::blank(&inputs()),
                user_types,
                is_waiting: true,
                past: vec![past(Some("/profile/changes/x/withdraw"))],
            },
        ]
    }
}

async fn look(app: &App, sheet: &Sheet, form: FormState) -> Result<ChangesPage, AppError> {
    let id = &sheet.member.id;
    let requests = change::of_member(&app.db, &app.vault, id, 20).await?;
    Ok(ChangesPage {
        form,
        user_types: dictionary::USER_TYPES,
        is_waiting: requests.iter().any(|request| request.status == Status::Submitted),
        past: requests.into_iter().map(past).collect(),
    })
}

fn past(request: change::Request) -> Past {
    let path = format!("/profile/changes/{}", request.id);
    let is_open = request.status == Status::Submitted;
    Past {
        lines: lines(&request),
        files: request.files.iter().map(|file| format!("{path}/files/{file}")).collect(),
        withdraw: is_open.then(|| format!("{path}/withdraw")),
        no: request.no,
        at: request.submitted_at.to_minute(),
        state: request.status.label(),
        chip: request.status.chip(),
        note: request.note,
        decision: request.decision,
        decided_at: request.decided_at.map(Timestamp::to_minute).unwrap_or_default(),
    }
}

pub(super) fn lines(request: &change::Request) -> Vec<Line> {
    let line = |(name, after): (&String, &String)| Line {
        label: label(name),
        before: words(name, request.before.get(name).map_or("", String::as_str)),
        after: words(name, after),
    };
    request.after.iter().map(line).collect()
}

/// `GET /profile/changes`
#[handler]
pub async fn show(app: App, who: SignedIn) -> Result<Html<ChangesPage>, AppError> {
    let sheet = sheet::of_member(&app.db, &app.vault, who.member).await?;
    let more = [("note", String::new()), ("kept", String::new())];
    let state = rules::filled(&fields(), &sheet.values(), &more);
    Ok(Html::new(look(&app, &sheet, state).await?))
}

/// `POST /profile/changes`
#[handler]
pub async fn submit(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
) -> Result<Result<SeeOther, Html<ChangesPage>>, AppError> {
    let actor = who.actor();
    let sheet = sheet::of_member(&app.db, &app.vault, who.member).await?;
    let id = &sheet.member.id;
    let uploads = files::take(&app, id, &form, ("file", "kept", change::MAX_FILES)).await?;
    match read(&app, &sheet, &form, uploads.problem.clone()) {
        Err(errors) => {
            let mut state = FormState::refused(&inputs(), &form, errors);
            state.values.insert("kept", uploads.kept());
            Ok(Err(Html::refused(look(&app, &sheet, state).await?)))
        }
        Ok((after, note)) => {
            let asked = Asked { after, note, files: uploads.ids(), actor, ip: client.ip };
            if change::submit(&app, &sheet, asked).await? {
                let text = "变更申请已提交，请等待秘书处审核";
                return Ok(Ok(SeeOther::to("/profile/changes").saying(text)));
            }
            let text = "已有一份变更申请正在审核，可以先撤回再重新提交";
            Ok(Ok(SeeOther::to("/profile/changes").refusing(text)))
        }
    }
}

/// The fields that differ, and why.
fn read(
    app: &App,
    sheet: &Sheet,
    form: &Form,
    upload_problem: Option<String>,
) -> Result<(Values, String), FieldErrors> {
    let mut problems = Vec::new();
    let parsed = rules::parse(form, &fields(), app.clock.now().date(), |_| false);
    let mut after = match parsed {
        Ok(values) => values,
        Err(errors) => {
            problems.extend(errors.list().iter().cloned());
            Values::new()
        }
    };
    after.retain(|name, value| *value != sheet.value(name));
    if problems.is_empty() && after.is_empty() {
        problems.push(("name", "请至少修改一项再提交".into()));
    }
    let note = text::required(form.value("note"), 300);
    if let Err(error) = &note {
        problems.push(("note", format!("变更原因{error}")));
    }
    if let Some(problem) = upload_problem {
        problems.push(("file", problem));
    }
    match note {
        Ok(note) if problems.is_empty() => Ok((after, note)),
        _ => Err(FieldErrors::of(problems)),
    }
}

fn id_of(req: &Request) -> Result<ChangeRequestId, AppError> {
    let id = req.param::<String>("change").and_then(|id| id.parse().ok());
    id.ok_or(AppError::NotFound)
}

async fn own(app: &App, member: &MemberId, req: &Request) -> Result<change::Request, AppError> {
    change::own(&app.db, &app.vault, member, &id_of(req)?).await
}

/// `POST /profile/changes/{change}/withdraw`
#[handler]
pub async fn withdraw(
    app: App,
    client: Client,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let request = own(&app, &who.member.id, req).await?;
    let ending =
        Ending { to: Status::Withdrawn, actor: who.actor(), reason: String::new(), ip: client.ip };
    let back = SeeOther::to("/profile/changes");
    Ok(if change::withdraw(&app, &request, ending).await? {
        back.saying("变更申请已撤回")
    } else {
        back.refusing("这份申请已经处理，不能撤回")
    })
}

/// `GET /profile/changes/{change}/files/{file}`
#[handler]
pub async fn attachment(app: App, who: SignedIn, req: &mut Request) -> Result<Served, AppError> {
    let request = own(&app, &who.member.id, req).await?;
    files::serve(&app, &request.member, req, |file| request.files.contains(file)).await
}
