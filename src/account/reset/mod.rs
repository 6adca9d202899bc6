//! A new password without the old one, proven in one of two ways: the bound WeChat
//! ([`by_wechat`], [`by_phone`]), or a code of the secretariat ([`by_code`]), which has taken the
//! old password away and never sees the new one. Every session ends with it.

pub mod by_code;
pub mod by_phone;
pub mod by_wechat;

use super::{Account, code, password::check_new, store};
use crate::{
    db,
    kernel::{Secret, password},
    member::{self, Member},
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Why the password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The new one breaks the rule.
    #[error(transparent)]
    Weak(#[from] password::Weakness),
    /// Account and code do not fit, or the code is used or too old; which one is nobody's business.
    #[error("账号或重置码不正确，或者重置码已失效。请核对，或联系秘书处重新发放")]
    WrongCode,
    /// The proof is used or too old, or the account changed meanwhile.
    #[error("验证已失效，请重新验证")]
    Over,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for ResetError {
    fn from(error: db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// What proved who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    Code,
    Wechat,
    Phone,
}

impl Proof {
    const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Wechat => "scan",
            Self::Phone => "phone",
        }
    }
}

struct New {
    app: App,
    account: Account,
    member: Member,
    password_hash: String,
    proof: Proof,
    code: Option<code::Right>,
    ip: String,
}

/// Checks the rule, as every new password is.
async fn checked(
    app: &App,
    account: &Account,
    password: &Secret,
) -> Result<(Member, String), ResetError> {
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    let member =
        member.ok_or_else(|| AppError::Fault(format!("account {} has no member", account.id)))?;
    check_new(app, &member, password)?;
    let hash = app.hasher.hash(password, app.ids.salt()).await.map_err(AppError::from)?;
    Ok((member, hash))
}

/// Sets the new password.
async fn set(
    app: &App,
    account: &Account,
    password: &Secret,
    (proof, code): (Proof, Option<code::Right>),
    ip: &str,
) -> Result<(), ResetError> {
    let (member, password_hash) = checked(app, account, password).await?;
    let new = New {
        app: app.clone(),
        account: account.clone(),
        member,
        password_hash,
        proof,
        code,
        ip: ip.to_owned(),
    };
    db::transaction(&app.db, new, |tx, new| Box::pin(write(tx, new))).await
}

async fn write(tx: &db::Tx, new: &New) -> Result<(), ResetError> {
    let New { app, account, member, password_hash, proof, code, ip } = new;
    let now = app.clock.now();
    if let Some(code) = code
        && !store::code::spend(tx, &code.id, now).await?
    {
        return Err(ResetError::WrongCode);
    }
    if !store::change_password(tx, account, password_hash).await? {
        return Err(ResetError::Over);
    }
    store::code::withdraw(tx, &account.id, code::Purpose::Reset.code()).await?;
    store::device::unlock_all(tx, &account.id).await?;
    let entry = Entry {
        actor: Actor::Member(account.id.clone()),
        action: "account.password-reset",
        object_kind: "account",
        object_id: account.id.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "by": proof.word() }),
        ip: ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    let object = app.ids.next(now);
    let told = Notice {
        topic: Topic::PasswordReset,
        member: Some(&member.id),
        object: &object,
        facts: serde_json::json!({ "by": proof.word(), "ip": ip, "at": now.to_minute() }),
    };
    Ok(notice::queue(tx, &app.ids, now, told).await?)
}
