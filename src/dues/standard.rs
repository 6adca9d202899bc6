//! 会费标准: adopted by the general assembly, kept by tier and first year.

use super::{model::Standard, store};
use crate::{
    db::{self, Db, Run},
    kernel::{
        Clock, Fen, Ids, Timestamp,
        ids::{FileId, StandardId, TierId},
        money::MoneyError,
        text,
    },
    member::level,
};

/// One line of an import or of the admin form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStandard {
    /// 档次.
    pub tier: String,
    /// Names of the levels that belong to the tier.
    pub levels: Vec<String>,
    /// First year.
    pub from_year: i64,
    /// Last year; none means until another standard begins.
    pub to_year: Option<i64>,
    /// Per year, fen.
    pub amount: Fen,
    /// The resolution of the general assembly.
    pub resolution: String,
    /// The resolution as a file of the association.
    pub file: Option<FileId>,
    /// True when it may stand in for one of the same tier and year.
    pub replaces: bool,
}

/// Why a standard was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StandardError {
    /// A line of the file cannot be read; lines count from 1.
    #[error("line {0}: {1}")]
    Line(usize, String),
    /// The tier has a standard for that year; standards are never changed silently.
    #[error("该档次在这一年度已有标准；如需更正，请勾选“作为新版本代替”")]
    Exists,
    /// The amount is unreadable.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// The database refused.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// More tiers than the guidance for associations' dues knows (requirements B).
pub const USUAL_TIERS: usize = 4;

/// The columns of an import; `to_year` may be left out. Levels are separated by `|`.
const COLUMNS: [&str; 6] = ["tier", "levels", "from_year", "to_year", "yuan", "resolution"];

/// Reads lines below a header that names the columns, in any order.
pub fn read_csv(csv: &str) -> Result<Vec<NewStandard>, StandardError> {
    let body = csv.trim_start_matches('\u{feff}');
    let header: Vec<&str> =
        body.lines().next().unwrap_or_default().split(',').map(str::trim).collect();
    let wanted = |name: &&&str| **name != "to_year";
    if let Some(missing) = COLUMNS.iter().filter(wanted).find(|name| !header.contains(name)) {
        return Err(StandardError::Line(1, format!("there is no column {missing}")));
    }
    let lines = body.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(i, line)| read_line(&header, line).map_err(|why| StandardError::Line(i + 1, why)))
        .collect()
}

fn read_line(header: &[&str], line: &str) -> Result<NewStandard, String> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    if cells.len() != header.len() {
        return Err(format!("{} cells wanted, {} found", header.len(), cells.len()));
    }
    let cell = |name: &str| {
        let at = header.iter().position(|column| *column == name);
        at.map_or("", |at| cells[at])
    };
    let year = |name: &str| {
        let typed = cell(name);
        typed.parse::<i64>().map_err(|_| format!("{typed} is no year"))
    };
    let from_year = year("from_year")?;
    let to_year = if cell("to_year").is_empty() { None } else { Some(year("to_year")?) };
    if to_year.is_some_and(|last| last < from_year) {
        return Err(format!("it ends in {} before it begins", cell("to_year")));
    }
    let levels = cell("levels").split('|').map(str::trim).filter(|name| !name.is_empty());
    Ok(NewStandard {
        tier: text::required(cell("tier"), 60).map_err(|error| error.to_string())?,
        levels: levels.map(str::to_owned).collect(),
        from_year,
        amount: Fen::parse_yuan(cell("yuan")).map_err(|error| error.to_string())?,
        resolution: text::required(cell("resolution"), 190).map_err(|error| error.to_string())?,
        to_year,
        file: None,
        replaces: false,
    })
}

