//! `/h5/password/reset`: a new password on the phone, with the bound WeChat.

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use crate::{
    account::{
        oauth::{self, PhonePage, PhoneUser},
        reset::{ResetError, by_phone, by_phone::Standing},
    },
    kernel::Secret,
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther, Surface, form::FieldErrors,
    },
};

const FIELDS: &[&str] = &["account"];
const NEW: &[&str] = &["password", "password_again"];
const BEGIN: &str = "/h5/password/reset";
const ONWARD: &str = "/h5/password/reset/new";

/// `/h5/password/reset`
#[derive(Debug, Serialize)]
pub struct ResetPage {
    form: FormState,
}

impl Page for ResetPage {
    const TEMPLATE: &'static str = "pages/account/reset.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "找回密码".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("account", "请输入账号".into());
        vec![Self { form: FormState::blank(FIELDS) }, Self { form: wrong }]
    }
}

/// `/h5/password/reset/new`
#[derive(Debug, Serialize)]
pub struct NewPage {
    form: FormState,
    /// The login name, for password managers.
    account: String,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "pages/account/reset_new.html";
    const SURFACE: Surface = Surface::H5;

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

/// `GET /h5/password/reset`
#[handler]
pub async fn reset_page() -> Html<ResetPage> {
    Html::new(ResetPage { form: FormState::blank(FIELDS) })
}

/// `POST /h5/password/reset`: whatever was typed, WeChat is asked next.
#[handler]
pub async fn reset(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<ResetPage>>, AppError> {
    let typed = form.value("account").trim();
    if typed.is_empty() {
        let errors = FieldErrors::one("account", "请输入账号");
        let form = FormState::refused(FIELDS, &form, errors);
        return Ok(Err(Html::refused(ResetPage { form })));
    }
    let phone = oauth::phone_id(&app, req, res);
    by_phone::ask(&app, &client, &phone, typed).await?;
    Ok(Ok(match PhoneUser::find(&app, req).await? {
        Some(_) => SeeOther::to(ONWARD),
        None => oauth::ask_as(&app, &phone, ONWARD).await?,
    }))
}

type Answer = Result<Result<SeeOther, Html<PhonePage>>, Html<NewPage>>;

/// Who holds the phone and how they stand; else the page that says what is missing.
async fn standing(
    app: &App,
    req: &Request,
    res: &mut Response,
) -> Result<Result<(String, PhoneUser, String), Result<SeeOther, Html<PhonePage>>>, AppError> {
    let over = || Err(Ok(SeeOther::to(BEGIN).refusing("验证已失效，请重新输入账号")));
    let Some(user) = PhoneUser::find(app, req).await? else { return Ok(over()) };
    let phone = oauth::phone_id(app, req, res);
    Ok(match by_phone::standing(app, &phone, &user).await? {
        Standing::Proven(account) => Ok((phone, user, account.uscc.to_string())),
        Standing::Over => over(),
        Standing::NotBound => {
            let text =
                "请核对账号，并用该账号绑定的微信打开本页。没有绑定过微信的，请联系秘书处重置密码";
            let page = PhonePage::new("error", "该微信与绑定微信不一致", text);
            Err(Err(Html::refused(page.with_action("重新输入账号", BEGIN))))
        }
    })
}

/// `GET /h5/password/reset/new`
#[handler]
pub async fn reset_new_page(
    app: App,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    Ok(match standing(&app, req, res).await? {
        Ok((_, _, account)) => Err(Html::new(NewPage { form: FormState::blank(NEW), account })),
        Err(elsewhere) => Ok(elsewhere),
    })
}

/// `POST /h5/password/reset/new`
#[handler]
pub async fn reset_new(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    let (phone, user, account) = match standing(&app, req, res).await? {
        Ok(standing) => standing,
        Err(elsewhere) => return Ok(Ok(elsewhere)),
    };
    let refuse = |field, text: String| {
        let form = FormState::refused(NEW, &form, FieldErrors::one(field, text));
        Ok(Err(Html::refused(NewPage { form, account: account.clone() })))
    };
    let password = Secret::new(form.value("password"));
    if password.expose() != form.value("password_again") {
        return refuse("password_again", "两次输入的新密码不一致".into());
    }
    match by_phone::finish(&app, &client, &phone, &user, &password).await {
        Ok(()) => Ok(Ok(Ok(SeeOther::to("/h5/login").saying("密码已重新设置，请用新密码登录")))),
        Err(ResetError::Fault(fault)) => Err(fault),
        Err(ResetError::Weak(weakness)) => refuse("password", weakness.to_string()),
        Err(error) => Ok(Ok(Ok(SeeOther::to(BEGIN).refusing(error.to_string())))),
    }
}
