//! SQL of what looks like the same unit: the same mobile, the same code, a similar name.

use serde::Deserialize;

use super::Status;
use crate::{
    db::{self, Run, marks},
    kernel::{Uscc, ids::RegistrationId},
};

/// Another application, as far as a comparison needs it.
#[derive(Debug, Deserialize)]
pub(in crate::registration) struct Kin {
    pub id: RegistrationId,
    pub name: String,
    pub name_core: String,
    pub uscc: Uscc,
    pub status: Status,
    pub legal_mobile_index: String,
    pub contact_mobile_index: String,
}

const COLUMNS: &str = "id, name, name_core, uscc, status, legal_mobile_index, contact_mobile_index";

/// The newest applications whose column is one of the texts. `column` is a name of ours, and each
/// has its index.
async fn among(
    db: &impl Run,
    column: &'static str,
    texts: &[String],
    most: i64,
) -> Result<Vec<Kin>, db::Error> {
    let sql = format!(
        "select {COLUMNS} from registration where {column} in ({}) order by id desc limit ?",
        marks(texts.len())
    );
    let mut values: Vec<_> = texts.iter().map(db::bind).collect();
    values.push(db::bind(&most));
    db.fetch(&sql, values).await
}

/// The newest applications that share a mobile (given by its index), a code or the core of a name
/// with what is looked at.
pub(in crate::registration) async fn alike(
    db: &impl Run,
    (mobiles, unit_codes, cores): (&[String], &[String], &[String]),
    most: i64,
) -> Result<Vec<Kin>, db::Error> {
    let mut found = among(db, "legal_mobile_index", mobiles, most).await?;
    let more = [("contact_mobile_index", mobiles), ("uscc", unit_codes), ("name_core", cores)];
    for (column, texts) in more {
        for kin in among(db, column, texts, most).await? {
            if found.iter().all(|known| known.id != kin.id) {
                found.push(kin);
            }
        }
    }
    Ok(found)
}
