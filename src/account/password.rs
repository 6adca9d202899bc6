//! A new password: the old one proves who asks, and every session ends.

use super::{Account, SignedIn, sign_in::hash_of, store};
use crate::{
    db,
    kernel::{Secret, password},
    member::Member,
    staff::audit::{self, Entry},
    web::{App, AppError},
};

/// Why the password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The old password is wrong.
    #[error("原密码不正确")]
    WrongOld,
    /// The new one is the old one.
    #[error("新密码不能与原密码相同")]
    Same,
    /// The new one breaks the rule.
    #[error(transparent)]
    Weak(#[from] password::Weakness),
    /// It was changed elsewhere meanwhile.
    #[error("密码刚刚在别处修改过，请重新登录")]
    Meanwhile,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

/// Changes the password and ends all sessions of the account, on every device.
pub async fn change(
    app: &App,
    who: &SignedIn,
    old: &Secret,
    new: &Secret,
    ip: &str,
) -> Result<(), ChangeError> {
    if !app.hasher.verify(old, hash_of(&who.account)).await.map_err(AppError::from)? {
        return Err(ChangeError::WrongOld);
    }
    if old == new {
        return Err(ChangeError::Same);
    }
    check_new(app, &who.member, new)?;
    let password_hash = app.hasher.hash(new, app.ids.salt()).await.map_err(AppError::from)?;
    let change = Change {
        app: app.clone(),
        account: who.account.clone(),
        entry: Entry {
            actor: who.actor(),
            action: "account.password",
            object_kind: "account",
            object_id: who.account.id.to_string(),
            reason: String::new(),
            detail: (),
            ip: ip.to_owned(),
        },
        password_hash,
    };
    db::transaction(&app.db, change, |tx, change| Box::pin(write(tx, change))).await
}

/// The rule for a new password of this unit.
pub(super) fn check_new(
    app: &App,
    member: &Member,
    new: &Secret,
) -> Result<(), password::Weakness> {
    let site = &app.settings.site;
    let known = password::Known {
        numbers: &[
            member.uscc.as_str(),
            member.contact_mobile.as_str(),
            member.legal_mobile.as_str(),
        ],
        names: &[&member.name, &site.name, &site.short_name],
        words: &app.settings.security.forbidden_words,
    };
    password::check_new(new.expose(), known)
}

struct Change {
    app: App,
    account: Account,
    entry: Entry<()>,
    password_hash: String,
}

impl From<db::Error> for ChangeError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

async fn write(tx: &db::Tx, change: &Change) -> Result<(), ChangeError> {
    let Change { app, account, entry, password_hash } = change;
    if !store::change_password(tx, account, password_hash).await? {
        return Err(ChangeError::Meanwhile);
    }
    Ok(audit::record(tx, &app.ids, app.clock.now(), entry).await?)
}
