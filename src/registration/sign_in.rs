//! What sign-in tells a unit that has no account yet, provided that its password is right.

use salvo::{Request, Response, Writer, handler};

use super::{
    Registration, applicant,
    model::{Status, days},
    progress::{Query, status_of},
    store,
};
use crate::{
    account::{
        h5,
        pc::{self, LoginPage},
        sign_in::{Refusal, Stranger},
    },
    kernel::Timestamp,
    web::{App, AppError, Client, Form, Html, SeeOther, throttle},
};

/// The application that a login name without an account stands for, with the hash of its password:
/// the newest of the code, or that of the one unit that a mobile belongs to. Looks are counted per
/// application, because it has several names; after too many it stands for nothing, and the answer
/// is that to any unknown name.
async fn applicant_of(app: &App, typed: &str) -> Result<Option<(Registration, String)>, AppError> {
    let Ok(query) = typed.parse::<Query>() else { return Ok(None) };
    let mut open = status_of(app, &query).await?;
    open.retain(|found| found.status != Status::Approved);
    let Some(newest) = open.first() else { return Ok(None) };
    if open.iter().any(|other| other.uscc != newest.uscc) {
        return Ok(None);
    }
    let registration = open.swap_remove(0);
    let security = &app.settings.security;
    let tries = u64::try_from(security.lockout_tries).unwrap_or_default();
    let who = registration.id.as_str();
    match throttle::pass(app, "sign-in-applicant", who, tries, security.lockout()).await {
        Ok(()) => {}
        Err(AppError::TooMany(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    let hash = store::password_hash(&app.db, &registration.id).await?;
    Ok(Some((registration, hash)).filter(|(_, hash)| !hash.is_empty()))
}

/// `POST /login`: sign-in; an applicant with the right password is led to how the application
/// stands, where it can be amended, taken back or begun anew.
#[handler]
pub async fn login(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<LoginPage>>, AppError> {
    let refusal = match pc::attempt(&app, &client, &form, (req, res)).await? {
        pc::Attempt::Entered(onward) => return Ok(Ok(onward)),
        pc::Attempt::Refused(refusal) => refusal,
        pc::Attempt::Nobody(stranger) => {
            match explanation(&app, &form, stranger, (req, res), "/register").await? {
                Ok(onward) => return Ok(Ok(onward)),
                Err(refusal) => refusal,
            }
        }
    };
    Ok(Err(Html::refused(LoginPage::refused(&app, &form, refusal))))
}

/// `POST /h5/login`: the same on a phone.
#[handler]
pub async fn h5_login(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<h5::LoginPage>>, AppError> {
    let refusal = match h5::attempt(&app, &client, &form, req, res).await? {
        h5::Attempt::Onward(onward) => return Ok(Ok(onward)),
        h5::Attempt::NeedsProfile => {
            let page = h5::LoginPage::refused(&form, "首次登录请先在电脑端完善信息", None);
            return Ok(Err(Html::refused(page)));
        }
        h5::Attempt::Refused(refusal) => refusal,
        h5::Attempt::Nobody(stranger) => {
            match explanation(&app, &form, stranger, (req, res), "/h5/register").await? {
                Ok(onward) => return Ok(Ok(onward)),
                Err(refusal) => refusal,
            }
        }
    };
    let page = h5::LoginPage::refused(&form, refusal.error, refusal.puzzle);
    Ok(Err(Html::refused(page)))
}

/// Why there is no account yet, for an applicant with the right password.
async fn explanation(
    app: &App,
    form: &Form,
    stranger: Stranger,
    (req, res): (&Request, &mut Response),
    below: &str,
) -> Result<Result<SeeOther, Refusal>, AppError> {
    let (found, hash) = applicant_of(app, form.value("account")).await?.unzip();
    if let Err(refusal) = stranger.settle(app, hash).await? {
        return Ok(Err(refusal));
    }
    let found = found.ok_or_else(|| AppError::Fault("nobody's password was right".into()))?;
    applicant::remember(app, req, res, &found.id);
    let onward = SeeOther::to(format!("{below}/{}", found.id));
    let text = answer(app, &found);
    Ok(Ok(if found.status.waits() { onward.saying(text) } else { onward.refusing(text) }))
}

fn answer(app: &App, registration: &Registration) -> String {
    match registration.status {
        Status::Pending | Status::Endorsed => {
            let waited = waited(registration.queued_at, app.clock.now());
            let submitted = registration.submitted_at.date();
            format!("贵单位的注册申请正在审核中（{submitted} 提交，{waited}），审核通过后即可登录")
        }
        Status::Returned => "贵单位的注册申请需要补正，请按要求修改后重新提交".into(),
        Status::Rejected => "贵单位的注册申请未通过审核，请查看原因，可以重新注册".into(),
        Status::Withdrawn => "贵单位的注册申请已撤回，可以重新注册".into(),
        // Approved units have an account, and sign-in asks that.
        Status::Approved => String::new(),
    }
}

/// `今天提交` or `已等待 3 天`.
pub(super) fn waited(from: Timestamp, now: Timestamp) -> String {
    match days(from, now) {
        0 => "已等待不足 1 天".into(),
        days => format!("已等待 {days} 天"),
    }
}
