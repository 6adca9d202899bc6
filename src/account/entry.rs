//! The moment in which somebody is fully in: the browser is noted, the sign-in goes into the
//! history, and a sign-in in a new browser is told to the bound WeChat.

use salvo::{Request, Response};
use serde::Serialize;

use super::{
    Account, device, rescue,
    store::{self, device::NewLogin},
};
use crate::{
    db,
    notice::{self, Notice, Topic},
    staff::audit::{self, Actor, Entry},
    web::{
        App, AppError, Client,
        session::{self, Kind},
    },
};

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Password and scan, on a PC.
    Scan,
    /// Password and WeChat, on the phone itself.
    Phone,
    /// The scan alone, on a PC.
    Direct,
}

impl Way {
    /// The code in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Phone => "phone",
            Self::Direct => "direct",
        }
    }

    /// In words, from the code.
    pub fn label_of(code: &str) -> &'static str {
        match code {
            "phone" => "手机微信登录",
            "direct" => "微信扫码登录",
            _ => "密码 + 微信扫码",
        }
    }
}

struct Event {
    app: App,
    account: Account,
    device_index: String,
    way: Way,
    client: Client,
    wechat: String,
    session: String,
}

#[derive(Serialize)]
struct Detail<'a> {
    by: &'static str,
    /// Index of the openid.
    wechat: &'a str,
    browser: String,
    is_new_device: bool,
}

/// Begins the member's session and records it. `wechat` is the index of the openid that proved it.
pub(super) async fn enter(
    app: &App,
    (req, res): (&Request, &mut Response),
    client: &Client,
    account: &Account,
    (way, wechat): (Way, &str),
) -> Result<(), AppError> {
    let generation = account.session_generation;
    let begun = session::begin(app, res, Kind::Member, account.id.as_str(), generation).await?;
    let device_index = device::remember(app, req, res);
    // A browser holds one session: the one before is of no use to its owner any more.
    if let Some(before) = device::known(app, account, Some(&device_index)).await? {
        device::end_session(app, &before).await?;
    }
    let event = Event {
        app: app.clone(),
        account: account.clone(),
        session: app.vault.seal(&begun.id)?,
        device_index,
        way,
        client: client.clone(),
        wechat: wechat.to_owned(),
    };
    db::transaction(&app.db, event, |tx, event| Box::pin(write(tx, event))).await
}

async fn write(tx: &db::Tx, event: &Event) -> Result<(), AppError> {
    let Event { app, account, device_index, way, client, wechat, session } = event;
    let now = app.clock.now();
    let (id, browser) = (app.ids.next(now), client.browser());
    let login = NewLogin {
        id: &id,
        account: &account.id,
        device_index,
        way: way.code(),
        browser: &browser,
        ip: &client.ip,
        session,
        now,
    };
    let is_new_device = store::device::touch(tx, &login).await?;
    store::device::insert_login(tx, &login, is_new_device).await?;
    let detail = Detail { by: way.code(), wechat, browser: browser.clone(), is_new_device };
    let entry = Entry {
        actor: Actor::Member(account.id.clone()),
        action: "account.sign-in",
        object_kind: "account",
        object_id: account.id.to_string(),
        reason: String::new(),
        detail,
        ip: client.ip.clone(),
    };
    audit::record(tx, &app.ids, now, &entry).await?;
    // Who can still use the bound WeChat has not lost it.
    rescue::withdraw(tx, app, account, &client.ip).await?;
    if is_new_device {
        let told = Notice {
            topic: Topic::SignedInElsewhere,
            member: Some(&account.member_id),
            object: &id,
            facts: serde_json::json!({ "browser": browser, "ip": client.ip, "at": now.to_minute() }),
        };
        notice::queue(tx, &app.ids, now, told).await?;
    }
    Ok(())
}
