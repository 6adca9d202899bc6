//! Asking for a correction of what was confirmed, and the second person's answer.

use salvo::{Request, Writer as _, handler};

use super::{Answer, conflict, find, look::page};
use crate::{
    kernel::text,
    offline::{
        correct::{self, CorrectError, Wish},
        model::CorrectionKind,
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

/// `GET /admin/offline/corrections/{correction}`: where entries of the books lead; the transfer, at
/// what was corrected of it.
#[handler]
pub async fn corrected(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    staff.require(Permission::ReadMoney)?;
    let id = req.param::<String>("correction").unwrap_or_default();
    let offline = store::corrected(&app.db, &id).await?.ok_or(AppError::NotFound)?;
    Ok(SeeOther::to(format!("/admin/offline/{offline}#correction-{id}")))
}

/// `POST /admin/offline/{offline}/corrections`: a first person asks.
#[handler]
pub async fn ask(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let payment = find(&app, req).await?;
    let back = format!("/admin/offline/{}", payment.id);
    let kind = CorrectionKind::ALL.into_iter().find(|kind| kind.code() == form.value("kind"));
    let kind = kind.ok_or(AppError::Stale)?;
    let reason = match reason(&form) {
        Ok(reason) => reason,
        Err(state) => {
            let page = page(&app, &staff, payment).await?.with_correction_form(kind, state);
            return Ok(Err(Html::refused(page)));
        }
    };
    let bill = form.value("bill").parse().ok();
    match correct::ask(&app, &staff, payment, Wish { kind, bill, reason, ip: client.ip }).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying("已提交申请，须由另一位工作人员复核后执行"))),
        Err(error) => refused(&app, &staff, req, error).await,
    }
}

/// `POST /admin/offline/{offline}/corrections/{correction}`: a second person approves or refuses.
#[handler]
pub async fn answer(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::ApproveMoney)?;
    let approved = form.value("answer") == "approve";
    let payment = find(&app, req).await?;
    let back = format!("/admin/offline/{}", payment.id);
    let wanted = req.param::<String>("correction").unwrap_or_default();
    let all = store::corrections(&app.db, &payment.id).await?;
    let correction = all.into_iter().find(|it| it.id == wanted).ok_or(AppError::NotFound)?;
    let reason = match reason(&form) {
        Ok(reason) => reason,
        Err(state) => {
            let page = page(&app, &staff, payment).await?.with_answer_form(state);
            return Ok(Err(Html::refused(page)));
        }
    };
    let what = (payment, correction);
    match correct::answer(&app, &staff, what, (approved, reason), client.ip).await {
        Ok(()) => Ok(Ok(SeeOther::to(back).saying(if approved {
            "已复核并执行，账簿已更新"
        } else {
            "这项更正没有执行"
        }))),
        Err(error) => refused(&app, &staff, req, error).await,
    }
}

/// Why, which is always asked for.
fn reason(form: &Form) -> Result<String, FormState> {
    let mut fields = Fields::of(form);
    let reason = fields
        .read("reason", |typed| text::required(typed, 200).map_err(|error| format!("说明{error}")));
    fields.finish(reason).map_err(|errors| FormState::refused(&["reason", "bill"], form, errors))
}

async fn refused(app: &App, staff: &SignedInStaff, req: &Request, error: CorrectError) -> Answer {
    match error {
        CorrectError::Fault(fault) => Err(fault),
        refusal => conflict(app, staff, req, refusal.to_string()).await,
    }
}
