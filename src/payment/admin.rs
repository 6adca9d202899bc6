//! Admin page: all payments.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    model::AttemptStatus,
    pc::records::{Line, PAGE_PLUS_ONE, older},
    store::{self, ListFilter},
};
use crate::{
    kernel::ids::MemberId,
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
