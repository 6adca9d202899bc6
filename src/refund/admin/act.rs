//! What is done about one refund: a reason each, and the answer of who came second.

use salvo::{Request, Writer as _, handler, http::StatusCode};

use super::{
    find,
    sheet::{Act, DetailPage, page},
};
use crate::{
    kernel::text,
    refund::{
        Refund,
        decide::{DecideError, Decision, decide},
        manual,
        model::RefundStatus,
        push::push_now,
        store,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Fields, Form, FormState, Html, SeeOther},
};

pub(super) type Answer = Result<Result<SeeOther, Html<DetailPage>>, AppError>;

/// The reason that was typed, or the page that asks for it again.
pub(super) async fn why(
    app: &App,
    staff: &SignedInStaff,
    (form, act): (&Form, Act),
    refund: &Refund,
) -> Result<Result<String, Html<DetailPage>>, AppError> {
    let mut fields = Fields::of(form);
    let reason = fields
        .read("reason", |typed| text::required(typed, 200).map_err(|error| format!("意见{error}")));
    match fields.finish(reason) {
        Ok(reason) => Ok(Ok(reason)),
        Err(errors) => {
            let state = FormState::refused(&["reason"], form, errors);
            let page = page(app, staff, refund.clone()).await?;
            Ok(Err(Html::refused(page.with_form(act, state))))
        }
    }
}

/// The page as it is now, with the reason why nothing was done.
pub(super) async fn second(
    app: &App,
    staff: &SignedInStaff,
    refund: &Refund,
    problem: &(dyn std::fmt::Display + Send + Sync),
) -> Answer {
    let now = store::refund(&app.db, &refund.id).await?.ok_or(AppError::NotFound)?;
    let page = page(app, staff, now).await?.with_problem(problem);
    Ok(Err(Html::with_status(page, StatusCode::CONFLICT)))
}

async fn decided(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    (refund, decision): (Refund, Decision),
) -> Answer {
    let act = if decision == Decision::Approve { Act::Approve } else { Act::Reject };
    let words = match why(app, staff, (form, act), &refund).await? {
        Ok(words) => words,
        Err(page) => return Ok(Err(page)),
    };
    let id = refund.id.clone();
    match decide(app, staff, (refund.clone(), decision), (words, client.ip)).await {
        Ok(()) => {
            if decision == Decision::Approve {
                push_now(app, &id).await?;
            }
            Ok(Ok(SeeOther::to(format!("/admin/refunds/{id}")).saying(match decision {
                Decision::Approve => "已同意退款",
                Decision::Reject => "已驳回退款申请",
                Decision::Withdraw => "已撤回退款申请",
            })))
        }
        Err(DecideError::Fault(fault)) => Err(fault),
        Err(refusal) => second(app, staff, &refund, &refusal).await,
    }
}

/// `POST /admin/refunds/{refund}/approve`
#[handler]
pub async fn approve(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::ApproveMoney)?;
    let refund = find(&app, req).await?;
    decided(&app, client, &staff, &form, (refund, Decision::Approve)).await
}

/// `POST /admin/refunds/{refund}/reject`
#[handler]
pub async fn reject(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::ApproveMoney)?;
    let refund = find(&app, req).await?;
    decided(&app, client, &staff, &form, (refund, Decision::Reject)).await
}

/// `POST /admin/refunds/{refund}/withdraw`
#[handler]
pub async fn withdraw(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let refund = find(&app, req).await?;
    decided(&app, client, &staff, &form, (refund, Decision::Withdraw)).await
}

/// `POST /admin/refunds/{refund}/resubmit`
#[handler]
pub async fn resubmit(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let refund = find(&app, req).await?;
    by_hand(&app, client, &staff, &form, (refund, RefundStatus::Submitting)).await
}

/// `POST /admin/refunds/{refund}/give-up`
#[handler]
pub async fn give_up(
    app: App,
    client: Client,
    staff: SignedInStaff,
    form: Form,
    req: &mut Request,
) -> Answer {
    staff.require(Permission::DecideMoney)?;
    let refund = find(&app, req).await?;
    by_hand(&app, client, &staff, &form, (refund, RefundStatus::Rejected)).await
}

async fn by_hand(
    app: &App,
    client: Client,
    staff: &SignedInStaff,
    form: &Form,
    (refund, to): (Refund, RefundStatus),
) -> Answer {
    let again = to == RefundStatus::Submitting;
    let act = if again { Act::Resubmit } else { Act::GiveUp };
    let words = match why(app, staff, (form, act), &refund).await? {
        Ok(words) => words,
        Err(page) => return Ok(Err(page)),
    };
    let back = format!("/admin/refunds/{}", refund.id);
    let said = (words, client.ip);
    let done = if again {
        manual::resubmit(app, staff, refund.clone(), said).await?
    } else {
        manual::give_up(app, staff, refund.clone(), said).await?
    };
    if !done {
        return second(app, staff, &refund, &"这笔退款的状态刚刚已变化，请核对后再处理").await;
    }
    Ok(Ok(SeeOther::to(back).saying(if again {
        "已重新提交"
    } else {
        "已放弃这笔退款"
    })))
}
