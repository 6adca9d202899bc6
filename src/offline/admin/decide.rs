//! The two decisions of finance.

use salvo::{Request, Writer as _, handler};

use super::{Answer, conflict, find, look::page};
use crate::{
    kernel::{Fen, text},
    offline::{
        decide::{DecideError, Decision, decide},
        model::Deed,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther, form::FieldErrors},
};

/// `POST /admin/offline/{offline}/confirm`
#[handler]
pub async fn confirm(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    answer(&app, client, &staff, &form, req, Deed::Confirm).await
}

/// `POST /admin/offline/{offline}/reject`
#[handler]
pub async fn reject(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    answer(&app, client, &staff, &form, req, Deed::Reject).await
}

/// Reads the form: a rejection needs a reason, a confirmation may have a remark. A tick carries
/// the surplus that the page showed, so that nobody agrees to another one.
fn read(form: &Form, deed: Deed) -> Result<(String, Fen), FieldErrors> {
    let mut fields = Fields::of(form);
    let reason = fields.read("reason", |typed| match deed {
        Deed::Reject => text::required(typed, 200).map_err(|error| format!("驳回原因{error}")),
        _ => text::optional(typed, 200).map_err(|error| format!("备注{error}")),
    });
    let surplus = form.value("surplus").parse().map_or(Fen::ZERO, Fen::new);
    fields.finish(reason.map(|reason| (reason, surplus)))
}

async fn answer(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    req: &Request,
    deed: Deed,
) -> Answer {
    let payment = find(app, req).await?;
    let back = format!("/admin/offline/{}", payment.id);
    let version = form.value("version").parse().map_err(|_| AppError::Stale)?;
    let (reason, surplus) = match read(form, deed) {
        Ok(read) => read,
        Err(errors) => {
            let state = FormState::refused(&["reason"], form, errors);
            let page = page(app, staff, payment).await?;
            return Ok(Err(Html::refused(match deed {
                Deed::Reject => page.with_reject_form(state),
                _ => page.with_confirm_form(state),
            })));
        }
    };
    let decision = Decision { deed, version, reason, surplus, ip: client.ip };
    match decide(app, staff, payment, decision).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(match deed {
            Deed::Reject => "已驳回，会员可以修改后重新提交",
            _ => "已确认到账，账单和账簿已更新",
        }))),
        Err(DecideError::Fault(fault)) => Err(fault),
        Err(refusal) => conflict(app, staff, req, refusal.to_string()).await,
    }
}
