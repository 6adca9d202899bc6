//! 付款链接: a member gives the accountant an address that pays one bill and nothing else. It
//! needs no login and shows no personal data; it ends by itself, or when the member says so.
//!
//! The token is derived from the link's id and the data key, so that the member can look at the
//! address again although only the token's index is stored.

use std::time::Duration;

use serde_json::json;

pub use super::store::link::Link;
use super::{
    retire::{Ending, retire_order},
    store::{self, link as rows},
};
use crate::{
    account::SignedIn,
    db::{self, Tx},
    dues,
    kernel::{
        Timestamp,
        ids::{AccountId, BillId, LinkId},
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError},
};

/// For how many days a link may open.
pub const DAYS: [u64; 4] = [1, 3, 7, 30];

/// Nobody has more accountants.
const MOST_LIVE: i64 = 20;

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Not their own, or nothing is owed on it.
    #[error("请选择一个待缴的年度")]
    NotOwed,
    /// Enough.
    #[error("有效的付款链接已达 20 个，请先作废不再使用的链接")]
    TooMany,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl Link {
    /// Whether it opens.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_ms.is_none() && self.expires_ms > now
    }

    /// Its path on a PC; a phone is led on from there.
    pub fn path(&self, app: &App) -> String {
        format!("/pay/link/{}", token(app, &self.id))
    }
}

/// 128 bits that nobody guesses without the data key.
fn token(app: &App, id: &LinkId) -> String {
    app.vault.index(&format!("payment link {id}"))
}

/// Never a lookup by the token itself: who reads the table cannot open a link.
fn token_index(app: &App, token: &str) -> String {
    app.vault.index(&format!("payment link token {token}"))
}

/// The link that an address names, if it still opens.
pub async fn open(app: &App, token: &str) -> Result<Option<Link>, AppError> {
    if token.len() != 32 {
        return Ok(None);
    }
    Ok(rows::by_token(&app.db, &token_index(app, token), app.clock.now()).await?)
}

/// What is written when a link begins or ends.
struct Change {
    app: App,
    link: Link,
    by: AccountId,
    ip: String,
    now: Timestamp,
}

impl Change {
    async fn record(&self, tx: &Tx, action: &'static str) -> Result<(), db::Error> {
        let entry = Entry {
            actor: Actor::Member(self.by.clone()),
            action,
            object_kind: "payment_link",
            object_id: self.link.id.to_string(),
            reason: String::new(),
            detail: json!({
                "bill": self.link.bill_id,
                "expires": self.link.expires_ms.to_minute(),
            }),
            ip: self.ip.clone(),
        };
        audit::record(tx, &self.app.ids, self.now, &entry).await
    }
}

/// Makes a link for one open bill of the member's own.
pub async fn create(
    app: &App,
    who: &SignedIn,
    (bill, days): (BillId, u64),
    ip: &str,
) -> Result<LinkId, LinkError> {
    let now = app.clock.now();
    let owed = dues::open_bills_of(&app.db, &who.member.id).await.map_err(AppError::from)?;
    if !owed.iter().any(|open| open.id == bill && open.remaining().is_positive()) {
        return Err(LinkError::NotOwed);
    }
    let live = rows::count_live(&app.db, &who.member.id, now).await.map_err(AppError::from)?;
    if live >= MOST_LIVE {
        return Err(LinkError::TooMany);
    }
    let link = Link {
        id: LinkId::new(&app.ids, now),
        member_id: who.member.id.clone(),
        bill_id: bill,
        created_ms: now,
        expires_ms: now + Duration::from_hours(24 * days),
        revoked_ms: None,
    };
    let id = link.id.clone();
    let change =
        Change { app: app.clone(), link, by: who.account.id.clone(), ip: ip.to_owned(), now };
    let stored: Result<(), db::Error> =
        db::transaction(&app.db, change, |tx, change| Box::pin(insert(tx, change))).await;
    stored.map_err(AppError::from)?;
    Ok(id)
}

async fn insert(tx: &Tx, change: &Change) -> Result<(), db::Error> {
    let index = token_index(&change.app, &token(&change.app, &change.link.id));
    rows::insert(tx, &change.link, &index, &change.by).await?;
    change.record(tx, "payment.link").await
}

/// Ends a link, and what was begun through it: the order is closed at WeChat, or settled if its
/// money was faster. `true` when nothing can be paid through it any more.
pub async fn revoke(app: &App, who: &SignedIn, link: Link, ip: &str) -> Result<bool, AppError> {
    let (now, bill, id) = (app.clock.now(), link.bill_id.clone(), link.id.clone());
    let change =
        Change { app: app.clone(), link, by: who.account.id.clone(), ip: ip.to_owned(), now };
    let done: Result<(), db::Error> =
        db::transaction(&app.db, change, |tx, change| Box::pin(end(tx, change))).await;
    done?;
    let mut is_over = true;
    for order in store::live_orders_of_bills(&app.db, &[bill]).await? {
        if order.link_id.as_ref() == Some(&id) {
            is_over &= retire_order(app, &order.id).await? != Ending::Unclear;
        }
    }
    Ok(is_over)
}

async fn end(tx: &Tx, change: &Change) -> Result<(), db::Error> {
    if rows::revoke(tx, &change.link.id, change.now).await? {
        change.record(tx, "payment.link.revoke").await?;
    }
    Ok(())
}
