//! What the secretariat does to a member's account: each act with its reason, an audit row, and at
//! once. Nobody here ever sees a password; codes are shown once and stored as an index.

use super::{Account, code, rescue, store};
use crate::{
    db,
    notice::{self, Notice, Topic},
    staff::{
        SignedInStaff,
        audit::{self, Entry},
    },
    web::{App, AppError},
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 解锁.
    Unlock,
    /// 重置密码: the old one is dead, a one-time code sets a new one.
    ResetPassword,
    /// 绑定码: what a first WeChat may need besides the password.
    BindCode,
    /// 微信解绑: the next scan binds anew.
    Unbind,
    /// 退出所有设备.
    SignOut,
    /// 停用.
    Freeze,
    /// 恢复.
    Unfreeze,
}

impl Act {
    /// Every act, by its word in the address.
    pub const ALL: [(&'static str, Self); 7] = [
        ("unlock", Self::Unlock),
        ("reset-password", Self::ResetPassword),
        ("bind-code", Self::BindCode),
        ("unbind", Self::Unbind),
        ("sign-out", Self::SignOut),
        ("freeze", Self::Freeze),
        ("unfreeze", Self::Unfreeze),
    ];

    /// The act of an address.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, act)| act)
    }

    const fn audited(self) -> &'static str {
        match self {
            Self::Unlock => "account.unlock",
            Self::ResetPassword => "account.password-taken",
            Self::BindCode => "account.bind-code",
            Self::Unbind => "wechat.revoke",
            Self::SignOut => "account.sign-out-all",
            Self::Freeze => "account.freeze",
            Self::Unfreeze => "account.unfreeze",
        }
    }

    /// What the list of events on the page calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unlock => "解锁",
            Self::ResetPassword => "重置密码",
            Self::BindCode => "发放绑定码",
            Self::Unbind => "解绑微信",
            Self::SignOut => "退出所有设备",
            Self::Freeze => "停用账号",
            Self::Unfreeze => "恢复账号",
        }
    }
}

/// Who acts, from where and why.
#[derive(Clone, Debug)]
pub struct Order {
    /// Who.
    pub by: SignedInStaff,
    /// From where.
    pub ip: String,
    /// Why.
    pub reason: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done; this code is shown now and never again.
    Code(String),
    /// There was nothing to do: it is so already.
    Nothing,
}

/// Does it.
pub async fn act(
    app: &App,
    account: &Account,
    act: Act,
    order: Order,
) -> Result<Outcome, AppError> {
    let input = (app.clone(), account.clone(), act, order);
    db::transaction(&app.db, input, |tx, (app, account, act, order)| {
        Box::pin(write(tx, app, account, (*act, order)))
    })
    .await
}

async fn write(
    tx: &db::Tx,
    app: &App,
    account: &Account,
    (act, order): (Act, &Order),
) -> Result<Outcome, AppError> {
    let outcome = change(tx, app, account, (act, order)).await?;
    if outcome == Outcome::Nothing {
        return Ok(outcome);
    }
    let entry = Entry {
        actor: order.by.actor(),
        action: act.audited(),
        object_kind: "account",
        object_id: account.id.to_string(),
        reason: order.reason.clone(),
        detail: before(account),
        ip: order.ip.clone(),
    };
    audit::record(tx, &app.ids, app.clock.now(), &entry).await?;
    Ok(outcome)
}

fn before(account: &Account) -> serde_json::Value {
    serde_json::json!({ "before": {
        "is_active": account.is_active, "failed": account.failed_count,
        "locked_until": account.locked_until,
    } })
}

async fn change(
    tx: &db::Tx,
    app: &App,
    account: &Account,
    (act, order): (Act, &Order),
) -> Result<Outcome, AppError> {
    let (id, by) = (&account.id, order.by.0.id.as_str());
    match act {
        Act::Unlock => {
            store::clear_failures(tx, id).await?;
            store::device::unlock_all(tx, id).await?;
        }
        Act::ResetPassword => {
            store::take_password_away(tx, id).await?;
            store::device::forget_all(tx, id).await?;
            tell(tx, app, account, Topic::PasswordReset, "secretariat").await?;
            let code = code::issue(tx, app, id, code::Purpose::Reset, by).await?;
            return Ok(Outcome::Code(code));
        }
        Act::BindCode => {
            let code = code::issue(tx, app, id, code::Purpose::Bind, by).await?;
            return Ok(Outcome::Code(code));
        }
        Act::Unbind => {
            if !store::end_binding(tx, id, "secretariat", app.clock.now()).await? {
                return Ok(Outcome::Nothing);
            }
            store::end_sessions(tx, id).await?;
            store::device::forget_all(tx, id).await?;
            rescue::obsolete(tx, id).await?;
        }
        Act::SignOut => store::end_sessions(tx, id).await?,
        Act::Freeze | Act::Unfreeze => {
            if !store::set_active(tx, id, act == Act::Unfreeze).await? {
                return Ok(Outcome::Nothing);
            }
        }
    }
    Ok(Outcome::Done)
}

async fn tell(
    tx: &db::Tx,
    app: &App,
    account: &Account,
    topic: Topic,
    by: &'static str,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let object = app.ids.next(now);
    let told = Notice {
        topic,
        member: Some(&account.member_id),
        object: &object,
        facts: serde_json::json!({ "by": by, "at": now.to_minute() }),
    };
    Ok(notice::queue(tx, &app.ids, now, told).await?)
}
