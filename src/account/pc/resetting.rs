//! `/password/reset`: a new password without the old one, on a PC.

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use super::{
    panel::ScanPage,
    scanning::{renewed, tell},
};
use crate::{
    account::{
        reset::{ResetError, by_code, by_wechat},
        scan::{Purpose, State, TicketNo, collect, start},
    },
    kernel::Secret,
    web::{App, AppError, Client, Form, FormState, Html, Page, SeeOther, form::FieldErrors},
};

const BEGIN: &str = "/password/reset";
const OVER: &str = "验证已失效，请重新验证";
const FIELDS: &[&str] = &["account"];
const NEW: &[&str] = &["password", "password_again"];
const CODE: &[&str] = &["account", "code", "password", "password_again"];

/// `/password/reset`
#[derive(Debug, Serialize)]
pub struct ResetPage {
    form: FormState,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "pages/account/reset.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "找回密码".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("account", "请输入账号".into());
        vec![Self { form: FormState::blank(FIELDS) }, Self { form: wrong }]
    }
}

/// `/password/reset/code`
#[derive(Debug, Serialize)]
pub struct CodePage {
    form: FormState,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "pages/account/reset_code.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "用重置码设置新密码".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(CODE);
        wrong.errors.insert("code", ResetError::WrongCode.to_string());
        vec![Self { form: FormState::blank(CODE) }, Self { form: wrong }]
    }
}

/// `/password/reset/new`
#[derive(Debug, Serialize)]
pub struct NewPage {
    form: FormState,
    /// The login name, for password managers.
    account: String,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "pages/account/reset_new.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "设置新密码".into()
    }

    fn samples() -> Vec<Self> {
        let account = || "91329999XY0000012R".into();
        let mut wrong = FormState::blank(NEW);
        wrong.errors.insert("password", "密码应为 8 到 64 位".into());
        vec![
            Self { form: FormState::blank(NEW), account: account() },
            Self { form: wrong, account: account() },
        ]
    }
}

/// `GET /password/reset`
#[handler]
pub async fn reset_page() -> Html<ResetPage> {
    Html::new(ResetPage { form: FormState::blank(FIELDS) })
}

/// `POST /password/reset`: whatever was typed, a code is shown next.
#[handler]
pub async fn reset(
    app: App,
    client: Client,
    form: Form,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<ResetPage>>, AppError> {
    let typed = form.value("account").trim();
    if typed.is_empty() {
        let errors = FieldErrors::one("account", "请输入账号");
        let form = FormState::refused(FIELDS, &form, errors);
        return Ok(Err(Html::refused(ResetPage { form })));
    }
    by_wechat::begin(&app, &client, typed, res).await?;
    Ok(Ok(SeeOther::to("/password/reset/scan")))
}

/// `GET /password/reset/scan`
#[handler]
pub async fn reset_scan_page(
    app: App,
    client: Client,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<ScanPage>>, AppError> {
    let Some(wanted) = by_wechat::wanted(&app, req).await? else {
        return Ok(Ok(SeeOther::to(BEGIN).refusing(OVER)));
    };
    if let Some(shown) = start::resume(&app, &wanted).await? {
        let mut state = shown.ticket.facts.state;
        if matches!(state, State::Confirmed | State::Consumed) {
            state = by_wechat::collect(&app, req, &shown.no).await?;
        }
        if matches!(state, State::Confirmed | State::Consumed) {
            return Ok(Ok(SeeOther::to("/password/reset/new")));
        }
        if !state.is_final() {
            return Ok(Err(Html::new(ScanPage::of(&app, &shown)?)));
        }
    }
    renewed(&app, &client, &wanted, BEGIN).await
}

/// `POST /password/reset/scan`: a new code.
#[handler]
pub async fn reset_scan_renew(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let Some(wanted) = by_wechat::wanted(&app, req).await? else {
        return Ok(SeeOther::to(BEGIN).refusing(OVER));
    };
    Ok(match renewed(&app, &client, &wanted, BEGIN).await? {
        Ok(elsewhere) => elsewhere,
        Err(_) => SeeOther::to("/password/reset/scan"),
    })
}

/// `GET /password/reset/{ticket}/state`
#[handler]
pub async fn reset_state(app: App, req: &mut Request, res: &mut Response) -> Result<(), AppError> {
    let no = TicketNo::parse(req.param("ticket"))?;
    let mut state = collect::state(&app, req, &no, Purpose::Reset.holder()).await?;
    if state == State::Confirmed {
        state = by_wechat::collect(&app, req, &no).await?;
    }
    tell(&app, (req, res), &no, (Purpose::Reset, state)).await
}

/// `GET /password/reset/new`
#[handler]
pub async fn reset_new_page(
    app: App,
    req: &mut Request,
) -> Result<Result<Html<NewPage>, SeeOther>, AppError> {
    let Some(account) = by_wechat::proven(&app, req).await? else {
        return Ok(Err(SeeOther::to(BEGIN).refusing(OVER)));
    };
    let account = account.uscc.to_string();
    Ok(Ok(Html::new(NewPage { form: FormState::blank(NEW), account })))
}

/// `POST /password/reset/new`
#[handler]
pub async fn reset_new(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<Html<NewPage>, SeeOther>, AppError> {
    let Some(account) = by_wechat::proven(&app, req).await? else {
        return Ok(Err(SeeOther::to(BEGIN).refusing(OVER)));
    };
    let refuse = |field, text: String| {
        let form = FormState::refused(NEW, &form, FieldErrors::one(field, text));
        Ok(Ok(Html::refused(NewPage { form, account: account.uscc.to_string() })))
    };
    let password = Secret::new(form.value("password"));
    if password.expose() != form.value("password_again") {
        return refuse("password_again", "两次输入的新密码不一致".into());
    }
    match by_wechat::finish(&app, &client, &password, (req, res)).await {
        Ok(()) => Ok(Err(SeeOther::to("/login").saying("密码已重新设置，请用新密码登录"))),
        Err(ResetError::Fault(fault)) => Err(fault),
        Err(ResetError::Weak(weakness)) => refuse("password", weakness.to_string()),
        Err(error) => Ok(Err(SeeOther::to(BEGIN).refusing(error.to_string()))),
    }
}

/// `GET /password/reset/code`
#[handler]
pub async fn reset_code_page() -> Html<CodePage> {
    Html::new(CodePage { form: FormState::blank(CODE) })
}

/// `POST /password/reset/code`
#[handler]
pub async fn reset_code(
    app: App,
    client: Client,
    form: Form,
) -> Result<Result<SeeOther, Html<CodePage>>, AppError> {
    let refuse = |field, text: String| {
        let form = FormState::refused(CODE, &form, FieldErrors::one(field, text));
        Ok(Err(Html::refused(CodePage { form })))
    };
    let password = Secret::new(form.value("password"));
    if password.expose() != form.value("password_again") {
        return refuse("password_again", "两次输入的新密码不一致".into());
    }
    let typed = (form.value("account"), form.value("code"));
    match by_code::redeem(&app, &client, typed, &password).await {
        Ok(()) => Ok(Ok(SeeOther::to("/login").saying("密码已重新设置，请用新密码登录"))),
        Err(ResetError::Fault(fault)) => Err(fault),
        Err(ResetError::Weak(weakness)) => refuse("password", weakness.to_string()),
        Err(error) => refuse("code", error.to_string()),
    }
}
