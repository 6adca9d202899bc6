//! The panel with the login code, as the page and as the fragment that a poll puts in its place.

use salvo::Request;
use serde::Serialize;

use crate::{
    account::scan::{Purpose, State, TicketNo, start::Shown},
    web::{App, AppError, Page, Surface, cookie, page::Chrome, qr},
};

/// The part of the page that a poll replaces.
#[derive(Debug, Serialize)]
pub struct ScanPanel {
    /// The state's word.
    state: &'static str,
    /// What happens, for people.
    heading: &'static str,
    /// What to do now.
    text: &'static str,
    /// Where the page asks; empty when nothing more will happen.
    poll: String,
    /// Where a new code comes from.
    renew: &'static str,
    /// Where a confirmed code leads.
    enter: &'static str,
    /// What that is called.
    enter_text: &'static str,
    /// The picture.
    svg: String,
    /// What is in it.
    url: String,
    /// The two digits.
    number: String,
    /// Until the code is dead.
    seconds: i64,
}

/// `/login/scan`, `/password/reset/scan` and `/login/direct`
#[derive(Debug, Serialize)]
pub struct ScanPage {
    pub(super) panel: ScanPanel,
    /// Heading and title.
    heading: &'static str,
    /// No password came before, and none is wanted.
    is_direct: bool,
    /// A new password is wanted.
    is_reset: bool,
}

const fn heading(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Login => "微信扫码验证",
        Purpose::Reset => "找回密码：微信验证",
        Purpose::Direct => "微信扫码登录",
    }
}

impl ScanPage {
    /// The page of a code as it stands.
    pub(super) fn of(app: &App, shown: &Shown) -> Result<Self, AppError> {
        Ok(Self::new(panel(app, shown)?, shown.ticket.purpose))
    }

    fn new(panel: ScanPanel, purpose: Purpose) -> Self {
        Self {
            panel,
            heading: heading(purpose),
            is_direct: purpose == Purpose::Direct,
            is_reset: purpose == Purpose::Reset,
        }
    }
}

impl Page for ScanPage {
    const TEMPLATE: &'static str = "pages/account/scan.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        self.heading.into()
    }

    fn samples() -> Vec<Self> {
        let page = |purpose: Purpose, state: State| {
            let (heading, text) = words(purpose, state);
            let ways = Ways::of(purpose);
            let poll = format!("{}/x/state", ways.poll);
            let panel = ScanPanel {
                state: state.word(),
                heading,
                text,
                poll: if state.is_final() { String::new() } else { poll },
                renew: ways.renew,
                enter: ways.enter,
                enter_text: ways.enter_text,
                svg: "<svg viewBox=\"0 0 1 1\"></svg>".into(),
                url: "http://127.0.0.1/h5/scan/x".into(),
                number: "07".into(),
                seconds: 100,
            };
            Self::new(panel, purpose)
        };
        Purpose::ALL
            .into_iter()
            .flat_map(|purpose| State::ALL.into_iter().map(move |state| page(purpose, state)))
            .collect()
    }
}

/// Where the parts of the page lead.
pub(super) struct Ways {
    poll: &'static str,
    renew: &'static str,
    pub(super) enter: &'static str,
    enter_text: &'static str,
}

impl Ways {
    pub(super) const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Login => Self {
                poll: "/login/scan",
                renew: "/login/scan",
                enter: "/",
                enter_text: "进入系统",
            },
            Purpose::Reset => Self {
                poll: "/password/reset",
                renew: "/password/reset/scan",
                enter: "/password/reset/new",
                enter_text: "设置新密码",
            },
            Purpose::Direct => Self {
                poll: "/login/direct",
                renew: "/login/direct",
                enter: "/",
                enter_text: "进入系统",
            },
        }
    }
}

/// A fragment is no page of its own: it has neither title nor layout.
#[derive(Serialize)]
struct Fragment {
    panel: ScanPanel,
}

