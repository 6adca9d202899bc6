//! What a reviewer should compare with: other applications and members that name the same mobile.
//! One agent may well serve several units, so this is a hint and no refusal.

use super::{
    Registration,
    store::{self, Kin},
};
use crate::{
    member::store::list::{self, SameMobile},
    web::{App, AppError},
};

/// Enough to be warned.
const MOST: i64 = 100;

/// Everything that shares a mobile with the applications that were looked at.
#[derive(Debug)]
pub(super) struct Related {
    applications: Vec<Kin>,
    members: Vec<SameMobile>,
}

impl Related {
    /// Looks for all of them at once.
    pub(super) async fn find(app: &App, to: &[Registration]) -> Result<Self, AppError> {
        let indexes: Vec<String> = to.iter().flat_map(|one| indexes(app, one)).collect();
        Ok(Self {
            applications: store::same_mobiles(&app.db, &indexes, MOST).await?,
            members: list::same_mobiles(&app.db, &indexes, MOST).await?,
        })
    }

    /// The other applications that share a mobile with this one.
    pub(super) fn applications(&self, app: &App, to: &Registration) -> Vec<&Kin> {
        let own = indexes(app, to);
        let shares = |kin: &&Kin| {
            let theirs = [&kin.legal_mobile_index, &kin.contact_mobile_index];
            kin.id != to.id && theirs.iter().any(|index| own.contains(index))
        };
        self.applications.iter().filter(shares).collect()
    }

    /// The members that share a mobile with this application, other than the one it became.
    pub(super) fn members(&self, app: &App, to: &Registration) -> Vec<&SameMobile> {
        let own = indexes(app, to);
        let shares = |member: &&SameMobile| {
            member.name != to.name && own.contains(&member.contact_mobile_index)
        };
        self.members.iter().filter(shares).collect()
    }
}

fn indexes(app: &App, of: &Registration) -> [String; 2] {
    [&of.legal_mobile, &of.contact_mobile].map(|mobile| app.vault.index(mobile.as_str()))
}
