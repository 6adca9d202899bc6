//! `/h5/scan/{ticket}`: what the login code opens in WeChat.

use super::question::ScanPage;
use crate::{
    account::{
        oauth::{self, PhonePage, PhoneUser},
        scan::{
            Purpose, TicketNo, phone,
            phone::{Outcome, Reply},
        },
    },
    web::{App, AppError, Client, Form, Html, SeeOther},
};
use salvo::{
    Request, Response, Writer, handler,
    http::{HeaderValue, header::REFERRER_POLICY},
};

type Answer = Result<Result<SeeOther, Html<PhonePage>>, Html<ScanPage>>;

/// The ticket stays out of referrers.
fn keep_private(res: &mut Response) {
    res.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

#[expect(clippy::result_large_err, reason = "both sides are answers, and neither travels far")]
fn tell(no: &TicketNo, outcome: Outcome) -> Answer {
    let page = match outcome {
        Outcome::Ask(ask) => return Err(Html::new(ScanPage::new(no, ask, None))),
        Outcome::Again(ask, slip) => {
            return Err(Html::refused(ScanPage::new(no, ask, Some(slip))));
        }
        Outcome::Confirmed(Purpose::Login | Purpose::Direct) => {
            PhonePage::new("ok", "已确认登录", "请回到电脑继续操作")
        }
        Outcome::Confirmed(Purpose::Reset) => {
            PhonePage::new("ok", "验证通过", "请回到电脑设置新的登录密码")
        }
        Outcome::Rejected => {
            let text = "电脑上的操作已被拒绝。如果不是您本人在操作，请尽快修改密码";
            PhonePage::new("info", "已取消登录", text)
        }
        Outcome::WrongNumber => {
            let text = "选择的数字与电脑上显示的不同，本次登录已取消。如果不是您本人在登录，请尽快修改密码";
            PhonePage::new("error", "数字不符", text)
        }
        Outcome::Mismatch(Purpose::Direct) => {
            let text = "该微信没有绑定单位账号。请换用绑定的微信扫描，或者在电脑上用账号和密码登录";
            PhonePage::new("error", "该微信不能登录", text)
        }
        Outcome::Closed(why) => PhonePage::new("error", "暂时不能登录", why),
        Outcome::Mismatch(_) => {
            let text = "请用本单位绑定的微信扫描。需要更换绑定，请联系秘书处";
            PhonePage::new("error", "该微信与绑定微信不一致", text)
        }
        Outcome::Taken => PhonePage::new(
            "info",
            "二维码已被扫描",
            "另一部手机已扫描该二维码，请在电脑上刷新后再试",
        ),
        Outcome::Expired => {
            PhonePage::new("info", "二维码已失效", "请在电脑上刷新二维码后重新扫描")
        }
        Outcome::Refused(text) => PhonePage::new("error", "不能绑定该微信", &text),
    };
    Ok(Err(Html::new(page)))
}

/// `GET /h5/scan/{ticket}`: never goes further than 已扫描.
#[handler]
pub async fn scan(
    app: App,
    client: Client,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    keep_private(res);
    let no = TicketNo::parse(req.param("ticket"))?;
    let Some(user) = PhoneUser::find(&app, req).await? else {
        if !phone::is_open(&app, &no).await? {
            return Ok(tell(&no, Outcome::Expired));
        }
        return Ok(Ok(Ok(oauth::ask(&app, req, res, &no.phone_path()).await?)));
    };
    Ok(tell(&no, phone::open(&app, &no, &user, &client).await?))
}

/// `POST /h5/scan/{ticket}/confirm`
#[handler]
pub async fn confirm(
    app: App,
    client: Client,
    form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    keep_private(res);
    let no = TicketNo::parse(req.param("ticket"))?;
    let Some(user) = PhoneUser::find(&app, req).await? else {
        return Ok(Ok(Ok(SeeOther::to(no.phone_path()))));
    };
    let (number, unit) = (form.value("number").trim(), form.value("unit").trim());
    let reply = Reply { number, unit, code: form.value("bind_code") };
    Ok(tell(&no, phone::confirm(&app, &no, &user, reply, &client).await?))
}

/// `POST /h5/scan/{ticket}/reject`
#[handler]
pub async fn reject(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    keep_private(res);
    let no = TicketNo::parse(req.param("ticket"))?;
    let Some(user) = PhoneUser::find(&app, req).await? else {
        return Ok(Ok(Ok(SeeOther::to(no.phone_path()))));
    };
    Ok(tell(&no, phone::reject(&app, &no, &user, &client).await?))
}
