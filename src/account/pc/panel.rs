//! The panel with the login code, as the page and as the fragment that a poll puts in its place.

use salvo::Request;
use serde::Serialize;

use crate::{
    account::scan::{State, TicketNo, start::Shown},
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
    /// The picture.
    svg: String,
    /// What is in it.
    url: String,
    /// The two digits.
    number: String,
    /// Until the code is dead.
    seconds: i64,
}

/// `/login/scan`
#[derive(Debug, Serialize)]
pub struct ScanPage {
    pub(super) panel: ScanPanel,
}

impl Page for ScanPage {
    const TEMPLATE: &'static str = "pages/account/scan.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "微信扫码验证".into()
    }

    fn samples() -> Vec<Self> {
        let panel = |state: State| {
            let (heading, text) = words(state);
            ScanPanel {
                state: state.word(),
                heading,
                text,
                poll: if state.is_final() { String::new() } else { "/login/scan/x/state".into() },
                svg: "<svg viewBox=\"0 0 1 1\"></svg>".into(),
                url: "http://127.0.0.1/h5/scan/x".into(),
                number: "07".into(),
                seconds: 100,
            }
        };
        State::ALL.into_iter().map(|state| Self { panel: panel(state) }).collect()
    }
}

/// A fragment is no page of its own: it has neither title nor layout.
#[derive(Serialize)]
struct Fragment {
    panel: ScanPanel,
}

const fn words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Waiting => (
            "请用微信扫描二维码",
            "请使用本单位绑定的微信；首次扫码时，当前微信会与本单位账号绑定。",
        ),
        State::Scanned => {
            ("已扫描，请在手机上确认", "请在手机上选择与本页相同的数字，再点“确认登录”。")
        }
        State::Confirmed | State::Consumed => {
            ("已确认，正在进入系统", "如果没有自动跳转，请点击下面的按钮。")
        }
        State::Rejected => (
            "本次登录已取消",
            "手机上点了“不是我”，或者选择的数字不符。如果是您本人，请重新生成二维码。",
        ),
        State::Mismatch => {
            ("该微信与绑定微信不一致", "请用本单位绑定的微信重新扫描。需要更换绑定，请联系秘书处。")
        }
        State::Expired => ("二维码已过期", "为了安全，二维码只在短时间内有效，请重新生成。"),
    }
}

/// The panel of a code as it stands.
pub(super) fn panel(app: &App, shown: &Shown) -> Result<ScanPanel, AppError> {
    let facts = &shown.ticket.facts;
    let (heading, text) = words(facts.state);
    let url = app.url(&shown.no.phone_path());
    let is_open = !facts.state.is_final();
    Ok(ScanPanel {
        state: facts.state.word(),
        heading,
        text,
        poll: if is_open { poll_path(&shown.no, facts.state) } else { String::new() },
        svg: qr::svg(&url)?,
        url,
        number: facts.number.clone(),
        seconds: i64::try_from(shown.ticket.expires.since(app.clock.now()).as_secs())
            .unwrap_or_default(),
    })
}

fn poll_path(no: &TicketNo, seen: State) -> String {
    format!("/login/scan/{}/state?seen={}", no.as_str(), seen.word())
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
