//! Asking for a refund of a parked item, from its page.

use salvo::{Writer as _, handler, http::StatusCode};

use crate::{
    kernel::{ids::UnexplainedId, text},
    payment::{self, unexplained},
    refund::{
        push::push_now,
        request::{RequestError, request_parked},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

/// `POST /admin/refunds/parked`
#[handler]
pub async fn ask_parked(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
) -> Result<Result<SeeOther, Html<unexplained::ItemPage>>, AppError> {
    staff.require(Permission::DecideMoney)?;
    let id: UnexplainedId = form.value("item").parse().map_err(|_| AppError::NotFound)?;
    let item = payment::parked(&app.db, &id).await?.ok_or(AppError::NotFound)?;
    let mut fields = Fields::of(&form);
    let reason = fields.read("reason", |typed| {
        text::required(typed, 80).map_err(|error| format!("退款原因{error}"))
    });
    let reason = match fields.finish(reason) {
        Ok(reason) => reason,
        Err(errors) => {
            let state = FormState::refused(&["reason"], &form, errors);
            let page = unexplained::item_page(&app, &staff, item).await?;
            return Ok(Err(Html::refused(page.with_refund_form(state))));
        }
    };
    match request_parked(&app, &staff, &item, (reason, client.ip)).await {
        Ok(id) => {
            push_now(&app, &id).await?;
            Ok(Ok(SeeOther::to(format!("/admin/refunds/{id}")).saying("退款申请已登记")))
        }
        Err(RequestError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let item = payment::parked(&app.db, &id).await?.ok_or(AppError::NotFound)?;
            let page = unexplained::item_page(&app, &staff, item).await?;
            Ok(Err(Html::with_status(page.with_problem(&refusal), StatusCode::CONFLICT)))
        }
    }
}
