//! 减免与缓缴: the list by state, and one request with its decision.

mod detail;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

pub use detail::{WaiverPage, approve, one, refuse};

use super::{PAGE_PLUS_ONE, cut};
use crate::{
    dues::{
        store,
        waiver::{Waiver, WaiverKind, WaiverStatus},
    },
    kernel::{Fen, Timestamp, ids::MemberId},
    member,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

/// `/admin/dues/waivers`
#[derive(Debug, Serialize)]
pub struct WaiversPage {
    tabs: Vec<Tab>,
    state: &'static str,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

/// A request in a list.
#[derive(Debug, Serialize)]
pub struct Row {
    href: String,
    kind: &'static str,
    amount: Fen,
    until: String,
    basis: String,
    member: String,
    bill: String,
    state: &'static str,
    chip: &'static str,
    at: Timestamp,
}

impl Row {
    /// A request for the screen.
    pub fn new(waiver: &Waiver, member: &str, bill: &str) -> Self {
        Self {
            href: format!("/admin/dues/waivers/{}", waiver.id),
            kind: waiver.kind.label(),
            amount: waiver.amount,
            until: waiver.due_on.clone(),
            basis: waiver.basis.clone(),
            member: member.to_owned(),
            bill: bill.to_owned(),
            state: waiver.status.label(),
            chip: waiver.status.chip(),
            at: waiver.requested_ms,
        }
    }

    /// For the samples of pages.
    pub fn samples() -> Vec<Self> {
        samples().iter().map(|waiver| Self::new(waiver, "示例单位", "B202600000001")).collect()
    }
}

/// Requests in every state.
fn samples() -> Vec<Waiver> {
    let sample = |(kind, status): (WaiverKind, WaiverStatus)| {
        let is_decided = status != WaiverStatus::Waiting;
        let at = Timestamp::from_millis(1_764_100_000_000);
        Some(Waiver {
            id: "sample".parse().ok()?,
            bill_id: "sample".parse().ok()?,
            member_id: "sample".parse().ok()?,
            kind,
            amount: Fen::yuan(500),
            due_on: if kind == WaiverKind::Deferral { "2027-03-31".into() } else { String::new() },
            basis: "经常务理事会同意，按困难企业减免".into(),
            status,
            requested_by: "a".into(),
            requested_ms: at,
            decided_by: is_decided.then(|| "b".to_owned()),
            decided_ms: is_decided.then_some(at),
            decision: if is_decided { "材料齐全".into() } else { String::new() },
        })
    };
    let kinds = [WaiverKind::Reduction, WaiverKind::Deferral];
    let all = kinds.into_iter().flat_map(|k| WaiverStatus::LISTED.map(|status| (k, status)));
    all.filter_map(sample).collect()
}

impl WaiversPage {
    fn new(status: WaiverStatus, waiting: i64, rows: Vec<Row>) -> Self {
        let tab = |of: WaiverStatus| Tab {
            text: match of {
                WaiverStatus::Waiting => format!("{}（{waiting}）", of.label()),
                WaiverStatus::Approved | WaiverStatus::Refused => of.label().to_owned(),
            },
            href: format!("/admin/dues/waivers?state={}", of.code()),
            is_current: of == status,
        };
        let tabs = WaiverStatus::LISTED.map(tab).into();
        Self { tabs, state: status.label(), rows, older: None, newer: None }
    }
}

impl Page for WaiversPage {
    const TEMPLATE: &'static str = "admin/dues/waivers.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "减免与缓缴".into()
    }

    fn samples() -> Vec<Self> {
        let older = Some("/admin/dues/waivers?state=waiting&before=w".into());
        let mut full = Self::new(WaiverStatus::Waiting, 2, Row::samples());
        full.older = older;
        vec![full, Self::new(WaiverStatus::Approved, 0, Vec::new())]
    }
}

/// `GET /admin/dues/waivers?state=&before=`
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<WaiversPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let wanted = req.query::<String>("state").unwrap_or_default();
    let status = WaiverStatus::LISTED.into_iter().find(|status| status.code() == wanted);
    let status = status.unwrap_or(WaiverStatus::Waiting);
    let before = req.query::<String>("before").unwrap_or_default();
    let mut found = store::waiver::page(&app.db, status, &before, PAGE_PLUS_ONE).await?;
    let here = format!("/admin/dues/waivers?state={}", status.code());
    let older = cut(&mut found, |waiver| format!("{here}&before={}", waiver.id));
    let members: Vec<MemberId> = found.iter().map(|waiver| waiver.member_id.clone()).collect();
    let names = member::names(&app.db, &members).await?;
    let bills: Vec<_> = found.iter().map(|waiver| waiver.bill_id.clone()).collect();
    let bills = store::bills(&app.db, &bills).await?;
    let row = |waiver: &Waiver| {
        let bill = bills.iter().find(|bill| bill.id == waiver.bill_id);
        let no = bill.map(|bill| bill.no.as_str()).unwrap_or_default();
        let name = names.get(&waiver.member_id).map(String::as_str).unwrap_or_default();
        Row::new(waiver, name, no)
    };
    let (waiting, _) = store::waiver::waiting(&app.db).await?;
    let page = WaiversPage::new(status, waiting, found.iter().map(row).collect());
    let newer = (!before.is_empty()).then_some(here);
    Ok(Html::new(WaiversPage { older, newer, ..page }))
}
