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
        sign_in::{SignInError, forgive},
    },
    kernel::{Secret, Timestamp},
    web::{App, AppError, Client, Form, Html, SeeOther, throttle},
};

/// A mobile may stand in several applications; more than this many passwords are not tried.
const MOST: usize = 3;

/// The application of a unit that is no member yet, for the right password; `None` when there is no
/// such application or the password is another one. Wrong passwords are counted per application as
/// they are per account.
pub async fn applicant_of(
    app: &App,
    typed: &str,
    password: &Secret,
) -> Result<Option<Registration>, AppError> {
    let Ok(query) = typed.parse::<Query>() else { return Ok(None) };
    let open = |found: &Registration| found.status != Status::Approved;
    let candidates = status_of(app, &query).await?.into_iter().filter(open).take(MOST);
    for registration in candidates {
        let security = &app.settings.security;
        let tries = u64::try_from(security.lockout_tries).unwrap_or_default();
        let who = registration.id.as_str();
        throttle::pass(app, "sign-in-applicant", who, tries, security.lockout()).await?;
        let hash = store::password_hash(&app.db, &registration.id).await?;
        if app.hasher.verify(password, Some(hash).filter(|hash| !hash.is_empty())).await? {
            return Ok(Some(registration));
        }
    }
    Ok(None)
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
    };
    Ok(match explanation(&app, &form, &refusal.error, (req, res), "/register").await? {
        Some(onward) => Ok(onward),
        None => Err(Html::refused(LoginPage::refused(&app, &form, refusal))),
    })
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
    let page = match h5::attempt(&app, &client, &form, req, res).await? {
        h5::Attempt::Onward(onward) => return Ok(Ok(onward)),
        h5::Attempt::NeedsProfile => {
            h5::LoginPage::refused(&form, "首次登录请先在电脑端完善信息", None)
        }
        h5::Attempt::Refused(refusal) => {
            let below = "/h5/register";
            match explanation(&app, &form, &refusal.error, (req, res), below).await? {
                Some(onward) => return Ok(Ok(onward)),
                None => h5::LoginPage::refused(&form, refusal.error, refusal.puzzle),
            }
        }
    };
    Ok(Err(Html::refused(page)))
}

/// Why there is no account yet, for an applicant with the right password.
async fn explanation(
    app: &App,
    form: &Form,
    error: &SignInError,
    (req, res): (&Request, &mut Response),
    below: &str,
) -> Result<Option<SeeOther>, AppError> {
    if !matches!(error, SignInError::Unknown(_)) {
        return Ok(None);
    }
    let password = Secret::new(form.value("password"));
    let Some(found) = applicant_of(app, form.value("account"), &password).await? else {
        return Ok(None);
    };
    forgive(app, form.value("account")).await?;
    applicant::remember(app, req, res, &found.id);
    let onward = SeeOther::to(format!("{below}/{}", found.id));
    let text = answer(app, &found);
    Ok(Some(if found.status.waits() { onward.saying(text) } else { onward.refusing(text) }))
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
