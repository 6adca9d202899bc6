//! 欠费名单: who owes for a year, with the sums by level.

use std::collections::HashMap;

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use super::{PAGE_SIZE, cut};
use crate::{
    dues::{
        Bill,
        pc::{BillRow, sample_bills},
        store::{LevelArrears, arrears as find, arrears_by_level},
    },
    kernel::{Fen, ids::MemberId},
    member::{self, Level, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, Html, Page},
};

/// Years that can be chosen, the next one included.
const YEARS: i64 = 8;

/// `/admin/dues/arrears`
#[derive(Debug, Serialize)]
pub struct ArrearsPage {
    year: i64,
    level: String,
    years: Vec<Choice>,
    levels: Vec<Choice>,
    sums: Vec<Sum>,
    bills: i64,
    owed: Fen,
    rows: Vec<Row>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Sum {
    level: String,
    bills: i64,
    owed: Fen,
    href: String,
}

#[derive(Debug, Serialize)]
struct Row {
    member: String,
    member_href: String,
    bill_href: String,
    bill: BillRow,
}

impl ArrearsPage {
    fn new((year, this_year): (i64, i64), level: String, levels: &[Level]) -> Self {
        let years = (0..YEARS).map(|back| (this_year + 1 - back).to_string());
        let choice =
            |level: &Level| Choice { value: level.id.to_string(), text: level.name.clone() };
        Self {
            year,
            level,
            years: years.map(|y| Choice { text: format!("{y} 年度"), value: y }).collect(),
            levels: levels.iter().map(choice).collect(),
            sums: Vec::new(),
            bills: 0,
            owed: Fen::ZERO,
            rows: Vec::new(),
            older: None,
            newer: None,
        }
    }

    fn with_sums(mut self, mut sums: Vec<LevelArrears>, levels: &[Level]) -> Self {
        sums.sort_by_key(|sum| levels.iter().position(|level| level.id == sum.level_id));
        self.bills = sums.iter().map(|sum| sum.bills).sum();
        self.owed = Fen::checked_sum(sums.iter().map(|sum| sum.owed)).unwrap_or(Fen::ZERO);
        let year = self.year;
        let sum = |sum: LevelArrears| {
            let level = levels.iter().find(|level| level.id == sum.level_id);
            let href = format!("/admin/dues/arrears?year={year}&level={}", sum.level_id);
            let level = level.map_or_else(|| sum.level_id.to_string(), |level| level.name.clone());
            Sum { level, bills: sum.bills, owed: sum.owed, href }
        };
        self.sums = sums.into_iter().map(sum).collect();
        self
    }
}

fn row(bill: Bill, names: &HashMap<MemberId, String>, levels: &[Level], today: &str) -> Row {
    Row {
        member: names.get(&bill.member_id).cloned().unwrap_or_default(),
        member_href: format!("/admin/dues/members/{}", bill.member_id),
        bill_href: format!("/admin/dues/bills/{}", bill.id),
        bill: BillRow::new(bill, levels, today),
    }
}

impl Page for ArrearsPage {
    const TEMPLATE: &'static str = "admin/dues/arrears.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "欠费名单".into()
    }

    fn samples() -> Vec<Self> {
        let owed = sample_bills().into_iter().filter(|bill| bill.status.is_owed());
        let rows = owed.map(|bill| row(bill, &HashMap::new(), &[], "2027-06-01")).collect();
        let sums = "member".parse().map(|level_id| LevelArrears {
            level_id,
            bills: 2,
            owed: Fen::yuan(3500),
        });
        let full = Self::new((2026, 2026), String::new(), &[]);
        let full = full.with_sums(sums.into_iter().collect(), &[]);
        let older = Some("/admin/dues/arrears?year=2026&level=&before=b".into());
        let newer = Some("/admin/dues/arrears?year=2026&level=".into());
        vec![
            Self { rows, older, newer, ..full },
            Self::new((2026, 2026), String::new(), &[]),
            Self::new((2026, 2026), "member".into(), &[]),
        ]
    }
}

/// `GET /admin/dues/arrears?year=&level=&before=`
#[handler]
pub async fn owing(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Html<ArrearsPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    let today = app.clock.now().date();
    let this_year = i64::from(today.year());
    let year = req.query::<i64>("year").unwrap_or(this_year);
    let levels = level::all(&app.db).await?;
    let wanted = req.query::<String>("level").unwrap_or_default();
    let level = levels.iter().find(|level| level.id.as_str() == wanted).map(|level| &level.id);
    let before = req.query::<String>("before").unwrap_or_default();
    let mut bills = find(&app.db, (year, level), &before, PAGE_SIZE + 1).await?;
    let level = level.map(ToString::to_string).unwrap_or_default();
    let here = format!("/admin/dues/arrears?year={year}&level={level}");
    let older = cut(&mut bills, |bill| format!("{here}&before={}", bill.id));
    let ids: Vec<MemberId> = bills.iter().map(|bill| bill.member_id.clone()).collect();
    let names = member::names(&app.db, &ids).await?;
    let today = today.to_string();
    let page = ArrearsPage::new((year, this_year), level, &levels)
        .with_sums(arrears_by_level(&app.db, year).await?, &levels);
    Ok(Html::new(ArrearsPage {
        rows: bills.into_iter().map(|bill| row(bill, &names, &levels, &today)).collect(),
        older,
        newer: (!before.is_empty()).then_some(here),
        ..page
    }))
}
