//! 缴费凭证: the files of a form. What was uploaded with a form that is then refused is kept, and
//! comes back as ticked boxes (`kept`), so that nobody uploads twice.

use std::time::Duration;

use crate::{
    file::{self, FileError, Owner, StoredFile},
    kernel::ids::{FileId, MemberId},
    web::{App, AppError, Form, throttle},
};

/// Files of one report.
pub(super) const MOST_FILES: usize = 5;

/// A member's uploads in an hour, so that refused forms do not fill the database.
const MOST_UPLOADS: u64 = 100;

/// The accepted files of a form, and what is wrong with the others.
#[derive(Debug)]
pub(super) struct Vouchers {
    pub files: Vec<StoredFile>,
    pub problem: Option<String>,
}

/// Takes the files of a form in: kept ones if they are this member's, new ones if they are sound.
pub(super) async fn take(app: &App, member: &MemberId, form: &Form) -> Result<Vouchers, AppError> {
    let owner = Owner::Member(member.clone());
    let mut kept: Vec<FileId> =
        form.values("kept").into_iter().filter_map(|id| id.parse().ok()).collect();
    kept.dedup();
    kept.truncate(MOST_FILES);
    let mut files = file::owned(&app.db, &owner, &kept).await?;
    let mut problems = Vec::new();
    for part in form.files("voucher") {
        if files.len() == MOST_FILES {
            problems.push(format!("凭证最多 {MOST_FILES} 个，多出的没有保存"));
            break;
        }
        let hour = Duration::from_hours(1);
        throttle::pass(app, "voucher", member.as_str(), MOST_UPLOADS, hour).await?;
        let name = part.name().unwrap_or_default();
        match file::upload(app, &owner, name, part.path()).await {
            Ok(file) => files.push(file),
            Err(FileError::Fault(fault)) => return Err(fault),
            Err(refusal) => {
                problems.push(format!("“{}”{refusal}", file::model::display_name(name)));
            }
        }
    }
    if files.is_empty() && problems.is_empty() {
        problems.push("请上传缴费凭证，例如银行回单的照片或 PDF".into());
    }
    let problem = (!problems.is_empty()).then(|| problems.join("；"));
    Ok(Vouchers { files, problem })
}
