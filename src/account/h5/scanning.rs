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
            phone::{Ask, Outcome, Reply, Slip, Unit},
        },
    },
    web::{App, AppError, Client, Form, Html, Page, SeeOther, Surface},
};

/// The question on the phone.
#[derive(Debug, Serialize)]
pub struct ScanPage {
    /// The address of this page; its answers go below it.
    path: String,
    /// What the PC wants, in words before 请核对.
    lead: &'static str,
    /// Heading, and what the button that agrees says.
    heading: &'static str,
    yes: &'static str,
    /// The unit, or those to choose from.
    units: Vec<UnitRow>,
    browser: String,
    /// Where the PC is, as far as its address tells.
    network: String,
    at: String,
    numbers: Vec<String>,
    /// Confirming binds this WeChat to the unit.
    binds: bool,
    /// Binding needs a code of the secretariat.
    needs_code: bool,
    /// What must be mended first; empty at first.
    problem: &'static str,
}

/// A unit on the phone.
#[derive(Debug, Serialize)]
struct UnitRow {
    id: String,
    name: String,
    tail: String,
    /// Whether the unit was signed in in that browser before, in words.
    device: &'static str,
}

impl From<Unit> for UnitRow {
    fn from(unit: Unit) -> Self {
        let Unit { id, name, tail, is_known_device } = unit;
        Self { id, name, tail, device: device(is_known_device) }
    }
}

impl ScanPage {
    fn new(no: &TicketNo, ask: Ask, slip: Option<Slip>) -> Self {
        let (heading, yes, lead) = words(ask.purpose);
        Self {
            path: no.phone_path(),
            lead,
            heading,
            yes,
            units: ask.units.into_iter().map(UnitRow::from).collect(),
            browser: ask.browser,
            network: network(&ask.ip, ask.is_same_network),
            at: ask.at,
            numbers: ask.numbers,
            binds: ask.binds,
            needs_code: ask.needs_code,
            problem: slip.map_or("", problem),
        }
    }
}

const fn words(purpose: Purpose) -> (&'static str, &'static str, &'static str) {
    match purpose {
        Purpose::Login => ("登录确认", "确认登录", "登录会员服务平台"),
        Purpose::Reset => ("找回密码确认", "确认重置", "申请重新设置贵单位的登录密码"),
        Purpose::Direct => ("登录确认", "确认登录", "用微信扫码登录会员服务平台，不需要密码"),
    }
}

/// No outside service is asked where an address is; that the phone is at the same place it tells.
fn network(ip: &str, is_same: bool) -> String {
    let place = if is_same { "与本手机同一网络" } else { "与本手机不同网络" };
    if ip.is_empty() { "未知".into() } else { format!("{ip}（{place}）") }
}

const fn device(is_known: bool) -> &'static str {
    if is_known {
        "本单位登录过的浏览器"
    } else {
        "首次使用的浏览器，请仔细核对"
    }
}

const fn problem(slip: Slip) -> &'static str {
    match slip {
        Slip::Number => "请先选择数字，再点“确认”",
        Slip::Unit => "请选择要登录的单位，并重新选择数字",
        Slip::Code => "绑定码不正确或已失效，请核对后重新选择数字并输入，或联系秘书处重新发放",
    }
}

impl Page for ScanPage {
    const TEMPLATE: &'static str = "pages/account/scan.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        self.heading.into()
    }

    fn samples() -> Vec<Self> {
        let unit = |tail: &str, is_known| UnitRow {
            id: tail.into(),
            name: "示例****公司".into(),
            tail: tail.into(),
            device: device(is_known),
        };
        let page = |purpose, units, slip: Option<Slip>| {
            let (heading, yes, lead) = words(purpose);
            let binds = slip == Some(Slip::Code);
            Self {
                path: "/h5/scan/x".into(),
                lead,
                heading,
                yes,
                units,
                browser: "Chrome（Windows）".into(),
                network: network("192.0.2.*", binds),
                at: "2026-11-24 12:00:00".into(),
                numbers: vec!["07".into(), "42".into(), "86".into()],
                binds,
                needs_code: binds,
                problem: slip.map_or("", problem),
            }
        };
        let one = || vec![unit("012R", true)];
        vec![
            page(Purpose::Login, one(), None),
            page(Purpose::Login, one(), Some(Slip::Number)),
            page(Purpose::Login, vec![unit("012R", false)], Some(Slip::Code)),
            page(Purpose::Reset, one(), None),
            page(Purpose::Direct, one(), None),
            page(Purpose::Direct, vec![unit("012R", true), unit("020L", false)], Some(Slip::Unit)),
        ]
    }
}

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
