//! 补正: the page on which an applicant amends exactly what was asked for.

use salvo::Request;
use serde::Serialize;

use super::{
    Registration, amend,
    apply::is_doubtful,
    form,
    model::{Act, Defect, SCAN, amendable},
    result::{Scan, here},
    sample, scan,
    submit::SubmitError,
};
use crate::{
    file::StoredFile,
    kernel::dictionary::{Entry, USER_TYPES},
    web::{App, AppError, Client, Form, FormState, SeeOther, form::FieldErrors},
};

const FIELDS: &[&str] = &[
    "name",
    "uscc",
    "uscc_insist",
    "legal_person",
    "legal_mobile",
    "contact",
    "contact_mobile",
    "user_type",
    SCAN,
];

/// What the amending pages of both surfaces show.
#[derive(Debug, Serialize)]
pub struct Content {
    form: FormState,
    no: String,
    name: String,
    version: i64,
    action: String,
    back: String,
    print: String,
    fields: Vec<Asked>,
    user_types: &'static [Entry],
    offers_insisting: bool,
    has_scan: bool,
    scans: Vec<Scan>,
}

/// A field that must be amended.
#[derive(Debug, Serialize)]
struct Asked {
    name: &'static str,
    label: &'static str,
    reason: String,
}

impl Content {
    /// The form with what stands in the application now.
    pub(super) async fn of(app: &App, req: &Request, of: &Registration) -> Result<Self, AppError> {
        let files = scan::files(app, of).await?;
        let form = FormState::filled(FIELDS, |name| value(of, name));
        Ok(Self::new(of, here(req), &files, form))
    }

    fn new(of: &Registration, below: &str, files: &[StoredFile], form: FormState) -> Self {
        let back = format!("{below}/{}", of.id);
        let typed = form.values.get("uscc").map_or("", String::as_str);
        let is_asked = |field: &str| of.defects.iter().any(|defect| defect.field == field);
        Self {
            offers_insisting: is_asked("uscc") && is_doubtful(typed),
            form,
            no: of.no.clone(),
            name: of.name.clone(),
            version: of.version,
            action: format!("{back}/amend"),
            print: format!("/register/{}/print", of.id),
            fields: of.defects.iter().filter_map(asked).collect(),
            user_types: USER_TYPES,
            has_scan: is_asked(SCAN),
            scans: Scan::list(files, &back),
            back,
        }
    }

    /// Every shape of the page.
    pub(super) fn samples(below: &'static str) -> Vec<Self> {
        let returned = sample::registration(super::Status::Returned);
        let mut wrong = FormState::blank(FIELDS);
        for name in FIELDS {
            wrong.errors.insert(name, "请修改".into());
        }
        let forms = [FormState::blank(FIELDS), wrong];
        let of = |of: &Registration| forms.map(|form| Self::new(of, below, &[], form)).into();
        returned.as_ref().map(of).unwrap_or_default()
    }
}

fn asked(defect: &Defect) -> Option<Asked> {
    let known = amendable(&defect.field)?;
    Some(Asked { name: known.field, label: known.label, reason: defect.reason.clone() })
}

fn value(of: &Registration, name: &str) -> String {
    match name {
        "name" => of.name.clone(),
        "uscc" => of.uscc.to_string(),
        "legal_person" => of.legal_person.clone(),
        "legal_mobile" => of.legal_mobile.as_str().to_owned(),
        "contact" => of.contact.clone(),
        "contact_mobile" => of.contact_mobile.as_str().to_owned(),
        "user_type" => of.user_type.clone(),
        _ => String::new(),
    }
}

/// Takes an amended form; `Err` is the page again, with what is wrong.
pub(super) async fn submit(
    app: &App,
    client: &Client,
    form: &Form,
    req: &Request,
    mut of: Registration,
) -> Result<Result<SeeOther, Box<Content>>, AppError> {
    let back = SeeOther::to(format!("{}/{}", here(req), of.id));
    if !of.status.allows(Act::Amend) || form.value("version") != of.version.to_string() {
        return Ok(Ok(back.refusing("该申请的状态已改变，本次修改没有提交，请核对后再操作")));
    }
    let errors = match read(app, form, &mut of).await? {
        Ok(new) => match amend::amend(app, new, &client.ip).await {
            Ok(true) => {
                return Ok(Ok(back.saying("补正已提交，请等待秘书处审核")));
            }
            Ok(false) => {
                let text = "该申请的状态已改变，本次修改没有提交，请核对后再操作";
                return Ok(Ok(back.refusing(text)));
            }
            Err(SubmitError::Fault(fault)) => return Err(fault),
            Err(refusal @ SubmitError::SameCode) => FieldErrors::one("uscc", refusal),
            Err(refusal @ SubmitError::SameName) => FieldErrors::one("name", refusal),
        },
        Err(errors) => errors,
    };
    let files = scan::files(app, &of).await?;
    let state = FormState::refused(FIELDS, form, errors);
    Ok(Err(Box::new(Content::new(&of, here(req), &files, state))))
}

/// The amended application, or everything that is wrong. Uploads are kept either way.
async fn read(
    app: &App,
    form: &Form,
    of: &mut Registration,
) -> Result<Result<Registration, FieldErrors>, AppError> {
    let asked_at = of.decided_at;
    let mut problem = None;
    if of.defects.iter().any(|defect| defect.field == SCAN) {
        problem = scan::take(app, of, form).await?;
        let files = scan::files(app, of).await?;
        let is_new = files.iter().any(|file| asked_at.is_none_or(|at| file.created_ms >= at));
        if problem.is_none() && !is_new {
            problem = Some("还没有上传盖章的入会申请表".into());
        }
    }
    let read = form::read_amended(form, of);
    Ok(match (read, problem) {
        (Ok(new), None) => Ok(new),
        (Ok(_), Some(problem)) => Err(FieldErrors::one(SCAN, problem)),
        (Err(errors), None) => Err(errors),
        (Err(errors), Some(problem)) => Err(errors.and(SCAN, problem)),
    })
}
