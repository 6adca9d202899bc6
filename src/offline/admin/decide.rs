//! The two decisions of finance.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{find, look::page, sheet::DetailPage};
use crate::{
    kernel::text,
    offline::{
        OfflineStatus,
        decide::{DecideError, Decision, decide},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

type Answer = Result<Result<SeeOther, Html<DetailPage>>, AppError>;

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
    answer(&app, client, &staff, &form, req, OfflineStatus::Confirmed).await
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
    answer(&app, client, &staff, &form, req, OfflineStatus::Rejected).await
}

async fn answer(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    req: &Request,
    to: OfflineStatus,
) -> Answer {
    let payment = find(app, req).await?;
    let back = format!("/admin/offline/{}", payment.id);
    let version = form.value("version").parse().map_err(|_| AppError::Stale)?;
    let what = if to == OfflineStatus::Confirmed { "备注" } else { "驳回原因" };
    let mut fields = Fields::of(form);
    let reason = fields.read("reason", |typed| {
        text::required(typed, 200).map_err(|error| format!("{what}{error}"))
    });
    let reason = match fields.finish(reason) {
        Ok(reason) => reason,
        Err(errors) => {
            let state = FormState::refused(&["reason"], form, errors);
            let page = page(app, staff, payment).await?;
            return Ok(Err(Html::refused(match to {
                OfflineStatus::Confirmed => page.with_confirm_form(state),
                _ => page.with_reject_form(state),
            })));
        }
    };
    let decision = Decision { to, version, reason, ip: client.ip };
    match decide(app, staff, payment, decision).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(match to {
            OfflineStatus::Confirmed => "已确认到账，账单和账簿已更新",
            _ => "已驳回，会员可以修改后重新提交",
        }))),
        Err(DecideError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let page = page(app, staff, find(app, req).await?).await?;
            let page = page.with_problem(refusal.to_string());
            Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
        }
    }
}
