//! `/dues/records`: 缴费管理 of the member.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{Channel, Contribution, Wanted, page, samples};
use crate::{
    account::SignedIn,
    dues,
    kernel::{
        Fen, Timestamp,
        ids::{BillId, OrderId},
    },
    offline::Needle,
    payment,
    web::{App, AppError, Html, Page, address},
};

/// `/dues/records`
#[derive(Debug, Serialize)]
pub struct RecordsPage {
    years: Vec<Tab>,
    rows: Vec<Row>,
    older: String,
    newer: String,
}

#[derive(Debug, Serialize)]
struct Tab {
    text: String,
    href: String,
    is_current: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    year: i64,
    no: String,
    bill_no: String,
    way: &'static str,
    amount: Fen,
    at: Timestamp,
    state: &'static str,
    chip: &'static str,
    note: String,
    /// Where it can be read.
    href: String,
    edit: Option<Edit>,
}

/// What the member may still do.
#[derive(Debug, Serialize)]
struct Edit {
    id: String,
    href: String,
    version: i64,
    title: String,
}

type Orders = HashMap<String, OrderId>;

fn row(it: Contribution, bills: &HashMap<BillId, String>, orders: &Orders) -> Row {
    let href = match &it.offline {
        Some(id) => format!("/dues/offline/{id}"),
        None => orders.get(&it.no).map_or_else(|| "/payments".into(), |id| format!("/pay/{id}")),
    };
    let edit = it.open_version.map(|version| Edit {
        id: format!("delete-{}", it.id),
        href: href.clone(),
        version,
        title: format!("删除 {} 年度的这笔线下缴费（{} 元）？", it.year, it.amount.grouped()),
    });
    Row {
        year: it.year,
        bill_no: bills.get(&it.bill_id).cloned().unwrap_or_default(),
        no: it.no,
        way: it.way,
        amount: it.amount,
        at: it.at,
        state: it.state,
        chip: it.chip,
        note: it.note,
        href,
        edit,
    }
}

fn here(year: Option<i64>, before: &str) -> String {
    let year = year.map(|year| year.to_string()).unwrap_or_default();
    address("/dues/records", &[("year", &year), ("before", before)])
}

/// A tab for every year that the member has a bill for, if there are several.
fn tabs(mut years: Vec<i64>, chosen: Option<i64>) -> Vec<Tab> {
    years.sort_unstable();
    years.dedup();
    if years.len() < 2 {
        return Vec::new();
    }
    let tab = |year: Option<i64>| Tab {
        text: year.map_or_else(|| "全部".into(), |year| format!("{year} 年度")),
        href: here(year, ""),
        is_current: year == chosen,
    };
    std::iter::once(None).chain(years.into_iter().rev().map(Some)).map(tab).collect()
}

impl Page for RecordsPage {
    const TEMPLATE: &'static str = "pages/report/records.html";
    const MENU: &'static str = "records";

    fn title(&self) -> String {
        "缴费管理".into()
    }

    fn samples() -> Vec<Self> {
        let rows = || samples().into_iter().map(|it| row(it, &HashMap::new(), &Orders::new()));
        vec![
            Self {
                years: tabs(vec![2026, 2025], Some(2025)),
                rows: rows().collect(),
                older: here(Some(2025), "sample"),
                newer: String::new(),
            },
            Self {
                years: Vec::new(),
                rows: Vec::new(),
                older: String::new(),
                newer: here(None, ""),
            },
        ]
    }
}

/// `GET /dues/records?year=&before=`
#[handler]
pub async fn records(
    app: App,
    who: SignedIn,
    req: &mut Request,
) -> Result<Html<RecordsPage>, AppError> {
    let year = req.query::<String>("year").and_then(|year| year.parse().ok());
    let before = req.query::<String>("before").filter(|before| !before.is_empty());
    let wanted = Wanted {
        channel: Channel::All,
        year,
        needle: Needle::Members(vec![who.member.id.clone()]),
        before: before.clone(),
        ..Wanted::default()
    };
    let (found, next) = page(&app, &wanted).await?;
    let bills = dues::bills_of(&app.db, &who.member.id).await?;
    let years = bills.iter().map(|bill| bill.year).collect();
    let numbers = bills.into_iter().map(|bill| (bill.id, bill.no)).collect();
    let paid = found.iter().filter(|it| it.offline.is_none()).map(|it| it.no.clone());
    let orders = payment::orders_of_transactions(&app.db, &paid.collect::<Vec<_>>()).await?;
    Ok(Html::new(RecordsPage {
        years: tabs(years, year),
        rows: found.into_iter().map(|it| row(it, &numbers, &orders)).collect(),
        older: next.map(|id| here(year, &id)).unwrap_or_default(),
        newer: before.map(|_| here(year, "")).unwrap_or_default(),
    }))
}