const fn words(purpose: Purpose, state: State) -> (&'static str, &'static str) {
    match (state, purpose) {
        (State::Waiting, Purpose::Login) => (
            "请用微信扫描二维码",
            "请使用本单位绑定的微信；首次扫码时，当前微信会与本单位账号绑定。",
        ),
        (State::Waiting, Purpose::Direct) => (
            "请用微信扫描二维码",
            "请使用已绑定本单位的微信。还没有绑定过微信的，请先用账号和密码登录。",
        ),
        (State::Waiting, Purpose::Reset) => (
            "请用微信扫描二维码",
            "请使用本单位账号已绑定的微信。微信验证后，即可设置新的登录密码。",
        ),
        (State::Scanned, _) => {
            ("已扫描，请在手机上确认", "请在手机上选择与本页相同的数字，再点“确认”。")
        }
        (State::Confirmed | State::Consumed, Purpose::Login | Purpose::Direct) => {
            ("已确认，正在进入系统", "如果没有自动跳转，请点击下面的按钮。")
        }
        (State::Confirmed | State::Consumed, Purpose::Reset) => {
            ("微信验证通过", "请点击下面的按钮，设置新的登录密码。")
        }
        (State::Rejected, Purpose::Login | Purpose::Direct) => (
            "本次登录已取消",
            "手机上点了“不是我”，或者选择的数字不符。如果是您本人，请重新生成二维码。",
        ),
        (State::Rejected, Purpose::Reset) => (
            "本次验证已取消",
            "手机上点了“不是我”，或者选择的数字不符。如果是您本人，请重新生成二维码。",
        ),
        (State::Mismatch, Purpose::Login) => {
            ("该微信与绑定微信不一致", "请用本单位绑定的微信重新扫描。需要更换绑定，请联系秘书处。")
        }
        (State::Mismatch, Purpose::Direct) => (
            "该微信不能登录",
            "该微信没有绑定单位账号，或者账号暂时不能登录。请换用绑定的微信扫描，或者改用密码登录。",
        ),
        (State::Mismatch, Purpose::Reset) => (
            "该微信与绑定微信不一致",
            "请核对账号，并用该账号绑定的微信扫描。没有绑定过微信的，请联系秘书处重置密码。",
        ),
        (State::Expired, _) => ("二维码已过期", "为了安全，二维码只在短时间内有效，请重新生成。"),
    }
}

/// The panel of a code as it stands.
pub(super) fn panel(app: &App, shown: &Shown) -> Result<ScanPanel, AppError> {
    let (facts, purpose) = (&shown.ticket.facts, shown.ticket.purpose);
    let (heading, text) = words(purpose, facts.state);
    let ways = Ways::of(purpose);
    let url = app.url(&shown.no.phone_path());
    let is_open = !facts.state.is_final();
    Ok(ScanPanel {
        state: facts.state.word(),
        heading,
        text,
        poll: if is_open { poll_path(&ways, &shown.no, facts.state) } else { String::new() },
        renew: ways.renew,
        enter: ways.enter,
        enter_text: ways.enter_text,
        svg: qr::svg(&url)?,
        url,
        number: facts.number.clone(),
        seconds: i64::try_from(shown.ticket.expires.since(app.clock.now()).as_secs())
            .unwrap_or_default(),
    })
}

fn poll_path(ways: &Ways, no: &TicketNo, seen: State) -> String {
    format!("{}/{}/state?seen={}", ways.poll, no.as_str(), seen.word())
}

/// The panel alone.
pub(super) fn fragment(app: &App, req: &Request, panel: ScanPanel) -> Result<String, AppError> {
    // No form token is made here: the fragment lives on a page that has one.
    let visitor = cookie::read(app, req, cookie::Name::Visitor).unwrap_or_default();
    let token = app.keys.form_token(&visitor);
    let chrome = Chrome::new("", &app.settings.site, &token, req.uri().path());
    app.templates
        .render(Surface::Pc, "fragments/account/scan.html", &Fragment { panel }, &chrome)
        .map_err(|error| AppError::Fault(format!("scan fragment: {error:?}")))
}
