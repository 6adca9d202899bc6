//! 会费标准: the standards by tier and year, and the form that adds one. A standard that stands is
//! never changed: a new resolution is a new line from its year on.

mod form;

use salvo::{Writer as _, handler};
use serde::Serialize;

pub use form::add;

use super::store::{self, StandardLine};
use crate::{
    kernel::{Fen, money::MoneyError},
    member::{Level, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

const FIELDS: &[&str] = &["tier", "from_year", "yuan", "resolution"];

/// Associations may keep at most four tiers (社会团体会费管理 practice; more is a warning only).
const USUAL_TIERS: usize = 4;

/// `/admin/dues`
#[derive(Debug, Serialize)]
pub struct StandardsPage {
    tiers: Vec<TierRow>,
    free_levels: Vec<String>,
    too_many: bool,
    levels: Vec<LevelChoice>,
    may_decide: bool,
    form: FormState,
}

#[derive(Debug, Serialize)]
struct TierRow {
    name: String,
    levels: String,
    standards: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    from_year: i64,
    amount: Fen,
    resolution: String,
    state: &'static str,
    chip: &'static str,
}

#[derive(Debug, Serialize)]
struct LevelChoice {
    name: String,
    note: String,
    ticked: bool,
}

impl StandardsPage {
    fn new(lines: &[StandardLine], levels: &[Level], year: i64, may_decide: bool) -> Self {
        let mut tiers: Vec<TierRow> = Vec::new();
        for line in lines {
            if tiers.last().is_none_or(|tier| tier.name != line.tier) {
                let of_tier = levels.iter().filter(|l| l.tier_id.as_ref() == Some(&line.tier_id));
                let names: Vec<&str> = of_tier.map(|level| level.name.as_str()).collect();
                let (name, levels) = (line.tier.clone(), names.join("、"));
                tiers.push(TierRow { name, levels, standards: Vec::new() });
            }
            if let Some(tier) = tiers.last_mut() {
                // Newest first: the first that has begun is the one in force.
                let is_current = tier.standards.iter().all(|line| line.state == "未开始");
                tier.standards.push(line_of(line, year, is_current));
            }
        }
        let free = levels.iter().filter(|level| level.tier_id.is_none());
        Self {
            too_many: tiers.len() > USUAL_TIERS,
            free_levels: free.map(|level| level.name.clone()).collect(),
            levels: choices(lines, levels, &[]),
            tiers,
            may_decide,
            form: FormState::blank(FIELDS),
        }
    }
}

fn line_of(line: &StandardLine, year: i64, is_first: bool) -> Line {
    let (state, chip) = match (line.from_year > year, is_first) {
        (true, _) => ("未开始", "wait"),
        (false, true) => ("执行中", "ok"),
        (false, false) => ("已被替代", "off"),
    };
    let (from_year, amount, resolution) = (line.from_year, line.amount, line.resolution.clone());
    Line { from_year, amount, resolution, state, chip }
}

fn choices(lines: &[StandardLine], levels: &[Level], ticked: &[&str]) -> Vec<LevelChoice> {
    let choice = |level: &Level| {
        let tier = lines.iter().find(|line| Some(&line.tier_id) == level.tier_id.as_ref());
        LevelChoice {
            name: level.name.clone(),
            note: tier.map_or_else(|| "不收会费".into(), |line| format!("现属{}", line.tier)),
            ticked: ticked.contains(&level.name.as_str()),
        }
    };
    levels.iter().map(choice).collect()
}

impl Page for StandardsPage {
    const TEMPLATE: &'static str = "admin/dues/standards.html";
    const MENU: &'static str = "dues";

    fn title(&self) -> String {
        "会费标准".into()
    }

    fn samples() -> Vec<Self> {
        let line = |tier: &str, from_year, yuan| {
            let tier_id = crate::kernel::vault::hex(tier.as_bytes()).parse().ok()?;
            let (tier, resolution) = (tier.to_owned(), "2025年会员代表大会决议".to_owned());
            Some(StandardLine { tier, from_year, amount: Fen::yuan(yuan), resolution, tier_id })
        };
        let given = [("一档", 2027, 60_000), ("一档", 2025, 50_000), ("二档", 2025, 30_000)];
        let mut lines: Vec<_> = given.into_iter().filter_map(|(t, y, a)| line(t, y, a)).collect();
        let short = Self::new(&lines, &[], 2026, true);
        lines.extend(["三档", "四档", "五档"].iter().filter_map(|tier| line(tier, 2025, 2000)));
        let mut wrong = Self::new(&lines, &[], 2026, true);
        wrong.form.errors.insert("yuan", MoneyError::Malformed.to_string());
        vec![Self::new(&[], &[], 2026, true), short, wrong, Self::new(&lines, &[], 2026, false)]
    }
}

async fn page(app: &App, staff: &SignedInStaff) -> Result<StandardsPage, AppError> {
    let lines = store::standards(&app.db).await?;
    let levels = level::all(&app.db).await?;
    let year = i64::from(app.clock.now().year());
    let may_decide = staff.0.role.may(Permission::DecideMoney);
    Ok(StandardsPage::new(&lines, &levels, year, may_decide))
}

/// `GET /admin/dues`
#[handler]
pub async fn list(app: App, staff: SignedInStaff) -> Result<Html<StandardsPage>, AppError> {
    staff.require(Permission::ReadMoney)?;
    Ok(Html::new(page(&app, &staff).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_standard_of_a_tier_is_in_force() {
        for page in StandardsPage::samples() {
            for tier in &page.tiers {
                let current = tier.standards.iter().filter(|line| line.state == "执行中");
                assert_eq!(current.count(), 1, "{}", tier.name);
            }
        }
        let many = &StandardsPage::samples()[2];
        assert!(many.too_many, "the fifth tier is warned about");
    }
}
