//! 换绑申请: the bound WeChat is lost. The password proves who asks, evidence is looked at by the
//! secretariat, and an approval waits a day, in which the old WeChat is told and may still sign in,
//! which withdraws the request. Then the binding ends, and the next scan binds anew.

mod decide;
mod effect;

pub use decide::{Decision, decide};
pub(super) use effect::{obsolete, withdraw};
pub use effect::{settle, take_due};

use serde::{Deserialize, Serialize};

use super::{PreAuth, store};
use crate::{
    db, file,
    kernel::{
        Timestamp,
        ids::{AccountId, FileId, MemberId},
    },
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The secretariat has not looked at it.
    Waiting,
    /// Approved; the pause runs.
    Cooling,
    /// The old WeChat is unbound.
    Done,
    /// The secretariat refused.
    Rejected,
    /// The old WeChat signed in meanwhile.
    Withdrawn,
}

impl Status {
    /// The word on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待核验",
            Self::Cooling => "冷静期",
            Self::Done => "已生效",
            Self::Rejected => "已驳回",
            Self::Withdrawn => "已撤销",
        }
    }

    /// The kind of its chip.
    pub const fn chip(self) -> &'static str {
        match self {
            Self::Waiting | Self::Cooling => "wait",
            Self::Done => "ok",
            Self::Rejected => "no",
            Self::Withdrawn => "off",
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescue {
    /// Row id.
    pub id: String,
    /// Whose WeChat.
    pub account: AccountId,
    /// The unit.
    pub member: MemberId,
    /// Where it is.
    pub status: Status,
    /// Why, in the member's words.
    pub reason: String,
    /// The evidence.
    pub file: FileId,
    /// From where it came.
    pub ip: String,
    /// When.
    pub requested_at: Timestamp,
    /// Who decided; empty before.
    pub decided_by: String,
    /// What they said.
    pub decision: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// When an approval takes effect.
    pub effective_at: Option<Timestamp>,
}

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Nothing is bound: there is nothing to replace.
    #[error("当前没有绑定微信，直接扫码即可绑定")]
    NotBound,
    /// There is one already.
    #[error("换绑申请已提交，请等待秘书处处理")]
    Exists,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<db::Error> for RequestError {
    fn from(error: db::Error) -> Self {
        if error.is_duplicate_of("uk_wechat_rescue_account_id_active_key") {
            Self::Exists
        } else {
            Self::Fault(error.into())
        }
    }
}

/// The request of an account that is still open.
pub async fn open(app: &App, account: &AccountId) -> Result<Option<Rescue>, AppError> {
    Ok(store::rescue::open(&app.db, account).await?)
}

/// The last request of an account.
pub async fn last(app: &App, account: &AccountId) -> Result<Option<Rescue>, AppError> {
    Ok(store::rescue::last(&app.db, account).await?)
}

/// Requests that wait for the secretariat, the oldest first.
pub async fn waiting(app: &App, most: i64) -> Result<Vec<Rescue>, AppError> {
    Ok(store::rescue::in_state(&app.db, Status::Waiting, most).await?)
}

/// Takes a request with its evidence, and tells the old WeChat.
pub async fn request(
    app: &App,
    who: &PreAuth,
    reason: String,
    file: FileId,
    ip: &str,
) -> Result<(), RequestError> {
    if store::binding(&app.db, &app.vault, &who.account.id).await?.is_none() {
        return Err(RequestError::NotBound);
    }
    let now = app.clock.now();
    let rescue = Rescue {
        id: app.ids.next(now),
        account: who.account.id.clone(),
        member: who.member.id.clone(),
        status: Status::Waiting,
        reason,
        file,
        ip: ip.to_owned(),
        requested_at: now,
        decided_by: String::new(),
        decision: String::new(),
        decided_at: None,
        effective_at: None,
    };
    let input = (app.clone(), rescue);
    db::transaction(&app.db, input, |tx, (app, rescue)| Box::pin(write(tx, app, rescue))).await
}

async fn write(tx: &db::Tx, app: &App, rescue: &Rescue) -> Result<(), RequestError> {
    store::rescue::insert(tx, rescue).await?;
    if !file::claim(tx, std::slice::from_ref(&rescue.file)).await? {
        return Err(AppError::Fault("the evidence was tidied away meanwhile".into()).into());
    }
    let actor = Actor::Member(rescue.account.clone());
    record(tx, app, rescue, actor, "wechat.rescue-request").await?;
    Ok(tell(tx, app, rescue, "requested").await?)
}

/// The audit row of a step.
async fn record(
    tx: &db::Tx,
    app: &App,
    rescue: &Rescue,
    actor: Actor,
    action: &'static str,
) -> Result<(), db::Error> {
    let reason = if rescue.decision.is_empty() { &rescue.reason } else { &rescue.decision };
    let entry = Entry {
        actor,
        action,
        object_kind: "account",
        object_id: rescue.account.to_string(),
        reason: reason.clone(),
        detail: serde_json::json!({ "rescue": rescue.id, "effective": rescue.effective_at }),
        ip: rescue.ip.clone(),
    };
    audit::record(tx, &app.ids, app.clock.now(), &entry).await
}

/// Tells the WeChat that is bound at this moment, which is the old one.
async fn tell(
    tx: &db::Tx,
    app: &App,
    rescue: &Rescue,
    step: &'static str,
) -> Result<(), db::Error> {
    let object = format!("{}:{step}", rescue.id);
    let effective = rescue.effective_at.map(Timestamp::to_minute);
    let told = Notice {
        topic: Topic::WechatChange,
        member: Some(&rescue.member),
        object: &object,
        facts: serde_json::json!({ "step": step, "effective": effective }),
    };
    notice::queue(tx, &app.ids, app.clock.now(), told).await
}
