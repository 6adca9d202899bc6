//! Looking at, amending and deleting one's own report.

use salvo::{Request, Writer as _, handler};

use super::{
    history, id_of,
    page::{Parts, SubmitPage},
    report::{self, ReportPage},
};
use crate::{
    account::SignedIn,
    dues::{self, Bill},
    file::{self, Owner, Served, StoredFile},
    kernel::ids::FileId,
    offline::{
        amend::{self, ChangeError},
        form,
        model::OfflinePayment,
        store,
        submit::Submission,
        voucher::take,
    },
    web::{App, AppError, Client, Form, FormState, Html, SeeOther},
};

/// `GET /dues/offline/{offline}`: the form while it may be changed, else the report to be read.
#[handler]
pub async fn edit_page(
    app: App,
    who: SignedIn,
    req: &mut Request,
) -> Result<Result<Html<SubmitPage>, Html<ReportPage>>, AppError> {
    let payment = amend::own(&app, &who, &id_of(req)?).await?;
    let ids = store::vouchers(&app.db, &payment.id).await?;
    let owner = Owner::Member(who.member.id.clone());
    let files = file::owned(&app.db, &owner, &ids).await?;
    if !payment.status.is_open() {
        return Ok(Err(Html::new(report::page(&app, payment, &files).await?)));
    }
    let open = bills(&app, &who, &payment).await?;
    Ok(Ok(Html::new(page(&app, &open, &payment, &files, form::stored(&payment)).await?)))
}

/// The bills that the form offers. That of the report stays among them even if it owes nothing
/// any more: the money was sent all the same.
async fn bills(app: &App, who: &SignedIn, payment: &OfflinePayment) -> Result<Vec<Bill>, AppError> {
    let mut open = dues::open_bills_of(&app.db, &who.member.id).await?;
    if open.iter().all(|bill| bill.id != payment.bill_id) {
        open.extend(dues::bill(&app.db, &payment.bill_id).await?);
    }
    Ok(open)
}

async fn page(
    app: &App,
    open: &[Bill],
    payment: &OfflinePayment,
    files: &[StoredFile],
    form: FormState,
) -> Result<SubmitPage, AppError> {
    let parts = Parts {
        bank: &app.settings.site.bank,
        open,
        amends: Some(payment),
        waiting: &[],
        files,
        history: history::of(app, &payment.id).await?,
        today: app.clock.now().date().to_string(),
        key: String::new(),
    };
    Ok(SubmitPage::new(parts, form))
}

/// `POST /dues/offline/{offline}`
#[handler]
pub async fn edit(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<SubmitPage>>, AppError> {
    let payment = amend::own(&app, &who, &id_of(req)?).await?;
    let open = bills(&app, &who, &payment).await?;
    let vouchers = take(&app, &who.member.id, &form).await?;
    let today = app.clock.now().date();
    match form::read(&form, (&who.member.name, &open), today, vouchers.problem) {
        Ok(draft) => {
            let files = vouchers.files.into_iter().map(|file| file.id).collect();
            let submission = Submission { draft, files, key: String::new(), ip: client.ip };
            let version = version(&form)?;
            let done = amend::amend(&app, &who, payment, version, submission).await;
            Ok(Ok(after(done, "修改已提交，请等待秘书处确认")?))
        }
        Err(errors) => {
            let state = form::refused(&form, errors, &who.member.name);
            let page = page(&app, &open, &payment, &vouchers.files, state).await?;
            Ok(Err(Html::refused(page)))
        }
    }
}

/// `POST /dues/offline/{offline}/delete`
#[handler]
pub async fn delete(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let payment = amend::own(&app, &who, &id_of(req)?).await?;
    let version = version(&form)?;
    let done = amend::delete(&app, &who, payment, version, client.ip).await;
    after(done, "缴费信息已删除")
}

fn version(form: &Form) -> Result<i64, AppError> {
    form.value("version").parse().map_err(|_| AppError::Stale)
}

fn after(done: Result<(), ChangeError>, success: &str) -> Result<SeeOther, AppError> {
    let back = SeeOther::to("/dues/records");
    match done {
        Ok(()) => Ok(back.saying(success)),
        Err(ChangeError::TooLate(text)) => Err(AppError::Refused(text.into())),
        Err(ChangeError::Fault(fault)) => Err(fault),
    }
}

/// `GET /dues/offline/{offline}/vouchers/{file}`
#[handler]
pub async fn voucher(app: App, who: SignedIn, req: &mut Request) -> Result<Served, AppError> {
    let payment = amend::own(&app, &who, &id_of(req)?).await?;
    let file = req.param::<String>("file").and_then(|id| id.parse().ok());
    read_voucher(&app, &payment, file).await
}

/// `GET /dues/offline/uploads/{file}`: what was uploaded with a form that is not accepted yet.
#[handler]
pub async fn upload(app: App, who: SignedIn, req: &mut Request) -> Result<Served, AppError> {
    let id = req.param::<String>("file").and_then(|id| id.parse::<FileId>().ok());
    let owner = Owner::Member(who.member.id.clone());
    let file = file::find(&app.db, &owner, &id.ok_or(AppError::NotFound)?).await?;
    file::serve(&app, &file.ok_or(AppError::NotFound)?).await
}

/// A voucher of this report, of whichever version; any other file is not found.
pub(in crate::offline) async fn read_voucher(
    app: &App,
    payment: &OfflinePayment,
    id: Option<FileId>,
) -> Result<Served, AppError> {
    let id = id.ok_or(AppError::NotFound)?;
    if !store::has_voucher(&app.db, &payment.id, &id).await? {
        return Err(AppError::NotFound);
    }
    let owner = Owner::Member(payment.member_id.clone());
    let file = file::find(&app.db, &owner, &id).await?.ok_or(AppError::NotFound)?;
    file::serve(app, &file).await
}
