//! What sign-in tells a unit that has no account yet, provided that its password is right.

use salvo::{Request, Response, Writer, handler};

use super::{
    Registration,
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

/// The answer for a unit whose application waits or was turned down; `None` when there is no such
/// application or the password is another one. Wrong passwords are counted per application as
/// they are per account.
pub async fn sign_in_answer(
    app: &App,
    typed: &str,
    password: &Secret,
) -> Result<Option<String>, AppError> {
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
            return Ok(Some(answer(app, &registration)));
        }
    }
    Ok(None)
}

/// `POST /login`: sign-in, and for an applicant with the right password how the application stands.
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
    let page = match explanation(&app, &form, &refusal.error).await? {
        Some(text) => LoginPage::explained(&form, text, "/register/progress"),
        None => LoginPage::refused(&form, refusal),
    };
    Ok(Err(Html::refused(page)))
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
        h5::Attempt::Refused(refusal) => match explanation(&app, &form, &refusal.error).await? {
            Some(text) => h5::LoginPage::refused(&form, text, None),
            None => h5::LoginPage::refused(&form, refusal.error, refusal.puzzle),
        },
    };
    Ok(Err(Html::refused(page)))
}

/// Why there is no account yet, for an applicant with the right password.
async fn explanation(
    app: &App,
    form: &Form,
    error: &SignInError,
) -> Result<Option<String>, AppError> {
    if !matches!(error, SignInError::Unknown(_)) {
        return Ok(None);
    }
    let password = Secret::new(form.value("password"));
    let text = sign_in_answer(app, form.value("account"), &password).await?;
    if text.is_some() {
        forgive(app, form.value("account")).await?;
    }
    Ok(text)
}

fn answer(app: &App, registration: &Registration) -> String {
    match registration.status {
        Status::Pending => {
            let waited = waited(registration.submitted_at, app.clock.now());
            let submitted = registration.submitted_at.date();
            let hotline = &app.settings.site.hotline;
            format!(
                "您的注册申请正在审核中（{submitted} 提交，{waited}），审核通过后即可登录；\
                     如需加快，请联系秘书处 {hotline}"
            )
        }
        Status::Rejected => {
            format!("审核不通过：{}。请修改后重新注册", registration.reason)
        }
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
