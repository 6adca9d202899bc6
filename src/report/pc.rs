//! 会员首页 on PC: the unit, this year's dues, what was paid last.

use salvo::{Writer as _, handler};
use serde::Serialize;

use crate::{
    account::SignedIn,
    dues::{self, Bill, Contribution, pc::BillRow},
    kernel::{Fen, Timestamp},
    member::{Level, Member, level},
    offline,
    web::{App, AppError, Html, Page},
};

/// How many of the last contributions are shown.
const LAST: usize = 5;

/// `/`
#[derive(Debug, Serialize)]
pub struct HomePage {
    unit: Unit,
    year: i32,
    this_year: Option<BillRow>,
    arrears: Vec<BillRow>,
    owed: Fen,
    is_exempt: bool,
    waiting: String,
    last: Vec<Paid>,
}

/// The unit as its own people see it.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    /// 单位名称.
    pub name: String,
    /// 会员编号.
    pub no: String,
    /// 会员等级.
    pub level: String,
    /// 入会日期.
    pub joined_on: String,
}

#[derive(Debug, Serialize)]
struct Paid {
    year: i64,
    way: &'static str,
    amount: Fen,
    at: Timestamp,
}

/// What stands in the books about a member.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub bills: Vec<Bill>,
    /// Reports that wait, and reports that were rejected.
    pub offline: (i64, i64),
    pub paid: Vec<Contribution>,
    pub levels: Vec<Level>,
}

/// Reads what stands in the books about a member.
pub(super) async fn facts(app: &App, member: &Member) -> Result<Facts, AppError> {
    Ok(Facts {
        bills: dues::bills_of(&app.db, &member.id).await?,
        offline: offline::undecided_of(&app.db, &member.id).await?,
        paid: dues::contributions_of(&app.db, &member.id).await?,
        levels: level::all(&app.db).await?,
    })
}

/// The unit for the screen.
pub(super) fn unit(member: &Member, levels: &[Level]) -> Unit {
    let level = levels.iter().find(|level| level.id == member.level_id);
    Unit {
        name: member.name.clone(),
        no: member.no.clone(),
        level: level.map(|level| level.name.clone()).unwrap_or_default(),
        joined_on: member.joined_on.to_string(),
    }
}

/// Reported offline payments that finance has not answered, in words; empty when there are none.
pub(super) fn waiting_text((waiting, rejected): (i64, i64)) -> String {
    match (rejected, waiting) {
        (0, 0) => String::new(),
        (0, waiting) => format!("您有 {waiting} 笔线下缴费正在等待秘书处确认"),
        (rejected, _) => format!("您有 {rejected} 笔线下缴费被驳回，请修改后重新提交"),
    }
}

impl HomePage {
    fn new(unit: Unit, facts: &Facts, year: i32, today: &str) -> Self {
        let row = |bill: &Bill| BillRow::new(bill.clone(), &facts.levels, today);
        let is_this = |bill: &&Bill| bill.year == i64::from(year);
        let live = |bill: &&Bill| bill.status != dues::BillStatus::Void;
        let owed = facts.bills.iter().filter(|bill| bill.status.is_owed());
        let arrears = owed.clone().filter(|bill| bill.year < i64::from(year)).map(row).collect();
        let this_year = facts.bills.iter().filter(live).find(is_this).map(row);
        Self {
            is_exempt: this_year.is_none(),
            unit,
            year,
            this_year,
            arrears,
            owed: Fen::checked_sum(owed.map(Bill::remaining)).unwrap_or(Fen::ZERO),
            waiting: waiting_text(facts.offline),
            last: last(&facts.paid),
        }
    }
}

fn last(paid: &[Contribution]) -> Vec<Paid> {
    let mut newest: Vec<&Contribution> =
        paid.iter().filter(|paid| paid.reversed_ms.is_none()).collect();
    newest.sort_by_key(|paid| std::cmp::Reverse(paid.created_ms));
    let line = |paid: &Contribution| Paid {
        year: paid.year,
        way: if paid.source_kind == "payment" { "线上缴费" } else { "线下缴费" },
        amount: paid.amount,
        at: paid.created_ms,
    };
    newest.into_iter().take(LAST).map(line).collect()
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "pages/report/home.html";
    const MENU: &'static str = "home";

    fn title(&self) -> String {
        "会员首页".into()
    }

    fn samples() -> Vec<Self> {
        let years = [2027, 2026, 2025, 2024, 2023];
        let page = |facts: &Facts, year| Self::new(sample_unit(), facts, year, "2026-11-24");
        let mut all: Vec<Self> =
            years.into_iter().map(|year| page(&sample_facts(), year)).collect();
        all.push(page(&Facts::default(), 2026));
        all
    }
}

/// A unit.
pub(super) fn sample_unit() -> Unit {
    Unit {
        name: "示例科技有限公司".into(),
        no: "M2026000001".into(),
        level: "会员单位".into(),
        joined_on: "2026-03-01".into(),
    }
}

/// Books with bills in every state.
pub(super) fn sample_facts() -> Facts {
    let bills = dues::pc::sample_bills();
    let paid = |(bill, kind): (&Bill, &str)| Contribution {
        source_kind: kind.into(),
        source_id: "sample".into(),
        bill_id: bill.id.clone(),
        bill_no: bill.no.clone(),
        year: bill.year,
        item: bill.item.clone(),
        amount: bill.due,
        created_ms: Timestamp::from_millis(1_764_000_000_000),
        taken_back: Fen::ZERO,
        reversed_ms: None,
    };
    let paid = bills.iter().skip(1).zip(["offline", "payment"]).map(paid).collect();
    Facts { bills, paid, ..Facts::default() }
}

/// `GET /`
#[handler]
pub async fn home(app: App, who: SignedIn) -> Result<Html<HomePage>, AppError> {
    let facts = facts(&app, &who.member).await?;
    let now = app.clock.now();
    let unit = unit(&who.member, &facts.levels);
    Ok(Html::new(HomePage::new(unit, &facts, now.year(), &now.date().to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrears_are_owed_bills_of_earlier_years() {
        let page = HomePage::new(sample_unit(), &sample_facts(), 2027, "2027-01-01");
        assert_eq!(page.arrears.iter().map(|bill| bill.year).collect::<Vec<_>>(), [2026]);
        assert_eq!(page.owed, Fen::yuan(3500));
        assert_eq!(page.this_year.unwrap().year, 2027);
    }

    #[test]
    fn a_voided_bill_is_no_bill() {
        let page = HomePage::new(sample_unit(), &sample_facts(), 2023, "2023-01-01");
        assert!(page.this_year.is_none() && page.is_exempt);
    }
}
