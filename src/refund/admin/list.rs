//! `/admin/refunds`: by what is to be done about them, newest first.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    kernel::{Fen, Timestamp},
    refund::{
        Refund,
        model::GROUPS,
        store::{self, Filter},
    },
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

const PAGE_SIZE: usize = 20;
const PAGE_PLUS_ONE: i64 = 21;

/// `/admin/refunds`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    number: String,
    may_decide: bool,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Tab {
    text: &'static str,
    href: String,
    is_current: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    no: String,
    payment: String,
    amount: Fen,
    means: &'static str,
    reason: String,
    state: &'static str,
    chip: &'static str,
    at: Timestamp,
}

impl From<Refund> for Line {
    fn from(refund: Refund) -> Self {
        Self {
            href: format!("/admin/refunds/{}", refund.id),
            no: refund.no,
            payment: refund.of_id,
            amount: refund.amount,
            means: refund.means.label(),
            reason: refund.reason,
            state: refund.status.label(),
            chip: refund.status.chip(),
            at: refund.requested_ms,
        }
    }
}

fn tabs(current: &str) -> Vec<Tab> {
    let tab = |(code, text, _): &(&str, &'static str, _)| Tab {
        text,
        href: format!("/admin/refunds?state={code}"),
        is_current: *code == current,
    };
    GROUPS.iter().map(tab).collect()
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "admin/refund/list.html";
    const MENU: &'static str = "refunds";

    fn title(&self) -> String {
        "退款".into()
    }

    fn samples() -> Vec<Self> {
        let lines = super::sample::sample_refunds().into_iter().map(Line::from).collect();
        let page = |lines, older: Option<&str>| Self {
            tabs: tabs("requested"),
            lines,
            number: String::new(),
            may_decide: true,
            older: older.map(Into::into),
            newer: older.map(|_| "/admin/refunds".into()),
        };
        vec![page(lines, Some("/admin/refunds?before=0193")), page(Vec::new(), None)]
    }
}

/// `GET /admin/refunds?state=&number=&parked=&before=`
#[handler]
pub async fn queue(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ListPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let word = |name: &str| {
        let typed = req.query::<String>(name).unwrap_or_default();
        let fits = |c: &char| c.is_ascii_alphanumeric() || "-_|*@".contains(*c);
        typed.trim().chars().filter(fits).take(64).collect::<String>()
    };
    let (state, number, parked, before) =
        (word("state"), word("number"), word("parked"), word("before"));
    let is_search = !number.is_empty() || !parked.is_empty();
    let group = GROUPS.iter().find(|(code, _, _)| *code == state).unwrap_or(&GROUPS[0]);
    let states = if is_search { Vec::new() } else { group.2.to_vec() };
    let current = if is_search { "" } else { group.0 };
    let filter = Filter { states, number: number.clone(), parked, before: before.clone() };
    let mut rows = store::page(&app.db, &filter, PAGE_PLUS_ONE).await?;
    let has_more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let here = format!("/admin/refunds?state={current}&number={number}");
    let last = rows.last().filter(|_| has_more);
    let older = last.map(|last| format!("{here}&before={}", last.id));
    Ok(Html::new(ListPage {
        tabs: tabs(current),
        older,
        newer: (!before.is_empty()).then_some(here),
        lines: rows.into_iter().map(Line::from).collect(),
        number,
        may_decide: staff.0.role.may(Permission::DecideMoney),
    }))
}
