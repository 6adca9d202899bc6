//! 银行回单: the receipts of a transfer back, taken in with the form, and saved by finance.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::find;
use crate::{
    file::{self, Owner, Served, StoredFile, Taken, Wanted},
    kernel::ids::{FileId, StaffId},
    refund::{Refund, store},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Form},
};

/// Receipts of one refund.
pub const MOST_FILES: usize = 5;

/// Where receipts lie that belong to no refund yet.
pub(super) const UPLOADS: &str = "/admin/refunds/uploads";

const WANTED: Wanted =
    Wanted { field: "receipt", word: "回单", most: MOST_FILES, most_uploads: 100 };

/// A receipt on a page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Receipt {
    id: String,
    name: String,
    note: String,
    href: String,
}

impl Receipt {
    pub(super) fn new(file: &StoredFile, below: &str) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            note: file.size_text(),
            href: format!("{below}/{}", file.id),
        }
    }

    pub(super) fn sample() -> Self {
        Self {
            id: "sample-file".into(),
            name: "银行回单.pdf".into(),
            note: "121 KB".into(),
            href: format!("{UPLOADS}/sample-file"),
        }
    }
}

/// Takes the receipts of a form in.
pub(super) async fn take(app: &App, staff: &SignedInStaff, form: &Form) -> Result<Taken, AppError> {
    file::take(app, &Owner::Staff(staff.0.id.clone()), form, WANTED).await
}

/// The receipts of a refund, for its page.
pub(super) async fn of(app: &App, refund: &Refund) -> Result<Vec<Receipt>, AppError> {
    let ids = store::files(&app.db, &refund.id).await?;
    let Ok(owner) = refund.requested_by.parse::<StaffId>() else { return Ok(Vec::new()) };
    let files = file::owned(&app.db, &Owner::Staff(owner), &ids).await?;
    let below = format!("/admin/refunds/{}/files", refund.id);
    Ok(files.iter().map(|file| Receipt::new(file, &below)).collect())
}

fn wanted(req: &Request) -> Result<FileId, AppError> {
    let id = req.param::<String>("file").and_then(|id| id.parse().ok());
    id.ok_or(AppError::NotFound)
}

/// `GET /admin/refunds/{refund}/files/{file}`: only to be saved.
#[handler]
pub async fn receipt(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    staff.require(Permission::ReadMoney)?;
    let refund = find(&app, req).await?;
    let id = wanted(req)?;
    if !store::files(&app.db, &refund.id).await?.contains(&id) {
        return Err(AppError::NotFound);
    }
    let owner = refund.requested_by.parse().map_err(|_| AppError::NotFound)?;
    let found = file::find(&app.db, &Owner::Staff(owner), &id).await?;
    Ok(file::serve(&app, &found.ok_or(AppError::NotFound)?).await?.to_save())
}

/// `GET /admin/refunds/uploads/{file}`: what oneself has uploaded with a form that was refused.
#[handler]
pub async fn uploaded(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    staff.require(Permission::DecideMoney)?;
    let owner = Owner::Staff(staff.0.id.clone());
    let found = file::find(&app.db, &owner, &wanted(req)?).await?;
    Ok(file::serve(&app, &found.ok_or(AppError::NotFound)?).await?.to_save())
}
