//! The files of a form. What was uploaded with a form that is then refused is kept, and comes back
//! as ticked boxes (`kept`), so that nobody uploads twice.

use std::time::Duration;

use super::{
    model::{FileError, Owner, StoredFile, display_name},
    store, upload,
};
use crate::{
    kernel::ids::FileId,
    web::{App, AppError, Form, throttle},
};

/// What a form asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The field's name; also the name of the throttle.
    pub field: &'static str,
    /// What people call such a file.
    pub word: &'static str,
    /// Files of one form.
    pub most: usize,
    /// Uploads of one owner in an hour, so that refused forms do not fill the database.
    pub most_uploads: u64,
}

/// The accepted files of a form, and what is wrong with the others.
#[derive(Debug)]
pub struct Taken {
    /// Kept ones and new ones.
    pub files: Vec<StoredFile>,
    /// What was not accepted, in words.
    pub problem: Option<String>,
}

/// What a form is told whose earlier uploads are gone.
pub const GONE: &str = "先前上传的文件已超过保留时间，请重新上传";

/// Takes the files of a form in: kept ones if they are this owner's, new ones if they are sound.
pub async fn take(
    app: &App,
    owner: &Owner,
    form: &Form,
    wanted: Wanted,
) -> Result<Taken, AppError> {
    let Wanted { field, word, most, most_uploads } = wanted;
    let mut kept: Vec<FileId> = Vec::new();
    for id in form.values("kept").into_iter().filter_map(|id| id.parse().ok()) {
        if kept.len() < most && !kept.contains(&id) {
            kept.push(id);
        }
    }
    let mut files = store::owned(&app.db, owner, &kept).await?;
    let mut problems = Vec::new();
    if files.len() < kept.len() {
        problems.push(GONE.to_owned());
    }
    for part in form.files(field) {
        if files.len() == most {
            problems.push(format!("{word}最多 {most} 个，多出的没有保存"));
            break;
        }
        let hour = Duration::from_hours(1);
        throttle::pass(app, field, owner.id(), most_uploads, hour).await?;
        let name = part.name().unwrap_or_default();
        match upload::upload(app, owner, name, part.path()).await {
            Ok(file) => files.push(file),
            Err(FileError::Fault(fault)) => return Err(fault),
            Err(refusal) => problems.push(format!("“{}”{refusal}", display_name(name))),
        }
    }
    let problem = (!problems.is_empty()).then(|| problems.join("；"));
    Ok(Taken { files, problem })
}
