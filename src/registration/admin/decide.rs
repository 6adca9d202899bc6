//! 通过, 退回补正 and 不通过 for one application.

use salvo::{Request, Writer, handler};

use super::{
    grant,
    look::{addressed, decider, page},
    reason,
    search::HERE,
    sheet::{DetailPage, Forms, REJECT, RETURN},
};
use crate::{
    kernel::Timestamp,
    registration::{
        Registration, Status,
        review::{self, Outcome, Reviewer},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Client, Form, FormState, Html, SeeOther},
};

type Answer = Result<Result<SeeOther, Html<DetailPage>>, AppError>;

/// The application as the reviewer saw it: a decision about a newer version is not theirs.
fn as_seen(mut of: Registration, form: &Form) -> Registration {
    of.version = form.value("version").parse().unwrap_or_default();
    of
}

/// `POST /admin/registrations/{registration}/approve`
#[handler]
pub async fn approve(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let of = addressed(&app, req).await?;
    let admission = match grant::read(&app, &form).await? {
        Ok(admission) => admission,
        Err(errors) => {
            let state = FormState::refused(grant::FIELDS, &form, errors);
            let forms = Forms { approve: Some(state), ..Forms::blank() };
            return Ok(Err(Html::refused(page(&app, &who, &of, forms).await?)));
        }
    };
    let name = admission.level.name.clone();
    let by = Reviewer { staff: who, ip: client.ip };
    Ok(Ok(match review::approve(&app, by, &as_seen(of, &form), admission).await? {
        Outcome::Done(done) if done.status == Status::Endorsed => {
            let text = format!("“{}”已通过初审（拟定会员等级：{name}），等待他人复审", done.name);
            SeeOther::to(HERE).saying(text)
        }
        Outcome::Done(done) => {
            let text = format!("已通过“{}”的申请，会员等级为{name}", done.name);
            SeeOther::to(HERE).saying(text)
        }
        other => refused(&app, &other).await?,
    }))
}

/// `POST /admin/registrations/{registration}/return`
#[handler]
pub async fn give_back(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let of = addressed(&app, req).await?;
    let defects = match reason::defects(&form) {
        Ok(defects) => defects,
        Err(errors) => {
            let state = FormState::refused(RETURN, &form, errors);
            let ticked = form.values("defect").into_iter().map(str::to_owned).collect();
            let forms = Forms { give_back: state, ticked, ..Forms::blank() };
            return Ok(Err(Html::refused(page(&app, &who, &of, forms).await?)));
        }
    };
    let by = Reviewer { staff: who, ip: client.ip };
    Ok(Ok(match review::give_back(&app, by, &as_seen(of, &form), defects).await? {
        Outcome::Done(done) => {
            SeeOther::to(HERE).saying(format!("已将“{}”的申请退回补正", done.name))
        }
        other => refused(&app, &other).await?,
    }))
}

/// `POST /admin/registrations/{registration}/reject`
#[handler]
pub async fn reject(
    app: App,
    who: SignedInStaff,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Answer {
    who.require(Permission::DecideMembers)?;
    let of = addressed(&app, req).await?;
    let reason = match reason::rejection(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let state = FormState::refused(REJECT, &form, errors);
            let forms = Forms { reject: state, ..Forms::blank() };
            return Ok(Err(Html::refused(page(&app, &who, &of, forms).await?)));
        }
    };
    let by = Reviewer { staff: who, ip: client.ip };
    Ok(Ok(match review::reject(&app, by, &as_seen(of, &form), reason).await? {
        Outcome::Done(done) => {
            SeeOther::to(HERE).saying(format!("已将“{}”的申请设为不通过", done.name))
        }
        other => refused(&app, &other).await?,
    }))
}

/// The answer for the reviewer whose decision does not count.
async fn refused(app: &App, outcome: &Outcome) -> Result<SeeOther, AppError> {
    let (Outcome::Done(of) | Outcome::Decided(of) | Outcome::SamePerson(of)) = outcome;
    let text = why_not(app, outcome).await?;
    Ok(SeeOther::to(format!("{HERE}/{}", of.id)).refusing(text))
}

/// Why a decision does not count, and who was faster.
pub(super) async fn why_not(app: &App, outcome: &Outcome) -> Result<String, AppError> {
    let (Outcome::Done(of) | Outcome::Decided(of) | Outcome::SamePerson(of)) = outcome;
    if matches!(outcome, Outcome::SamePerson(_)) {
        return Ok("您已完成该申请的初审，复审须由其他审核员进行".into());
    }
    let at = of.decided_at.map(Timestamp::to_minute).unwrap_or_default();
    let by = decider(app, of).await?;
    Ok(match of.status {
        Status::Pending => "申请资料已更新，您的操作未生效，请重新核对后再处理".into(),
        Status::Endorsed => {
            let at = of.endorsed_at.map(Timestamp::to_minute).unwrap_or_default();
            let by = super::look::endorser(app, of).await?;
            format!("该申请已由{by}处理：{at} 通过初审，您的操作未生效")
        }
        Status::Withdrawn => format!("申请单位已于 {at} 撤回申请，您的操作未生效"),
        Status::Returned => format!("该申请已由{by}处理：{at} 退回补正，您的操作未生效"),
        Status::Approved => format!("该申请已由{by}处理：{at} 审核通过，您的操作未生效"),
        Status::Rejected => format!("该申请已由{by}处理：{at} 审核为不通过，您的操作未生效"),
    })
}
