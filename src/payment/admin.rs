//! Admin page: all payments.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{
    model::AttemptStatus,
    paging::{Pages, pages, place},
    pc::records::{Line, PAGE_PLUS_ONE},
    store::{self, Wanted},
};
use crate::{
    kernel::{Date, ids::MemberId},
    member,
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page, address},
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
    unit: String,
    day: String,
    status: String,
    statuses: Vec<Choice>,
    pages: Pages,
}

/// What may be asked for; the two alive states look alike to people.
const STATUSES: [AttemptStatus; 5] = [
    AttemptStatus::Success,
    AttemptStatus::Late,
    AttemptStatus::Duplicate,
    AttemptStatus::Prepaid,
    AttemptStatus::Closed,
];

/// Units that a part of a name may mean; more than that is no search.
const MOST_UNITS: i64 = 50;

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
            unit: String::new(),
            day: String::new(),
            status: String::new(),
            statuses: statuses(),
            pages: Pages { older: Some("/admin/payments?before=P1".into()), ..Pages::default() },
        };
        vec![page(lines, ""), page(Vec::new(), "P2026")]
    }
}

/// What an administrator typed, as it stands in the address.
struct Asked {
    number: String,
    unit: String,
    day: String,
    status: Option<AttemptStatus>,
}

impl Asked {
    fn read(req: &Request) -> Self {
        let text = |name| req.query::<String>(name).unwrap_or_default().trim().to_owned();
        let wanted = text("status");
        // A day that is none is no filter.
        let day = text("day").parse::<Date>().map(|day| day.to_string()).unwrap_or_default();
        let status = STATUSES.into_iter().find(|status| status.code() == wanted);
        Self { number: text("number"), unit: text("unit"), day, status }
    }

    /// The list's address with these filters, ready for a page's key.
    fn address(&self) -> String {
        let status = self.status.map(AttemptStatus::code).unwrap_or_default();
        let filters = [
            ("number", self.number.as_str()),
            ("unit", &self.unit),
            ("day", &self.day),
            ("status", status),
        ];
        address("/admin/payments", &filters)
    }

    async fn wanted(&self, app: &App) -> Result<Wanted, AppError> {
        let numbers = match self.number.as_str() {
            "" => None,
            number => Some(store::numbers(&app.db, number).await?),
        };
        let members = match self.unit.as_str() {
            "" => None,
            unit => Some(member::matching(&app.db, unit, MOST_UNITS).await?),
        };
        let statuses = match self.status {
            Some(AttemptStatus::Prepaid) => vec![AttemptStatus::Prepaid, AttemptStatus::Unknown],
            other => other.into_iter().collect(),
        };
        Ok(Wanted { numbers, members, statuses, day: self.day.replace('-', "") })
    }
}

/// `GET /admin/payments?number=&unit=&day=&status=` and the key of a page.
#[handler]
pub async fn list(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let (asked, place) = (Asked::read(req), place(req));
    let wanted = asked.wanted(&app).await?;
    let mut rows = store::search(&app.db, &wanted, &place, PAGE_PLUS_ONE - 1).await?;
    let pages = pages(&mut rows, &place, &asked.address());
    let ids: Vec<MemberId> = rows.iter().map(|row| row.member_id.clone()).collect();
    let names: HashMap<MemberId, String> = member::names(&app.db, &ids).await?;
    let lines = rows
        .into_iter()
        .map(|row| {
            let name = names.get(&row.member_id).cloned();
            Line::of(row, name.unwrap_or_default())
        })
        .collect();
    let Asked { number, unit, day, status } = asked;
    let status = status.map(AttemptStatus::code).unwrap_or_default().to_owned();
    Ok(Html::new(ListPage { lines, number, unit, day, status, statuses: statuses(), pages }))
}
