//! Admin pages of dues: standards, bill runs, waivers, arrears, and one bill or member.

mod arrears;
mod bill;
mod form;
pub mod member;
pub mod runs;
mod standards;
mod table;
pub mod waivers;

pub use arrears::owing;
pub use bill::{one, reopen, void, waive};
pub use form::add;
pub use standards::{list, resolution};
pub use table::download;

use salvo::Request;

use super::store;
use crate::{
    kernel::text,
    staff,
    web::{App, AppError, Fields, Form, Sample, form::FieldErrors, page},
};

const PAGE_SIZE: usize = 20;

/// One more than a page, to see whether another one follows.
const PAGE_PLUS_ONE: i64 = 21;

/// The pages in every shape.
pub(super) fn samples() -> Vec<Sample> {
    [
        page::samples::<standards::StandardsPage>(),
        page::samples::<runs::RunsPage>(),
        page::samples::<runs::RunPage>(),
        page::samples::<waivers::WaiversPage>(),
        page::samples::<waivers::WaiverPage>(),
        page::samples::<arrears::ArrearsPage>(),
        page::samples::<bill::BillPage>(),
        page::samples::<member::MemberPage>(),
    ]
    .concat()
}

/// The bill that the path names.
async fn find_bill(app: &App, req: &Request) -> Result<super::Bill, AppError> {
    let id = req.param::<String>("bill").and_then(|id| id.parse().ok());
    store::bill(&app.db, &id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}

/// What people call an administrator; empty for jobs.
async fn staff_name(app: &App, id: &str) -> Result<String, AppError> {
    let row = staff::store::by_id(&app.db, id).await?;
    Ok(row.map_or_else(String::new, |row| row.name))
}

/// Reads the one field of a confirmation: why.
fn reason(form: &Form, name: &'static str) -> Result<String, FieldErrors> {
    let mut fields = Fields::of(form);
    let reason = fields
        .read(name, |typed| text::required(typed, 200).map_err(|error| format!("原因{error}")));
    fields.finish(reason)
}

/// The key by which a list goes on, after it was cut to a page.
fn cut<T>(rows: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
    let has_more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    rows.last().filter(|_| has_more).map(key)
}
