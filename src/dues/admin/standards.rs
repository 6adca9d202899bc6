//! 会费标准: the standards by tier and year. A standard that stands is never changed: a new
//! resolution is a new line from its year on, a correction a new version.

use salvo::{Request, Writer as _, handler};
use serde::Serialize;

use crate::{
    dues::{
        standard::USUAL_TIERS,
        store::{self, standard::StandardLine},
    },
    file::{self, Owner, Served, StoredFile},
    kernel::{Fen, money::MoneyError},
    member::{Level, level},
    staff::{Permission, SignedInStaff},
    web::{App, AppError, FormState, Html, Page},
};

pub(super) const FIELDS: &[&str] =
    &["tier", "from_year", "to_year", "yuan", "resolution", "file", "replaces"];

/// `/admin/dues`
#[derive(Debug, Serialize)]
pub struct StandardsPage {
    tiers: Vec<TierRow>,
    free_levels: Vec<String>,
    too_many: bool,
    pub(super) levels: Vec<LevelChoice>,
    may_decide: bool,
    /// The resolution that came with a refused form.
    pub(super) kept: Option<Kept>,
    pub(super) replaces: bool,
    pub(super) form: FormState,
}

/// A file that need not be uploaded again.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    id: String,
    name: String,
}

impl From<&StoredFile> for Kept {
    fn from(file: &StoredFile) -> Self {
        Self { id: file.id.to_string(), name: file.name.clone() }
    }
}

#[derive(Debug, Serialize)]
struct TierRow {
    name: String,
    levels: String,
    standards: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    years: String,
    version: i64,
    amount: Fen,
    resolution: String,
    file_href: String,
    state: &'static str,
    chip: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct LevelChoice {
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
                // Newest first: the first that covers the year is the one in force.
                let is_current = tier.standards.iter().all(|line| line.state != "执行中");
                let is_replaced = lines.iter().any(|other| other.replaces(line));
                tier.standards.push(line_of(line, year, is_current, is_replaced));
            }
        }
        let free = levels.iter().filter(|level| level.tier_id.is_none());
        Self {
            too_many: tiers.len() > USUAL_TIERS,
            free_levels: free.map(|level| level.name.clone()).collect(),
            levels: choices(lines, levels, &[]),
            tiers,
            may_decide,
            kept: None,
            replaces: false,
            form: FormState::blank(FIELDS),
        }
    }
}

fn line_of(line: &StandardLine, year: i64, is_first: bool, is_replaced: bool) -> Line {
    let is_over = line.to_year.is_some_and(|last| last < year);
    let (state, chip) = match () {
        () if is_replaced => ("已更正", "off"),
        () if line.from_year > year => ("未开始", "wait"),
        () if is_over => ("已到期", "off"),
        () if is_first => ("执行中", "ok"),
        () => ("已被替代", "off"),
    };
    let file = line.file_id.as_ref();
    Line {
        years: match line.to_year {
            Some(last) if last == line.from_year => format!("{last} 年"),
            Some(last) => format!("{} 至 {last} 年", line.from_year),
            None => format!("{} 年起", line.from_year),
        },
        version: line.version,
        amount: line.amount,
        resolution: line.resolution.clone(),
        file_href: file
            .map(|_| format!("/admin/dues/standards/{}/resolution", line.id))
            .unwrap_or_default(),
        state,
        chip,
    }
}

pub(super) fn choices(
    lines: &[StandardLine],
    levels: &[Level],
    ticked: &[&str],
) -> Vec<LevelChoice> {
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
            Some(StandardLine {
                id: format!("{tier_id}-{from_year}").parse().ok()?,
                tier: tier.to_owned(),
                tier_id,
                from_year,
                to_year: (from_year == 2026).then_some(2026),
                version: 1,
                amount: Fen::yuan(yuan),
                resolution: "2025年会员代表大会决议".to_owned(),
                file_id: "sample".parse().ok(),
            })
        };
        let given = [
            ("一档", 2027, 60_000),
            ("一档", 2026, 55_000),
            ("一档", 2025, 50_000),
            ("二档", 2025, 30_000),
        ];
        let mut lines: Vec<_> = given.into_iter().filter_map(|(t, y, a)| line(t, y, a)).collect();
        let short = Self::new(&lines, &[], 2026, true);
        lines.extend(["三档", "四档", "五档"].iter().filter_map(|tier| line(tier, 2025, 2000)));
        let mut wrong = Self::new(&lines, &[], 2026, true);
        wrong.form.errors.insert("yuan", MoneyError::Malformed.to_string());
        wrong.kept = Some(Kept { id: "sample".into(), name: "决议.pdf".into() });
        wrong.replaces = true;
        vec![Self::new(&[], &[], 2026, true), short, wrong, Self::new(&lines, &[], 2026, false)]
    }
}

pub(super) async fn page(app: &App, staff: &SignedInStaff) -> Result<StandardsPage, AppError> {
    let lines = store::standard::all(&app.db).await?;
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

/// `GET /admin/dues/standards/{standard}/resolution`
#[handler]
pub async fn resolution(
    app: App,
    staff: SignedInStaff,
    req: &mut Request,
) -> Result<Served, AppError> {
    staff.require(Permission::ReadMoney)?;
    let id = req.param::<String>("standard").and_then(|id| id.parse().ok());
    let standard = store::standard::find(&app.db, &id.ok_or(AppError::NotFound)?).await?;
    let file = standard.and_then(|standard| standard.file_id).ok_or(AppError::NotFound)?;
    let file = file::find(&app.db, &Owner::Association, &file).await?.ok_or(AppError::NotFound)?;
    file::serve(&app, &file).await
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
