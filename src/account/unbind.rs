//! 微信解绑: the binding ends, and with it every session. The next scan binds anew.

use super::{SignedIn, rescue, sign_in::hash_of, store};
use crate::{
    db,
    kernel::{Secret, ids::AccountId},
    staff::audit::{self, Entry},
    web::{App, AppError},
};

/// Why the WeChat stays bound.
#[derive(Debug, thiserror::Error)]
pub enum UnbindError {
    /// The password is wrong: a session left open is not enough.
    #[error("密码不正确，微信没有解绑")]
    WrongPassword,
    /// Nothing is bound, or it was unbound meanwhile.
    #[error("当前没有绑定微信")]
    NotBound,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for UnbindError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Unbinds the member's own WeChat, after the password once more.
pub async fn unbind(
    app: &App,
    who: &SignedIn,
    password: &Secret,
    ip: &str,
) -> Result<(), UnbindError> {
    if !app.hasher.verify(password, hash_of(&who.account)).await.map_err(AppError::from)? {
        return Err(UnbindError::WrongPassword);
    }
    let entry = Entry {
        actor: who.actor(),
        action: "wechat.unbind",
        object_kind: "account",
        object_id: who.account.id.to_string(),
        reason: String::new(),
        detail: (),
        ip: ip.to_owned(),
    };
    let ending = Ending { app: app.clone(), account: who.account.id.clone(), entry };
    db::transaction(&app.db, ending, |tx, ending| Box::pin(write(tx, ending))).await
}

struct Ending {
    app: App,
    account: AccountId,
    entry: Entry<()>,
}

async fn write(tx: &db::Tx, ending: &Ending) -> Result<(), UnbindError> {
    let Ending { app, account, entry } = ending;
    let now = app.clock.now();
    if !store::end_binding(tx, account, "member", now).await? {
        return Err(UnbindError::NotBound);
    }
    store::end_sessions(tx, account).await?;
    rescue::obsolete(tx, account).await?;
    Ok(audit::record(tx, &app.ids, now, entry).await?)
}
