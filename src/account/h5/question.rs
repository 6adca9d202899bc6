//! The question of a login code, as the phone's page.

use serde::Serialize;

use crate::{
    account::scan::{
        Purpose, TicketNo,
        phone::{Ask, Slip, Unit},
    },
    web::{Page, Surface},
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
    pub(super) fn new(no: &TicketNo, ask: Ask, slip: Option<Slip>) -> Self {
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
