//! `/admin/payments/unexplained`: what waits for a decision, and what was decided.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::ParkedStatus;
use crate::{
    kernel::{Fen, Timestamp},
    ledger::{self, Account},
    payment::{
        pc::records::{PAGE_PLUS_ONE, older},
        store::parked::{Parked, parked_page},
        verdict::Oddity,
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const HERE: &str = "/admin/payments/unexplained";

/// The two tabs: what is open, and what is done.
const OPEN: &[ParkedStatus] = &[ParkedStatus::Open, ParkedStatus::Refunding];
const DONE: &[ParkedStatus] =
    &[ParkedStatus::Refunded, ParkedStatus::Assigned, ParkedStatus::Noted, ParkedStatus::Explained];

/// A line of 待处理款项.
#[derive(Clone, Debug, Serialize)]
struct OddLine {
    href: String,
    kind: &'static str,
    out_trade_no: String,
    transaction: String,
    amount: Fen,
    currency: String,
    detail: String,
    state: &'static str,
    chip: &'static str,
    is_open: bool,
    at: Timestamp,
}

impl From<Parked> for OddLine {
    fn from(row: Parked) -> Self {
        Self {
            href: format!("{HERE}/{}", row.id),
            kind: row.kind.label(),
            out_trade_no: row.out_trade_no,
            // An item that explained itself has given its number back.
            transaction: row.transaction_id.trim_end_matches(":explained").to_owned(),
            amount: row.amount,
            currency: row.currency,
            detail: row.detail,
            state: row.status.label(),
            chip: row.status.chip(),
            is_open: row.status == ParkedStatus::Open,
            at: row.created_ms,
        }
    }
}

/// `/admin/payments/unexplained`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    lines: Vec<OddLine>,
    is_done: bool,
    /// What stands in suspense, fen.
    suspense: Fen,
    older: Option<String>,
    newer: Option<String>,
}

/// One for the samples of both pages.
pub(super) fn sample(status: ParkedStatus) -> Option<Parked> {
    Some(Parked {
        id: "0193sample".parse().ok()?,
        kind: Oddity::Duplicate,
        out_trade_no: "P20260301090001123456789".into(),
        transaction_id: "4200001234202603010000000001".into(),
        amount: Fen::yuan(2000),
        currency: "CNY".into(),
        booked: crate::db::Flag(status != ParkedStatus::Noted),
        detail: "重复支付，账单已缴清；微信状态：支付成功，金额 2000.00 CNY".into(),
        status,
        created_ms: Timestamp::from_millis(1_772_326_800_000),
        reason: if status == ParkedStatus::Open { "" } else { "已与会员核实" }.into(),
        resolved_by: String::new(),
        resolved_ms: None,
    })
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "admin/payment/unexplained.html";
    const MENU: &'static str = "unexplained";

    fn title(&self) -> String {
        "待处理款项".into()
    }

    fn samples() -> Vec<Self> {
        let lines = |states: &[ParkedStatus]| {
            let rows = states.iter().filter_map(|status| sample(*status));
            rows.map(OddLine::from).collect::<Vec<_>>()
        };
        let suspense = Fen::yuan(2000);
        let page = |lines, is_done| Self { lines, is_done, suspense, older: None, newer: None };
        vec![page(lines(OPEN), false), page(lines(DONE), true), page(Vec::new(), false)]
    }
}

/// `GET /admin/payments/unexplained?state=&before=`
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let before = req.query::<String>("before").unwrap_or_default();
    let is_done = req.query::<String>("state").is_some_and(|state| state == "done");
    let here = if is_done { format!("{HERE}?state=done") } else { format!("{HERE}?state=open") };
    let states = if is_done { DONE } else { OPEN };
    let mut rows = parked_page(&app.db, states, &before, PAGE_PLUS_ONE).await?;
    let older = older(&mut rows, |last| format!("{here}&before={}", last.id));
    let newer = (!before.is_empty()).then_some(here);
    // The account is a liability: its balance is negative.
    let suspense = ledger::balance(&app.db, Account::Suspense).await?.negated();
    let lines = rows.into_iter().map(OddLine::from).collect();
    Ok(Html::new(ListPage { lines, is_done, suspense, older, newer }))
}
