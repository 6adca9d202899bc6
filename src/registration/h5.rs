//! Phone pages of the applicant: 注册, 注册成功, 进度查询.

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use super::{
    applicant,
    apply::{self, Applied, apply},
    ask::{self, ask},
    model::Channel,
    pc::seen,
    sample,
    view::{Sight, View},
};
use crate::web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface};

/// `/h5/register`
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct RegisterPage(apply::Content);

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "pages/registration/register.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会员注册".into()
    }

    fn samples() -> Vec<Self> {
        apply::Content::samples().into_iter().map(Self).collect()
    }
}

/// `/h5/register/{application}`
#[derive(Debug, Serialize)]
pub struct ResultPage {
    view: View,
    hotline: String,
    review_days: u32,
}

impl Page for ResultPage {
    const TEMPLATE: &'static str = "pages/registration/result.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "注册结果".into()
    }

    fn samples() -> Vec<Self> {
        let page = |view| Self { view, hotline: "025-00000000".into(), review_days: 3 };
        let all = sample::views(Sight::Full).into_iter().chain(sample::views(Sight::Masked));
        all.map(page).collect()
    }
}

/// `/h5/progress`
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ProgressPage(ask::Content);

impl Page for ProgressPage {
    const TEMPLATE: &'static str = "pages/registration/progress.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "进度查询".into()
    }

    fn samples() -> Vec<Self> {
        ask::Content::samples().into_iter().map(Self).collect()
    }
}

/// `GET /h5/register`
#[handler]
pub async fn register_page(app: App) -> Html<RegisterPage> {
    Html::blank(RegisterPage(apply::Content::blank(&app)))
}

/// `POST /h5/register`
#[handler]
pub async fn register(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<RegisterPage>>, AppError> {
    match apply(&app, &client, &form, Channel::H5).await? {
        Applied::Taken(registration) => {
            applicant::remember(&app, req, res, &registration);
            Ok(Ok(SeeOther::to(format!("/h5/register/{}", registration.id))))
        }
        Applied::Refused(content) => Ok(Err(Html::refused(RegisterPage(content)))),
    }
}

/// `GET /h5/register/{application}`
#[handler]
pub async fn result(app: App, req: &mut Request) -> Result<Html<ResultPage>, AppError> {
    let view = seen(&app, req).await?;
    let site = &app.settings.site;
    let page = ResultPage { view, hotline: site.hotline.clone(), review_days: site.review_days };
    Ok(Html::new(page))
}

/// `GET /h5/progress`
#[handler]
pub async fn progress_page(app: App) -> Html<ProgressPage> {
    Html::new(ProgressPage(ask::Content::blank(&app)))
}

/// `POST /h5/progress`
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
