//! PC pages of the applicant: 注册, 审核结果, 补正, 入会申请表, 换设备继续填写, 进度查询.

use salvo::{Request, Response, Writer, handler};

use super::{
    amending, applicant,
    apply::{self, Applied, apply},
    ask::{self, ask},
    carry::{self, PC},
    draft::{self, Draft},
    face::face,
    model::Channel,
    print,
    result::{self, own},
    scan,
};
use crate::web::{App, AppError, Client, Form, Html, SeeOther, Surface};

face!(
    /// `/register`
    RegisterPage(apply::Content), Surface::Pc, "register.html", "register", "会员注册",
    apply::Content::samples()
);
face!(
    /// `/register/{application}`
    ResultPage(result::Content), Surface::Pc, "result.html", "", "审核结果",
    result::Content::samples(PC)
);
face!(
    /// `/register/{application}/amend`
    AmendPage(amending::Content), Surface::Pc, "amend.html", "", "补正申请资料",
    amending::Content::samples(PC)
);
face!(
    /// `/register/{application}/print`
    PrintPage(print::Content), Surface::Pc, "print.html", "", "入会申请表",
    print::Content::samples()
);
face!(
    /// `/register/carry`
    CarryPage(carry::Content), Surface::Pc, "carry.html", "", "换手机继续填写",
    carry::Content::samples_given(PC)
);
face!(
    /// `/register/continue`
    ContinuePage(carry::Content), Surface::Pc, "continue.html", "", "接续填写",
    carry::Content::samples_asked(PC)
);
face!(
    /// `/register/progress`
    ProgressPage(ask::Content), Surface::Pc, "progress.html", "", "进度查询",
    ask::Content::samples()
);

/// `GET /register`
#[handler]
pub async fn register_page(app: App, req: &mut Request) -> Result<Html<RegisterPage>, AppError> {
    Ok(match apply::Content::begun(&app, req).await? {
        Some(begun) => Html::new(RegisterPage(begun)),
        None => Html::blank(RegisterPage(apply::Content::blank(&app))),
    })
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
            applicant::remember(&app, req, res, &registration.id);
            draft::forget(&app, req, res).await?;
            Ok(Ok(SeeOther::to(format!("/register/{}", registration.id))))
        }
        Applied::Refused(content) => {
            draft::save(&app, req, res, &Draft::of_form(&form, app.clock.now())).await?;
            Ok(Err(Html::refused(RegisterPage(*content))))
        }
    }
}

/// `GET /register/{application}`
#[handler]
pub async fn result_page(app: App, req: &mut Request) -> Result<Html<ResultPage>, AppError> {
    Ok(Html::new(ResultPage(result::Content::of(&app, req).await?)))
}

/// `POST /register/{application}/scans`
#[handler]
pub async fn upload(
    app: App,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<ResultPage>>, AppError> {
    let mut of = own(&app, req).await?;
    let problem = scan::take(&app, &mut of, &form).await?;
    Ok(match problem {
        None => Ok(SeeOther::to(format!("/register/{}", of.id)).saying("入会申请表已保存")),
        Some(problem) => {
            let content = result::Content::of(&app, req).await?.with_problem(problem);
            Err(Html::refused(ResultPage(content)))
        }
    })
}

/// `GET /register/{application}/amend`
#[handler]
pub async fn amend_page(
    app: App,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<AmendPage>>, AppError> {
    let of = own(&app, req).await?;
    Ok(if of.defects.is_empty() {
        Ok(SeeOther::to(format!("/register/{}", of.id)))
    } else {
        Err(Html::new(AmendPage(amending::Content::of(&app, req, &of).await?)))
    })
}

/// `POST /register/{application}/amend`
#[handler]
pub async fn amend(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<AmendPage>>, AppError> {
    let of = own(&app, req).await?;
    let done = amending::submit(&app, &client, &form, req, of).await?;
    Ok(done.map_err(|again| Html::refused(AmendPage(*again))))
}

/// `GET /register/{application}/print`
#[handler]
pub async fn printed(app: App, req: &mut Request) -> Result<Html<PrintPage>, AppError> {
    let of = own(&app, req).await?;
    Ok(Html::new(PrintPage(print::Content::of(&app, &of))))
}

/// `GET /register/carry`
#[handler]
pub async fn carry_page(
    app: App,
    req: &mut Request,
) -> Result<Result<SeeOther, Html<CarryPage>>, AppError> {
    Ok(match carry::Content::given(&app, req).await? {
        Some(content) => Err(Html::new(CarryPage(content))),
        None => Ok(SeeOther::to(PC)),
    })
}

/// `GET /register/continue`
#[handler]
pub async fn continue_page(req: &mut Request) -> Html<ContinuePage> {
    Html::new(ContinuePage(carry::Content::asked(req)))
}

/// `POST /register/continue`
#[handler]
pub async fn resume(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Result<SeeOther, Html<ContinuePage>>, AppError> {
    let taken = carry::take(&app, &client, &form, (req, res)).await?;
    Ok(taken.map_err(|again| Html::refused(ContinuePage(again))))
}

/// `GET /register/progress`
#[handler]
pub async fn progress_page(app: App, client: Client) -> Result<Html<ProgressPage>, AppError> {
    Ok(Html::new(ProgressPage(ask::Content::blank(&app, &client).await?)))
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
