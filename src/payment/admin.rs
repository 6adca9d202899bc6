//! Admin pages: all payments, and money that waits for an explanation.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    model::AttemptStatus,
    pc::records::{Line, PAGE_PLUS_ONE, older},
    store::{self, ListFilter, UnexplainedRow},
    verdict::Oddity,
};
use crate::{
    kernel::{Fen, Timestamp, ids::MemberId},
    ledger::{self, Account},
    member,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

/// One choice of the state filter.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    value: &'static str,
    text: &'static str,
}

/// `/admin/payments`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    lines: Vec<Line>,
    number: String,
    status: String,
    statuses: Vec<Choice>,
    older: Option<String>,
    newer: Option<String>,
}

/// What may be asked for; the two alive states look alike to people.
const STATUSES: [AttemptStatus; 5] = [
    AttemptStatus::Success,
    AttemptStatus::Late,
    AttemptStatus::Duplicate,
    AttemptStatus::Prepaid,
    AttemptStatus::Closed,
];

fn statuses() -> Vec<Choice> {
    let text = |status: AttemptStatus| match status {
        AttemptStatus::Late => "关闭后支付成功",
        other => other.label(),
    };
    STATUSES.map(|status| Choice { value: status.code(), text: text(status) }).into()
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "admin/payment/list.html";
    const MENU: &'static str = "payments";

    fn title(&self) -> String {
        "支付记录".into()
    }

    fn samples() -> Vec<Self> {
        let lines: Vec<Line> = STATUSES.map(Line::sample).into();
        let page = |lines, number: &str| Self {
            lines,
            number: number.into(),
            status: String::new(),
            statuses: statuses(),
            older: Some("/admin/payments?before=P1".into()),
            newer: None,
        };
        vec![page(lines, ""), page(Vec::new(), "P2026")]
    }
}

/// `GET /admin/payments?number=&status=&before=`
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let text = |name| req.query::<String>(name).unwrap_or_default().trim().to_owned();
    let (number, wanted, before) = (text("number"), text("status"), text("before"));
    let status = STATUSES.into_iter().find(|status| status.code() == wanted);
    let filter = ListFilter { number: number.clone(), status, before: before.clone() };
    let mut rows = store::payments(&app.db, &filter, PAGE_PLUS_ONE).await?;
    let status = status.map(AttemptStatus::code).unwrap_or_default();
    // A number finds one row: only the state needs to be carried to the next page.
    let older = older(&mut rows, |last| {
        format!("/admin/payments?status={status}&before={}", last.out_trade_no)
    });
    let ids: Vec<MemberId> = rows.iter().map(|row| row.member_id.clone()).collect();
    let mut names: HashMap<MemberId, String> = member::names(&app.db, &ids).await?;
    let lines = rows
        .into_iter()
        .map(|row| {
            let name = names.get_mut(&row.member_id).map(|name| name.clone());
            Line::of(row, name.unwrap_or_default())
        })
        .collect();
    let newer = (!before.is_empty()).then(|| format!("/admin/payments?status={status}"));
    let (status, statuses) = (status.to_owned(), statuses());
    Ok(Html::new(ListPage { lines, number, status, statuses, older, newer }))
}

/// A line of 待处理款项.
#[derive(Clone, Debug, Serialize)]
pub struct OddLine {
    kind: &'static str,
    out_trade_no: String,
    transaction: String,
    amount: Fen,
    currency: String,
    detail: String,
    at: Timestamp,
}

impl From<UnexplainedRow> for OddLine {
    fn from(row: UnexplainedRow) -> Self {
        Self {
            kind: row.kind.label(),
            out_trade_no: row.out_trade_no,
            transaction: row.transaction_id,
            amount: row.amount,
            currency: row.currency,
            detail: row.detail,
            at: row.created_ms,
        }
    }
}

/// `/admin/payments/unexplained`
#[derive(Clone, Debug, Serialize)]
pub struct UnexplainedPage {
    lines: Vec<OddLine>,
    /// What stands in suspense, fen.
    suspense: Fen,
    older: Option<String>,
    newer: Option<String>,
}

impl Page for UnexplainedPage {
    const TEMPLATE: &'static str = "admin/payment/unexplained.html";
    const MENU: &'static str = "unexplained";

    fn title(&self) -> String {
        "待处理款项".into()
    }

    fn samples() -> Vec<Self> {
        let line = OddLine {
            kind: Oddity::Duplicate.label(),
            out_trade_no: "P20260301090001123456789".into(),
            transaction: "4200001234202603010000000001".into(),
            amount: Fen::yuan(2000),
            currency: "CNY".into(),
            detail: "重复支付，账单已缴清；微信状态 Success，金额 2000.00 CNY".into(),
            at: Timestamp::from_millis(1_772_326_800_000),
        };
        let suspense = Fen::yuan(2000);
        vec![
            Self { lines: vec![line], suspense, older: None, newer: None },
            Self { lines: Vec::new(), suspense: Fen::ZERO, older: None, newer: None },
        ]
    }
}

/// `GET /admin/payments/unexplained?before=`
#[handler]
pub async fn unexplained(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<UnexplainedPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let before = req.query::<String>("before").unwrap_or_default();
    let mut rows = store::unexplained(&app.db, "open", &before, PAGE_PLUS_ONE).await?;
    let here = "/admin/payments/unexplained";
    let older = older(&mut rows, |last| format!("{here}?before={}", last.id));
    let newer = (!before.is_empty()).then(|| here.to_owned());
    // The account is a liability: its balance is negative.
    let suspense = ledger::balance(&app.db, Account::Suspense).await?.negated();
    let lines = rows.into_iter().map(OddLine::from).collect();
    Ok(Html::new(UnexplainedPage { lines, suspense, older, newer }))
}
