//! Admin pages: sign in, sign out.

use salvo::{Request, Response, Writer as _, handler};
use serde::Serialize;

use super::{
    audit::{self, Actor, Entry},
    sign_in::{SignInError, sign_in},
};
use crate::{
    kernel::Secret,
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther,
        form::FieldErrors,
        session::{self, Kind},
        throttle,
    },
};

const FIELDS: &[&str] = &["account", "password"];

/// `/admin/login`
#[derive(Debug, Serialize)]
pub struct LoginPage {
    form: FormState,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "admin/staff/login.html";

    fn title(&self) -> String {
        "管理后台登录".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = FormState::blank(FIELDS);
        wrong.errors.insert("account", "账号或密码错误".into());
        vec![Self { form: FormState::blank(FIELDS) }, Self { form: wrong }]
    }
}

/// `GET /admin/login`
#[handler]
pub async fn login_page() -> Html<LoginPage> {
    Html::new(LoginPage { form: FormState::blank(FIELDS) })
}

/// `POST /admin/login`
#[handler]
pub async fn login(
    app: App,
    client: Client,
    form: Form,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<LoginPage>>, AppError> {
    let window = std::time::Duration::from_mins(10);
    throttle::pass(&app, "staff-login", &client.ip, 60, window).await?;
    let account = form.value("account").trim();
    match sign_in(&app, account, &Secret::new(form.value("password"))).await {
        Ok(signed_in) => {
            let id = signed_in.staff.id;
            session::begin(&app, res, Kind::Staff, id.as_str(), signed_in.generation).await?;
            let entry = Entry {
                actor: Actor::Staff(id.clone()),
                action: "staff.sign-in",
                object_kind: "staff",
                object_id: id.to_string(),
                reason: String::new(),
                detail: (),
                ip: client.ip,
            };
            audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?;
            Ok(Ok(SeeOther::to("/admin")))
        }
        Err(SignInError::Fault(fault)) => Err(fault),
        Err(refusal) => {
            let errors = FieldErrors::one("account", refusal);
            Ok(Err(Html::refused(LoginPage { form: FormState::refused(FIELDS, &form, errors) })))
        }
    }
}

/// `POST /admin/logout`
#[handler]
pub async fn logout(
    app: App,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    session::end(&app, req, res, Kind::Staff).await?;
    Ok(SeeOther::to("/admin/login"))
}
