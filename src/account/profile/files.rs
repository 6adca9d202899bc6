//! Attachments of change requests and candidates. What was uploaded with a form that is then
//! refused is kept and named in a hidden field, so that nobody uploads twice.

use std::time::Duration;

use salvo::Request;

use crate::{
    file::{self, FileError, Owner, Served},
    kernel::ids::{FileId, MemberId},
    web::{App, AppError, Form, throttle},
};

/// A member's uploads in an hour, so that refused forms do not fill the database.
const MOST_UPLOADS: u64 = 100;

/// The accepted files of a form, and what is wrong with the others.
#[derive(Debug)]
pub(super) struct Uploads {
    files: Vec<FileId>,
    pub(super) problem: Option<String>,
}

impl Uploads {
    pub(super) fn ids(&self) -> Vec<FileId> {
        self.files.clone()
    }

    /// For the hidden field.
    pub(super) fn kept(&self) -> String {
        self.files.iter().map(FileId::as_str).collect::<Vec<_>>().join(",")
    }
}

/// Takes the files of an input in: new ones if they are sound, else kept ones if they are this
/// member's.
pub(super) async fn take(
    app: &App,
    member: &MemberId,
    form: &Form,
    (input, kept, most): (&str, &str, usize),
) -> Result<Uploads, AppError> {
    let owner = Owner::Member(member.clone());
    let ids: Vec<FileId> =
        form.value(kept).split(',').filter_map(|id| id.parse().ok()).take(most).collect();
    let mut files: Vec<FileId> =
        file::owned(&app.db, &owner, &ids).await?.into_iter().map(|file| file.id).collect();
    let mut problems = Vec::new();
    if files.len() < ids.len() {
        problems.push(file::GONE.to_owned());
    }
    for part in form.files(input) {
        if files.len() >= most && most > 1 {
            problems.push(format!("附件最多 {most} 个，多出的没有保存"));
            break;
        }
        throttle::pass(app, "attachment", member.as_str(), MOST_UPLOADS, Duration::from_hours(1))
            .await?;
        let name = part.name().unwrap_or_default();
        match file::upload(app, &owner, name, part.path()).await {
            Ok(stored) => {
                files.truncate(most - 1);
                files.push(stored.id);
            }
            Err(FileError::Fault(fault)) => return Err(fault),
            Err(refusal) => {
                problems.push(format!("“{}”{refusal}", file::model::display_name(name)));
            }
        }
    }
    Ok(Uploads { files, problem: (!problems.is_empty()).then(|| problems.join("；")) })
}

/// Serves the file of an address, if it is one that the page shows.
pub(super) async fn serve(
    app: &App,
    member: &MemberId,
    req: &Request,
    is_shown: impl Fn(&FileId) -> bool,
) -> Result<Served, AppError> {
    let id = req.param::<String>("file").and_then(|id| id.parse::<FileId>().ok());
    let id = id.filter(|id| is_shown(id)).ok_or(AppError::NotFound)?;
    let owner = Owner::Member(member.clone());
    let stored = file::find(&app.db, &owner, &id).await?.ok_or(AppError::NotFound)?;
    file::serve(app, &stored).await
}
