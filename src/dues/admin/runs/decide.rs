//! Approving a preview, giving the run up, and taking back what a run has made.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{
    find,
    show::{FIELDS, RunPage, page},
};
use crate::{
    dues::{
        admin::reason,
        run::{self, DecideError, Run, StartError},
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Form, FormState, Html, SeeOther},
};

type Answer = Result<Result<SeeOther, Html<RunPage>>, AppError>;

/// `POST /admin/dues/runs/{run}/approve`
#[handler]
pub async fn approve(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::ApproveMoney)?;
    let found = find(&app, req).await?;
    let why = match reason(&form, "approve_reason") {
        Ok(why) => why,
        Err(errors) => {
            return refused(&app, &staff, &found, FormState::refused(FIELDS, &form, errors)).await;
        }
    };
    let done = run::approve(&app, &staff, client.ip, found.clone(), why).await;
    answer(&app, &staff, (&found, "已批准，正在执行"), done).await
}

/// `POST /admin/dues/runs/{run}/cancel`
#[handler]
pub async fn cancel(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let found = find(&app, req).await?;
    let why = match reason(&form, "cancel_reason") {
        Ok(why) => why,
        Err(errors) => {
            return refused(&app, &staff, &found, FormState::refused(FIELDS, &form, errors)).await;
        }
    };
    let done = run::cancel(&app, &staff, client.ip, found.clone(), why).await;
    answer(&app, &staff, (&found, "批次已取消，没有生成或调整任何账单"), done).await
}

/// `POST /admin/dues/runs/{run}/void`: begins the run that takes its bills back; nothing is changed
/// before that one is approved.
#[handler]
pub async fn void(
    app: App,
    client: Client,
    staff: SignedInStaff,
    _form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let found = find(&app, req).await?;
    match run::start_void(&app, &staff, client.ip, &found).await {
        Ok(id) => {
            let page = SeeOther::to(format!("/admin/dues/runs/{id}"));
            Ok(Ok(page.saying("作废批次已建立，正在核对账单；批准后才会作废")))
        }
        Err(StartError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let mut page = page(&app, &staff, &found, (None, "")).await?;
            page.problem = refusal.to_string();
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}

async fn refused(app: &App, staff: &SignedInStaff, run: &Run, form: FormState) -> Answer {
    let mut page = page(app, staff, run, (None, "")).await?;
    page.form = form;
    Ok(Err(Html::refused(page)))
}

async fn answer(
    app: &App,
    staff: &SignedInStaff,
    (run, words): (&Run, &str),
    done: Result<(), DecideError>,
) -> Answer {
    match done {
        Ok(()) => Ok(Ok(SeeOther::to(format!("/admin/dues/runs/{}", run.id)).saying(words))),
        Err(DecideError::Fault(fault)) => Err(fault),
        Err(refusal @ DecideError::Changed) => {
            let now = store::run::find(&app.db, &run.id).await?.ok_or(AppError::NotFound)?;
            let mut page = page(app, staff, &now, (None, "")).await?;
            page.problem = refusal.to_string();
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}
