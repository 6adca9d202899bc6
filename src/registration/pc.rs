//! PC pages of the applicant: 注册, 审核结果, 进度查询.

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use super::{
    applicant,
    apply::{self, Applied, apply},
    ask::{self, ask},
    model::Channel,
    sample, store,
    view::{Sight, View},
};
use crate::{
    kernel::ids::RegistrationId,
    web::{App, AppError, Client, Form, Html, Page, SeeOther},
};

/// `/register`
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct RegisterPage(apply::Content);

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "pages/registration/register.html";
    const MENU: &'static str = "register";

    fn title(&self) -> String {
        "会员注册".into()
    }

    fn samples() -> Vec<Self> {
        apply::Content::samples().into_iter().map(Self).collect()
    }
}

/// `/register/{application}`
#[derive(Debug, Serialize)]
pub struct ResultPage {
    view: View,
    hotline: String,
    review_days: u32,
}

impl Page for ResultPage {
    const TEMPLATE: &'static str = "pages/registration/result.html";

    fn title(&self) -> String {
        "审核结果".into()
    }

    fn samples() -> Vec<Self> {
        let page = |view| Self { view, hotline: "025-00000000".into(), review_days: 3 };
        let all = sample::views(Sight::Full).into_iter().chain(sample::views(Sight::Masked));
        all.map(page).collect()
    }
}

/// `/register/progress`
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ProgressPage(ask::Content);

impl Page for ProgressPage {
    const TEMPLATE: &'static str = "pages/registration/progress.html";

    fn title(&self) -> String {
        "进度查询".into()
    }

    fn samples() -> Vec<Self> {
        ask::Content::samples().into_iter().map(Self).collect()
    }
}

/// `GET /register`
#[handler]
pub async fn register_page(app: App) -> Html<RegisterPage> {
    Html::blank(RegisterPage(apply::Content::blank(&app)))
}

/// `POST /register`
#[handler]
pub async fn register(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<RegisterPage>>, AppError> {
    match apply(&app, &client, &form, Channel::Pc).await? {
        Applied::Taken(registration) => {
            applicant::remember(&app, req, res, &registration);
            Ok(Ok(SeeOther::to(format!("/register/{}", registration.id))))
        }
        Applied::Refused(content) => Ok(Err(Html::refused(RegisterPage(content)))),
    }
}

/// `GET /register/{application}`
#[handler]
pub async fn result(app: App, req: &mut Request) -> Result<Html<ResultPage>, AppError> {
    let view = seen(&app, req).await?;
    let site = &app.settings.site;
    let page = ResultPage { view, hotline: site.hotline.clone(), review_days: site.review_days };
    Ok(Html::new(page))
}

/// The application of the path, as this browser may see it.
pub(super) async fn seen(app: &App, req: &Request) -> Result<View, AppError> {
    let id = req.param::<String>("application").unwrap_or_default();
    let id: RegistrationId = id.parse().map_err(|_| AppError::NotFound)?;
    let found = store::find(&app.db, &app.vault, &id).await?.ok_or(AppError::NotFound)?;
    let sight = if applicant::is_here(app, req, &id) { Sight::Full } else { Sight::Masked };
    Ok(View::of(&found, sight, app.settings.site.review_days))
}

/// `GET /register/progress`
#[handler]
pub async fn progress_page(app: App) -> Html<ProgressPage> {
    Html::new(ProgressPage(ask::Content::blank(&app)))
}

/// `POST /register/progress`
#[handler]
pub async fn progress(
    app: App,
    client: Client,
    form: Form,
) -> Result<Html<ProgressPage>, AppError> {
    Ok(match ask(&app, &client, &form).await? {
        Ok(answer) => Html::new(ProgressPage(answer)),
        Err(again) => Html::refused(ProgressPage(again)),
    })
}
