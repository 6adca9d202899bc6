//! The stamped 入会申请表, page by page: pictures or a PDF that the applicant uploads. What was
//! uploaded before comes back as ticked boxes (`kept`), so that nobody uploads twice.

use std::time::Duration;

use super::{Registration, store::write};
use crate::{
    db,
    file::{self, FileError, Owner, Served, StoredFile},
    kernel::{
        Timestamp,
        ids::{FileId, RegistrationId},
    },
    web::{App, AppError, Form, throttle},
};

/// A form has a page or two.
pub const MOST_FILES: usize = 3;
/// Bytes that the routes with uploads must accept.
pub const MAX_BODY: usize = (MOST_FILES + 1) * 10 * 1024 * 1024;
const MOST_UPLOADS: u64 = 30;

/// The files of an application, in their order.
pub async fn files(app: &App, of: &Registration) -> Result<Vec<StoredFile>, AppError> {
    let owner = Owner::Registration(of.id.clone());
    Ok(file::owned(&app.db, &owner, &of.scans).await?)
}

/// Keeps what was uploaded with a form beside what is still ticked; tells what was wrong with it.
pub async fn take(
    app: &App,
    of: &mut Registration,
    form: &Form,
) -> Result<Option<String>, AppError> {
    let owner = Owner::Registration(of.id.clone());
    let ticked: Vec<FileId> =
        form.values("kept").into_iter().filter_map(|id| id.parse().ok()).collect();
    let mut kept: Vec<FileId> = of.scans.iter().filter(|id| ticked.contains(id)).cloned().collect();
    let mut problems = Vec::new();
    for part in form.files("scan") {
        if kept.len() == MOST_FILES {
            problems.push(format!("最多 {MOST_FILES} 个文件，多出的没有保存"));
            break;
        }
        let hour = Duration::from_hours(1);
        throttle::pass(app, "registration-scan", of.id.as_str(), MOST_UPLOADS, hour).await?;
        let name = part.name().unwrap_or_default();
        match file::upload(app, &owner, name, part.path()).await {
            Ok(file) => kept.push(file.id),
            Err(FileError::Fault(fault)) => return Err(fault),
            Err(refusal) => {
                problems.push(format!("“{}”{refusal}", file::model::display_name(name)));
            }
        }
    }
    if kept != of.scans {
        if !replace(app, of, &kept).await? {
            return Ok(Some("该申请已办结，不能再上传".into()));
        }
        of.scans = kept;
    }
    Ok((!problems.is_empty()).then(|| problems.join("；")))
}

/// Names the pages anew; what is not among them any more may be tidied away in a month. `false` when
/// the application is over.
async fn replace(app: &App, of: &Registration, kept: &[FileId]) -> Result<bool, AppError> {
    let beyond = |these: &[FileId], those: &[FileId]| -> Vec<FileId> {
        these.iter().filter(|id| !those.contains(id)).cloned().collect()
    };
    let (new, gone) = (beyond(kept, &of.scans), beyond(&of.scans, kept));
    let pages = Pages { of: of.id.clone(), kept: kept.to_vec(), new, gone, now: app.clock.now() };
    let done: Result<bool, db::Error> =
        db::transaction(&app.db, pages, |tx, pages| Box::pin(work(tx, pages))).await;
    Ok(done?)
}

/// What the pages are from now on, and what came and went.
#[derive(Clone)]
struct Pages {
    of: RegistrationId,
    kept: Vec<FileId>,
    new: Vec<FileId>,
    gone: Vec<FileId>,
    now: Timestamp,
}

async fn work(tx: &db::Tx, pages: &Pages) -> Result<bool, db::Error> {
    let Pages { of, kept, new, gone, now } = pages;
    if !write::set_scans(tx, of, kept).await? {
        return Ok(false);
    }
    file::claim(tx, new).await?;
    file::release(tx, gone, *now).await?;
    Ok(true)
}

/// A file of an application.
pub async fn served(
    app: &App,
    of: &Registration,
    wanted: Option<FileId>,
) -> Result<Served, AppError> {
    let id = wanted.filter(|id| of.scans.contains(id)).ok_or(AppError::NotFound)?;
    let owner = Owner::Registration(of.id.clone());
    let file = file::find(&app.db, &owner, &id).await?.ok_or(AppError::NotFound)?;
    file::serve(app, &file).await
}
