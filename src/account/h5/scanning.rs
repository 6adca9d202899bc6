//! `/h5/scan/{ticket}`: what the login code opens in WeChat.

use salvo::{
    Request, Response, Writer, handler,
    http::{HeaderValue, header::REFERRER_POLICY},
};
use serde::Serialize;

use crate::{
    account::{
        oauth::{self, PhonePage, PhoneUser},
        scan::{
            Purpose, TicketNo, phone,
            phone::{Ask, Outcome, Reply},
        },
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface},
};

/// The question on the phone.
#[derive(Debug, Serialize)]
pub struct ScanPage {
    /// The address of this page; its answers go below it.
    path: String,
    /// A new password is wanted, not a sign-in.
    is_reset: bool,
    unit: String,
    browser: String,
    /// Whether the unit was signed in in that browser before, in words.
    device: &'static str,
    ip: String,
    at: String,
    numbers: Vec<String>,
    /// Confirming binds this WeChat to the unit.
    binds: bool,
    /// Binding needs a code of the secretariat.
    needs_code: bool,
    /// What must be mended first; empty at first.
    problem: &'static str,
}

impl ScanPage {
    fn new(no: &TicketNo, ask: Ask, problem: &'static str) -> Self {
        let Ask { purpose, unit, browser, is_known_device, ip, at, numbers, binds, needs_code } =
            ask;
        let is_reset = purpose == Purpose::Reset;
        let path = no.phone_path();
        Self {
            path,
            is_reset,
            unit,
            browser,
            device: device(is_known_device),
            ip,
            at,
            numbers,
            binds,
            needs_code,
            problem,
        }
    }
}

const fn device(is_known: bool) -> &'static str {
    if is_known {
        "本单位登录过的浏览器"
    } else {
        "首次使用的浏览器，请仔细核对"
    }
}

const UNPICKED: &str = "请先选择数字，再点“确认”";
const WRONG_CODE: &str = "绑定码不正确或已失效，请核对后重新选择数字并输入，或联系秘书处重新发放";

impl Page for ScanPage {
    const TEMPLATE: &'static str = "pages/account/scan.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        if self.is_reset { "找回密码确认".into() } else { "登录确认".into() }
    }

    fn samples() -> Vec<Self> {
        let page = |is_reset: bool, binds: bool, problem| Self {
            path: "/h5/scan/x".into(),
            is_reset,
            unit: "示例****公司".into(),
            browser: "Chrome（Windows）".into(),
            device: device(!binds),
            ip: "192.0.2.7".into(),
            at: "2026-11-24 12:00:00".into(),
            numbers: vec!["07".into(), "42".into(), "86".into()],
            binds,
            needs_code: binds,
            problem,
        };
        vec![
            page(false, true, ""),
            page(false, false, UNPICKED),
            page(false, true, WRONG_CODE),
            page(true, false, ""),
        ]
    }
}

type Answer = Result<Result<SeeOther, Html<PhonePage>>, Html<ScanPage>>;

/// The ticket stays out of referrers.
fn keep_private(res: &mut Response) {
    res.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

#[expect(clippy::result_large_err, reason = "both sides are answers, and neither travels far")]
fn tell(no: &TicketNo, outcome: Outcome, is_unpicked: bool) -> Answer {
    let page = match outcome {
        Outcome::Ask(ask) if is_unpicked => {
            return Err(Html::refused(ScanPage::new(no, ask, UNPICKED)));
        }
        Outcome::Ask(ask) => return Err(Html::new(ScanPage::new(no, ask, ""))),
        Outcome::WrongCode(ask) => return Err(Html::refused(ScanPage::new(no, ask, WRONG_CODE))),
        Outcome::Confirmed(Purpose::Login) => {
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
        Outcome::Mismatch => {
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
            return Ok(tell(&no, Outcome::Expired, false));
        }
        return Ok(Ok(Ok(oauth::ask(&app, req, res, &no.phone_path()).await?)));
    };
    Ok(tell(&no, phone::open(&app, &no, &user, &client).await?, false))
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
    let number = form.value("number").trim();
    if number.is_empty() {
        // Nothing was picked: that is a slip, not a wrong answer.
        return Ok(tell(&no, phone::open(&app, &no, &user, &client).await?, true));
    }
    let reply = Reply { number, code: form.value("bind_code") };
    Ok(tell(&no, phone::confirm(&app, &no, &user, reply, &client).await?, false))
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
    Ok(tell(&no, phone::reject(&app, &no, &user, &client).await?, false))
}
