//! 会员首页 on the phone: what is owed, how far the rest is, where to go.

use salvo::{Writer as _, handler};
use serde::Serialize;

use super::pc::{self, Facts, Unit};
use crate::{
    account::SignedIn,
    dues::{Bill, pc::BillRow},
    kernel::Fen,
    web::{App, AppError, Html, Page, Surface},
};

/// How many settled bills are shown.
const LAST: usize = 5;

/// `/h5/`
#[derive(Debug, Serialize)]
pub struct HomePage {
    unit: Unit,
    open: Vec<BillRow>,
    settled: Vec<BillRow>,
    owed: Fen,
    waiting: String,
}

impl HomePage {
    fn new(unit: Unit, facts: &Facts, today: &str) -> Self {
        let row = |bill: &Bill| BillRow::new(bill.clone(), &facts.levels, today);
        let open: Vec<BillRow> =
            facts.bills.iter().rev().filter(|bill| bill.status.is_owed()).map(row).collect();
        let settled = facts.bills.iter().filter(|bill| !bill.status.is_owed());
        Self {
            unit,
            settled: settled.take(LAST).map(row).collect(),
            owed: Fen::checked_sum(open.iter().map(|row| row.remaining)).unwrap_or(Fen::ZERO),
            open,
            waiting: pc::waiting_text(facts.offline),
        }
    }
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "pages/report/home.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会员首页".into()
    }

    fn samples() -> Vec<Self> {
        let mut waiting = Self::new(pc::sample_unit(), &Facts::default(), "2026-11-24");
        waiting.waiting = "您有 1 笔线下缴费正在等待秘书处确认".into();
        vec![Self::new(pc::sample_unit(), &pc::sample_facts(), "2026-11-24"), waiting]
    }
}

/// `GET /h5/`
#[handler]
pub async fn home(app: App, who: SignedIn) -> Result<Html<HomePage>, AppError> {
    let facts = pc::facts(&app, &who.member).await?;
    let today = app.clock.now().date().to_string();
    let unit = pc::unit(&who.member, &facts.levels);
    Ok(Html::new(HomePage::new(unit, &facts, &today)))
}
