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

/// Reads `tier,levels,from_year,yuan,resolution` lines; levels are separated by `|`.
pub fn read_csv(csv: &str) -> Result<Vec<NewStandard>, StandardError> {
    let body = csv.trim_start_matches('\u{feff}');
    let lines = body.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| read_line(line).map_err(|why| StandardError::Line(i + 1, why))).collect()
}

fn read_line(line: &str) -> Result<NewStandard, String> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [tier, levels, from_year, yuan, resolution] = cells[..] else {
        return Err("expected tier,levels,from_year,yuan,resolution".into());
    };
    Ok(NewStandard {
        tier: text::required(tier, 60).map_err(|error| error.to_string())?,
        levels: levels.split('|').map(str::to_owned).filter(|name| !name.is_empty()).collect(),
        from_year: from_year.parse().map_err(|_| format!("{from_year} is no year"))?,
        amount: Fen::parse_yuan(yuan).map_err(|error| error.to_string())?,
        resolution: text::required(resolution, 190).map_err(|error| error.to_string())?,
        to_year: None,
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

/// Imports a whole file; lines that are there already are left as they are. Returns how many
/// standards were new.
pub async fn import(db: &Db, clock: &Clock, ids: &Ids, csv: &str) -> Result<usize, StandardError> {
    let mut added = 0;
    for new in read_csv(csv)? {
        let input = (ids.clone(), clock.now(), new);
        let stored: Result<_, StandardError> =
            db::transaction(db, input, |tx, (ids, now, new)| Box::pin(add(tx, ids, *now, "", new)))
                .await;
        match stored {
            Ok(_) => added += 1,
            Err(StandardError::Exists) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(added)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_mistakes_named() {
        let good = "tier,levels,from_year,yuan,resolution\n一档,会员单位|理事单位,2026,2000,决议\n";
        let read = read_csv(good).unwrap();
        assert_eq!(read[0].levels, ["会员单位", "理事单位"]);
        assert_eq!(read[0].amount, Fen::yuan(2000));
        let bad = read_csv("header\n一档,会员单位,soon,2000,决议");
        assert!(matches!(bad, Err(StandardError::Line(2, _))));
    }
}
