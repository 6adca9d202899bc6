//! A login name that has no account. Its password is looked at exactly once, like that of a known
//! one: against the hash that stands in for it, if the caller knows one, else against nobody's.

use super::{Credentials, Refusal, tries};
use crate::web::{App, AppError};

/// Somebody with a login name that has no account, before the password is looked at.
#[derive(Debug)]
#[must_use = "its password has not been looked at, which an answer's time would tell"]
pub struct Stranger {
    from: Credentials,
}

impl Stranger {
    pub(super) const fn new(from: Credentials) -> Self {
        Self { from }
    }

    /// Looks at the password; `stand_in` is the hash of whatever else the name may stand for.
    /// `Ok(Ok(()))`: it is the one that was hashed.
    pub async fn settle(
        self,
        app: &App,
        stand_in: Option<String>,
    ) -> Result<Result<(), Refusal>, AppError> {
        let from = &self.from;
        if let Some(locked) = tries::stranger_lock(app, from).await? {
            return Ok(Err(Refusal::of(app, locked, from).await?));
        }
        let count = tries::take_stranger(app, from).await?;
        if app.hasher.verify(&from.password, stand_in).await? {
            tries::forgive_stranger(app, from).await?;
            return Ok(Ok(()));
        }
        let wrong = tries::wrong_stranger(app, from, count).await?;
        Ok(Err(Refusal::of(app, wrong, from).await?))
    }
}
