//! `/password`

use std::time::Duration;

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use crate::{
    account::{
        SignedIn,
        password::{ChangeError, change},
    },
    kernel::Secret,
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther,
        form::FieldErrors,
        session::{self, Kind},
        throttle,
    },
};

const FIELDS: &[&str] = &["old_password", "password", "password_again"];

/// `/password`
#[derive(Debug, Serialize)]
pub struct PasswordPage {
    form: FormState,
    /// The login name, for password managers.
    account: String,
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "pages/account/password.html";
    const MENU: &'static str = "password";

    fn title(&self) -> String {
        "修改密码".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("old_password", ChangeError::WrongOld.to_string());
        let account = || "91329999XY0000012R".into();
        vec![
            Self { form: FormState::blank(FIELDS), account: account() },
            Self { form: wrong, account: account() },
        ]
    }
}

/// `GET /password`
#[handler]
pub async fn password_page(who: SignedIn) -> Html<PasswordPage> {
    let account = who.account.uscc.to_string();
    Html::new(PasswordPage { form: FormState::blank(FIELDS), account })
}

/// `POST /password`
#[handler]
pub async fn password(
    app: App,
    client: Client,
    who: SignedIn,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<PasswordPage>>, AppError> {
    let window = Duration::from_mins(10);
    throttle::pass(&app, "password", who.account.id.as_str(), 10, window).await?;
    let refuse = |field, text: String| {
        let errors = FieldErrors::one(field, text);
        let account = who.account.uscc.to_string();
        let form = FormState::refused(FIELDS, &form, errors);
        Ok(Err(Html::refused(PasswordPage { form, account })))
    };
    let old = Secret::new(form.value("old_password"));
    let new = Secret::new(form.value("password"));
    if new.expose() != form.value("password_again") {
        return refuse("password_again", "两次输入的新密码不一致".into());
    }
    match change(&app, &who, &old, &new, &client.ip).await {
        Ok(()) => {}
        Err(ChangeError::Fault(fault)) => return Err(fault),
        Err(error @ (ChangeError::WrongOld | ChangeError::Meanwhile)) => {
            return refuse("old_password", error.to_string());
        }
        Err(error @ (ChangeError::Same | ChangeError::Weak(_))) => {
            return refuse("password", error.to_string());
        }
    }
    session::end(&app, req, res, Kind::Member).await?;
    Ok(Ok(SeeOther::to("/login").saying("密码已修改，请用新密码重新登录")))
}
