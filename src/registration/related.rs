//! What a reviewer should compare with: other applications and members that name the same mobile,
//! the same code, or nearly the same name. One agent may well serve several units, so these are
//! hints and no refusals.

use super::{
    Registration,
    store::kin::{self, Kin},
};
use crate::{
    kernel::text::name_core,
    member::store::list::{self, SameMobile},
    web::{App, AppError},
};

/// Enough to be warned.
const MOST: i64 = 100;

/// Everything that looks like the applications that were looked at.
#[derive(Debug)]
pub(super) struct Related {
    applications: Vec<Kin>,
    members: Vec<SameMobile>,
}

/// What two applications have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Likeness {
    pub is_same_code: bool,
    pub is_same_mobile: bool,
    pub is_like_name: bool,
}

impl Likeness {
    fn is_any(self) -> bool {
        self.is_same_code || self.is_same_mobile || self.is_like_name
    }

    /// In words: `信用代码相同、手机号相同`.
    pub(super) fn words(self) -> String {
        let parts = [
            (self.is_same_code, "信用代码相同"),
            (self.is_same_mobile, "手机号相同"),
            (self.is_like_name, "名称相近"),
        ];
        let said: Vec<&str> =
            parts.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect();
        said.join("、")
    }
}

impl Related {
    /// Looks for all of them at once.
    pub(super) async fn find(app: &App, to: &[Registration]) -> Result<Self, AppError> {
        let mobiles: Vec<String> = to.iter().flat_map(|one| indexes(app, one)).collect();
        let unit_codes: Vec<String> = to.iter().map(|one| one.uscc.to_string()).collect();
        let cores: Vec<String> = to.iter().map(|one| name_core(&one.name)).collect();
        Ok(Self {
            applications: kin::alike(&app.db, (&mobiles, &unit_codes, &cores), MOST).await?,
            members: list::same_mobiles(&app.db, &mobiles, MOST).await?,
        })
    }

    /// The other applications that look like this one.
    pub(super) fn applications(&self, app: &App, to: &Registration) -> Vec<(&Kin, Likeness)> {
        let own = indexes(app, to);
        let core = name_core(&to.name);
        let others = self.applications.iter().filter(|kin| kin.id != to.id);
        let compared = others.map(|kin| {
            let theirs = [&kin.legal_mobile_index, &kin.contact_mobile_index];
            let likeness = Likeness {
                is_same_code: kin.uscc == to.uscc,
                is_same_mobile: theirs.iter().any(|index| own.contains(index)),
                is_like_name: kin.name_core == core,
            };
            (kin, likeness)
        });
        compared.filter(|(_, likeness)| likeness.is_any()).collect()
    }

    /// The members that share a mobile with this application, other than the one it became.
    pub(super) fn members(&self, app: &App, to: &Registration) -> Vec<&SameMobile> {
        let own = indexes(app, to);
        let shares = |member: &&SameMobile| {
            member.name != to.name && own.contains(&member.contact_mobile_index)
        };
        self.members.iter().filter(shares).collect()
    }

    /// What the reviewer should look at first.
    pub(super) fn hints(&self, app: &App, of: &Registration) -> Vec<String> {
        let mut hints = Vec::new();
        if of.status.waits() && of.urged_at.is_some() {
            hints.push("申请人催办".into());
        }
        if of.uscc_doubtful {
            hints.push("信用代码校验位不符".into());
        }
        if of.status.waits() {
            let kin = self.applications(app, of);
            let count = |n: usize, text: &str| (n > 0).then(|| text.replace("{n}", &n.to_string()));
            let same = |pick: fn(&Likeness) -> bool| {
                kin.iter().filter(|(_, likeness)| pick(likeness)).count()
            };
            let members = self.members(app, of).len();
            hints.extend(count(same(|kin| kin.is_same_mobile), "手机号与另外 {n} 份申请相同"));
            hints.extend(count(members, "手机号与 {n} 家会员相同"));
            hints.extend(count(same(|kin| kin.is_like_name), "名称与 {n} 份申请相近"));
            hints.extend(count(same(|kin| kin.is_same_code), "此前有 {n} 份申请"));
        }
        hints
    }
}

/// The members whose names begin with the same core, other than the one it became.
pub(super) async fn named_alike(app: &App, to: &Registration) -> Result<Vec<SameMobile>, AppError> {
    let found = list::beginning_with(&app.db, &name_core(&to.name), 5).await?;
    Ok(found.into_iter().filter(|member| member.name != to.name).collect())
}

fn indexes(app: &App, of: &Registration) -> [String; 2] {
    [&of.legal_mobile, &of.contact_mobile].map(|mobile| app.vault.index(mobile.as_str()))
}
