//! Reporting an offline payment.

use salvo::{Request, Writer as _, handler};

use super::page::{Parts, SubmitPage};
use crate::{
    account::SignedIn,
    dues::{self, Bill},
    file::StoredFile,
    kernel::text,
    offline::{
        form, store,
        submit::{Submission, submit as report},
        voucher::take,
    },
    web::{App, AppError, Client, Form, FormState, Html, SeeOther},
};

/// `GET /dues/offline`; `?bill=` chooses among several open bills.
#[handler]
pub async fn submit_page(
    app: App,
    who: SignedIn,
    req: &mut Request,
) -> Result<Html<SubmitPage>, AppError> {
    let open = dues::open_bills_of(&app.db, &who.member.id).await?;
    let wanted = req.query::<String>("bill").unwrap_or_default();
    let chosen = open.iter().find(|bill| bill.id.as_str() == wanted).or(open.first());
    let form = form::fresh(chosen, &who.member.name, &who.member.profile.email);
    Ok(Html::new(page(&app, &open, &[], app.ids.token(), form).await?))
}

/// The page with what waits on the chosen bill already.
async fn page(
    app: &App,
    open: &[Bill],
    files: &[StoredFile],
    key: String,
    form: FormState,
) -> Result<SubmitPage, AppError> {
    let chosen = form.values.get("bill").map(String::as_str).unwrap_or_default();
    let waiting = match open.iter().find(|bill| bill.id.as_str() == chosen) {
        Some(bill) => store::waiting_on(&app.db, &app.vault, &bill.id).await?,
        None => Vec::new(),
    };
    let parts = Parts {
        bank: &app.settings.site.bank,
        open,
        amends: None,
        waiting: &waiting,
        files,
        history: Vec::new(),
        today: app.clock.now().date().to_string(),
        key,
    };
    Ok(SubmitPage::new(parts, form))
}

/// `POST /dues/offline`
#[handler]
pub async fn submit(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
) -> Result<Result<SeeOther, Html<SubmitPage>>, AppError> {
    let open = dues::open_bills_of(&app.db, &who.member.id).await?;
    let vouchers = take(&app, &who.member.id, &form).await?;
    let today = app.clock.now().date();
    let key = key(&app, &form);
    match form::read(&form, (&who.member.name, &open), today, vouchers.problem) {
        Ok(draft) => {
            let files = vouchers.files.into_iter().map(|file| file.id).collect();
            report(&app, &who, Submission { draft, files, key, ip: client.ip }).await?;
            let text = "已提交，秘书处核对到账后确认；确认前可以修改或删除";
            Ok(Ok(SeeOther::to("/dues/records").saying(text)))
        }
        Err(errors) => {
            let state = form::refused(&form, errors, &who.member.name);
            Ok(Err(Html::refused(page(&app, &open, &vouchers.files, key, state).await?)))
        }
    }
}

/// The key that the form was made with; a form without one gets its own.
fn key(app: &App, form: &Form) -> String {
    let key = text::optional(form.value("key"), 40).unwrap_or_default();
    if key.is_empty() { app.ids.token() } else { key }
}
