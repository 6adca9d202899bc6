//! What an applicant does with an application of their own: take it back, ask for haste, upload the
//! stamped form, be told by WeChat. The addresses are the same below `/register` and `/h5/register`.

use std::time::Duration;

use salvo::{Request, Response, Writer, handler};

use super::{
    Registration,
    result::{here, own},
    retract, scan,
    store::write,
};
use crate::{
    account::oauth::{self, PhoneUser},
    file::Served,
    web::{App, AppError, Client, Form, SeeOther, throttle},
};

fn back(req: &Request, of: &Registration) -> String {
    format!("{}/{}", here(req), of.id)
}

/// `POST …/{application}/withdraw`
#[handler]
pub async fn withdraw(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let of = own(&app, req).await?;
    let page = SeeOther::to(back(req, &of));
    Ok(if retract::withdraw(&app, &of, &client.ip).await? {
        page.saying("申请已撤回，可以重新注册")
    } else {
        page.refusing("该申请已办结，不能撤回")
    })
}

/// `POST …/{application}/urge`
#[handler]
pub async fn urge(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let of = own(&app, req).await?;
    throttle::pass(&app, "urge", &client.ip, 30, Duration::from_hours(1)).await?;
    let page = SeeOther::to(back(req, &of));
    Ok(if retract::urge(&app, &of).await? {
        page.saying("已提醒秘书处尽快审核")
    } else {
        page.refusing("每天可以催办一次，秘书处已经收到您的提醒")
    })
}

/// `GET …/{application}/scans/{file}`
#[handler]
pub async fn scanned(app: App, req: &mut Request) -> Result<Served, AppError> {
    let of = own(&app, req).await?;
    let file = req.param::<String>("file").and_then(|id| id.parse().ok());
    scan::served(&app, &of, file).await
}

/// `GET /h5/register/{application}/follow`: to WeChat, and back with who holds the phone.
#[handler]
pub async fn follow(app: App, req: &mut Request, res: &mut Response) -> Result<SeeOther, AppError> {
    let of = own(&app, req).await?;
    let page = back(req, &of);
    let Some(user) = PhoneUser::find(&app, req).await? else {
        return oauth::ask(&app, req, res, &format!("{page}/follow")).await;
    };
    write::set_open_id(&app.db, &app.vault, &of.id, &user.open_id).await?;
    Ok(SeeOther::to(page).saying("审核结果将通过微信通知您"))
}
