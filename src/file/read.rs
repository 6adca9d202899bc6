//! Reading what was stored: opened, and compared with what was kept about it when it came.

use super::{
    store,
    upload::{place, sha256},
};
use crate::{
    kernel::ids::FileId,
    web::{App, AppError},
};

/// Why a stored file cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It, or a part of it, is gone.
    Missing,
    /// It is not what was uploaded.
    Altered,
}

impl Damage {
    /// In words, for finance.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Missing => "缺失",
            Self::Altered => "已被改动",
        }
    }
}

/// The content of a file, or what is wrong with it.
pub(super) async fn read(app: &App, id: &FileId) -> Result<Result<Vec<u8>, Damage>, AppError> {
    let Some((size, expected)) = store::facts(&app.db, id).await? else {
        return Ok(Err(Damage::Missing));
    };
    let mut whole = Vec::new();
    for position in 0i64.. {
        let Some(chunk) = store::chunk(&app.db, id, position).await? else { break };
        match app.vault.open_bytes(&chunk, &place(id, position)) {
            Ok(mut part) => whole.append(&mut part),
            Err(_) => return Ok(Err(Damage::Altered)),
        }
    }
    let length = i64::try_from(whole.len()).unwrap_or(i64::MAX);
    Ok(match length.cmp(&size) {
        std::cmp::Ordering::Less => Err(Damage::Missing),
        std::cmp::Ordering::Equal if sha256(&whole) == expected => Ok(whole),
        std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Err(Damage::Altered),
    })
}

/// What is wrong with a file; nothing when it is what was uploaded.
pub async fn damage(app: &App, id: &FileId) -> Result<Option<Damage>, AppError> {
    Ok(read(app, id).await?.err())
}
