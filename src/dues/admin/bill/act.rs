//! What staff may do to a bill: void it, reopen it, ask for a waiver.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{BillPage, FIELDS, page};
use crate::{
    dues::{
        Bill,
        admin::{find_bill, form::amount, reason},
        correct::{CorrectError, Correction, correct},
        store,
        waiver::{NewWaiver, RequestError, WaiverKind, checked, request},
    },
    kernel::{Date, text},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther, form::FieldErrors},
};

type Answer = Result<Result<SeeOther, Html<BillPage>>, AppError>;

/// `POST /admin/dues/bills/{bill}/void`
#[handler]
pub async fn void(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let bill = find_bill(&app, req).await?;
    answer(&app, client, &staff, &form, (bill, Correction::Void, "void_reason")).await
}

/// `POST /admin/dues/bills/{bill}/reopen`
#[handler]
pub async fn reopen(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    let bill = find_bill(&app, req).await?;
    answer(&app, client, &staff, &form, (bill, Correction::Reopen, "reopen_reason")).await
}

async fn answer(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    (bill, correction, field): (Bill, Correction, &'static str),
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let why = match reason(form, field) {
        Ok(why) => why,
        Err(errors) => return refused(app, staff, bill, form, errors).await,
    };
    let back = format!("/admin/dues/bills/{}", bill.id);
    match correct(app, staff, client.ip, (bill.clone(), correction), why).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(match correction {
            Correction::Void => "账单已作废",
            Correction::Reopen => "账单已重新开放，恢复为待缴",
        }))),
        Err(CorrectError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let now = store::bill(&app.db, &bill.id).await?.ok_or(AppError::NotFound)?;
            let page = page(app, staff, now).await?;
            let page = BillPage { problem: refusal.to_string(), ..page };
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}

async fn refused(
    app: &App,
    staff: &SignedInStaff,
    bill: Bill,
    form: &Form,
    errors: FieldErrors,
) -> Answer {
    let form = FormState::refused(FIELDS, form, errors);
    Ok(Err(Html::refused(BillPage { form, ..page(app, staff, bill).await? })))
}

/// `POST /admin/dues/bills/{bill}/waive`
#[handler]
pub async fn waive(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let bill = find_bill(&app, req).await?;
    let errors = match read(&form, &bill, app.clock.now().date()) {
        Ok((new, basis)) => match request(&app, &staff, client.ip, (&bill, new), basis).await {
            Ok(id) => {
                let page = format!("/admin/dues/waivers/{id}");
                return Ok(Ok(SeeOther::to(page).saying("申请已提交，等待审批")));
            }
            Err(RequestError::Fault(fault)) => return Err(fault),
            Err(refusal) => FieldErrors::one(field_of(&refusal), refusal),
        },
        Err(errors) => errors,
    };
    refused(&app, &staff, bill, &form, errors).await
}

/// The field beside which a refusal stands.
const fn field_of(refusal: &RequestError) -> &'static str {
    match refusal {
        RequestError::TooMuch(_) => "yuan",
        RequestError::TooEarly(_) => "until",
        RequestError::NotOwed | RequestError::Waiting | RequestError::Fault(_) => "kind",
    }
}

fn read(form: &Form, bill: &Bill, today: Date) -> Result<(NewWaiver, String), FieldErrors> {
    let mut fields = Fields::of(form);
    let kind = fields.read("kind", |code| WaiverKind::of_code(code).ok_or("请选择减免或缓缴"));
    let new = match kind {
        Some(WaiverKind::Reduction) => fields.read("yuan", amount).map(NewWaiver::Reduction),
        Some(WaiverKind::Deferral) => {
            fields.read("until", str::parse::<Date>).map(NewWaiver::Deferral)
        }
        None => None,
    };
    if let Some(Err(refusal)) = new.as_ref().map(|new| checked(bill, new, today)) {
        fields.refuse(field_of(&refusal), refusal);
    }
    let basis =
        fields.read("basis", |v| text::required(v, 400).map_err(|e| format!("申请依据{e}")));
    fields.finish(new.zip(basis))
}