/// Stores a standard; makes the tier if it is new, and puts the named levels into it. Nothing that
/// stands is changed: a correction is the next version of the same tier and year.
pub async fn add(
    tx: &impl Run,
    ids: &Ids,
    now: Timestamp,
    by: &str,
    new: &NewStandard,
) -> Result<Standard, StandardError> {
    let tier_id = if let Some(tier) = store::standard::tier_by_name(tx, &new.tier).await? {
        tier
    } else {
        let tier = TierId::new(ids, now);
        store::standard::insert_tier(tx, &tier, &new.tier).await?;
        tier
    };
    let last = store::standard::last_version(tx, &tier_id, new.from_year).await?;
    if last > 0 && !new.replaces {
        return Err(StandardError::Exists);
    }
    let names: Vec<&str> = new.levels.iter().map(String::as_str).collect();
    level::set_tier(tx, &names, &tier_id).await?;
    let standard = Standard {
        id: StandardId::new(ids, now),
        tier_id,
        from_year: new.from_year,
        to_year: new.to_year,
        version: last + 1,
        amount: new.amount,
        resolution: new.resolution.clone(),
        file_id: new.file.clone(),
    };
    match store::standard::insert(tx, &standard, by, now).await {
        Ok(()) => Ok(standard),
        // Somebody else stored one at the same instant.
        Err(error) if error.is_duplicate() => Err(StandardError::Exists),
        Err(error) => Err(error.into()),
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New standards.
    pub added: usize,
    /// What its operator should look at, a sentence each.
    pub warnings: Vec<String>,
}

/// Imports a whole file; lines that are there already are left as they are.
pub async fn import(
    db: &Db,
    clock: &Clock,
    ids: &Ids,
    csv: &str,
) -> Result<Imported, StandardError> {
    let mut done = Imported::default();
    let known = level::all(db).await?;
    for new in read_csv(csv)? {
        let strange = new.levels.iter().filter(|name| known.iter().all(|it| it.name != **name));
        let words = |name| format!("there is no level {name}; it was not put into {}", new.tier);
        done.warnings.extend(strange.map(words));
        let input = (ids.clone(), clock.now(), new.clone());
        let stored: Result<_, StandardError> =
            db::transaction(db, input, |tx, (ids, now, new)| Box::pin(add(tx, ids, *now, "", new)))
                .await;
        match stored {
            Ok(_) => done.added += 1,
            Err(StandardError::Exists) => done.warnings.extend(other(db, &new).await?),
            Err(error) => return Err(error),
        }
    }
    let mut tiers: Vec<_> = store::standard::all(db).await?;
    tiers.dedup_by(|a, b| a.tier_id == b.tier_id);
    if tiers.len() > USUAL_TIERS {
        let count = tiers.len();
        done.warnings.push(format!(
            "there are {count} tiers; associations are told to have at most {USUAL_TIERS}"
        ));
    }
    Ok(done)
}

/// A line that is there already, but says something else.
async fn other(db: &Db, new: &NewStandard) -> Result<Option<String>, db::Error> {
    let all = store::standard::all(db).await?;
    let same =
        |it: &&store::standard::StandardLine| it.tier == new.tier && it.from_year == new.from_year;
    // The latest version comes first.
    let Some(standing) = all.iter().find(same) else { return Ok(None) };
    let differs = standing.amount != new.amount || standing.to_year != new.to_year;
    Ok(differs.then(|| {
        format!(
            "{} of {} stands with {} yuan and was left as it is; correct it on the page of dues \
             standards, as a new version",
            new.tier,
            new.from_year,
            standing.amount.plain()
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_mistakes_named() {
        let good = "tier,levels,from_year,yuan,resolution\n一档,会员单位|理事单位,2026,2000,决议\n";
        let read = read_csv(good).unwrap();
        assert_eq!(read[0].levels, ["会员单位", "理事单位"]);
        assert_eq!((read[0].amount, read[0].to_year), (Fen::yuan(2000), None));
        let dated = "resolution,tier,levels,yuan,from_year,to_year\n决议,一档,,5.5,2026,2028\n";
        let read = read_csv(dated).unwrap();
        assert_eq!((read[0].from_year, read[0].to_year), (2026, Some(2028)));
        assert_eq!((read[0].amount, read[0].levels.len()), (Fen::new(550), 0));
    }

    #[test]
    fn what_is_no_standard_is_refused_with_its_line() {
        let head = "tier,levels,from_year,to_year,yuan,resolution";
        for (body, line) in [
            ("一档,会员单位,soon,,2000,决议", 2),
            ("\n一档,会员单位,2026,2025,2000,决议", 3),
            ("一档,会员单位,2026,later,2000,决议", 2),
            ("一档,会员单位,2026,2000,决议", 2),
            ("一档,会员单位,2026,,free,决议", 2),
        ] {
            let bad = read_csv(&format!("{head}\n{body}"));
            assert!(
                matches!(bad, Err(StandardError::Line(at, _)) if at == line),
                "{body}: {bad:?}"
            );
        }
        assert!(matches!(read_csv("a,b\n1,2"), Err(StandardError::Line(1, _))));
    }
}
