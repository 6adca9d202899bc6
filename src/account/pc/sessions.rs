//! `/account/sessions`: where this unit was signed in, 退出 of one browser, and 退出所有设备.

use salvo::{Request, Response, Writer, handler};
use serde::Serialize;

use crate::{
    account::{SignedIn, device::Device, entry::Way, sessions, store::device::Login},
    kernel::Timestamp,
    web::{
        App, AppError, Client, Form, Html, Page, SeeOther,
        session::{self, Kind},
    },
};

const PAGE: usize = 20;

/// `/account/sessions`
#[derive(Debug, Serialize)]
pub struct SessionsPage {
    devices: Vec<DeviceRow>,
    logins: Vec<LoginRow>,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::account) struct DeviceRow {
    id: String,
    browser: String,
    first: String,
    last: String,
    ip: String,
    is_here: bool,
    is_in: bool,
    is_locked: bool,
}

#[derive(Debug, Serialize)]
pub(in crate::account) struct LoginRow {
    at: String,
    way: &'static str,
    browser: String,
    ip: String,
    is_new_device: bool,
}

impl DeviceRow {
    pub(in crate::account) fn of(
        (device, is_in): (Device, bool),
        here: Option<&str>,
        now: Timestamp,
    ) -> Self {
        Self {
            is_in,
            is_here: here == Some(device.id.as_str()),
            is_locked: device.locked_until > now,
            id: device.id,
            browser: device.browser,
            first: device.first_at.to_minute(),
            last: device.last_at.to_minute(),
            ip: device.last_ip,
        }
    }

    pub(in crate::account) fn sample(is_here: bool) -> Self {
        Self {
            id: "x".into(),
            is_in: true,
            browser: "Chrome（Windows）".into(),
            first: "2026-11-20 09:30".into(),
            last: "2026-11-24 12:00".into(),
            ip: "192.0.2.7".into(),
            is_here,
            is_locked: !is_here,
        }
    }
}

impl LoginRow {
    pub(in crate::account) fn of(login: Login) -> Self {
        Self {
            at: login.at.to_minute(),
            way: Way::label_of(&login.way),
            browser: login.browser,
            ip: login.ip,
            is_new_device: login.is_new_device.0,
        }
    }

    pub(in crate::account) fn sample(is_new_device: bool) -> Self {
        Self {
            at: "2026-11-24 12:00".into(),
            way: Way::label_of("scan"),
            browser: "Chrome（Windows）".into(),
            ip: "192.0.2.7".into(),
            is_new_device,
        }
    }
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "pages/account/sessions.html";
    const MENU: &'static str = "sessions";

    fn title(&self) -> String {
        "登录记录".into()
    }

    fn samples() -> Vec<Self> {
        let (older, newer) = (None, None);
        vec![
            Self { devices: Vec::new(), logins: Vec::new(), older, newer },
            Self {
                devices: vec![DeviceRow::sample(true), DeviceRow::sample(false)],
                logins: vec![LoginRow::sample(true), LoginRow::sample(false)],
                older: Some("/account/sessions?before=x".into()),
                newer: Some("/account/sessions".into()),
            },
        ]
    }
}

/// `GET /account/sessions`
#[handler]
pub async fn sessions_page(
    app: App,
    who: SignedIn,
    req: &mut Request,
) -> Result<Html<SessionsPage>, AppError> {
    let before = req.query::<String>("before").unwrap_or_default();
    if before.len() > 64 || !before.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(AppError::NotFound);
    }
    let seen = sessions::look(&app, &who.account, req, &before, PAGE).await?;
    let now = app.clock.now();
    let here = seen.here.as_deref();
    let devices = seen.devices.into_iter().map(|device| DeviceRow::of(device, here, now));
    Ok(Html::new(SessionsPage {
        devices: devices.collect(),
        older: seen.older.map(|last| format!("/account/sessions?before={last}")),
        newer: (!before.is_empty()).then(|| "/account/sessions".to_owned()),
        logins: seen.logins.into_iter().map(LoginRow::of).collect(),
    }))
}

/// `POST /account/sessions/end`: 退出所有设备, this one included.
#[handler]
pub async fn sessions_end(
    app: App,
    client: Client,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    sessions::end_all(&app, &who, &client.ip).await?;
    session::end(&app, req, res, Kind::Member).await?;
    Ok(SeeOther::to("/login").saying("已退出所有设备，请重新登录"))
}

/// `POST /account/sessions/{device}/end`: 退出 of one browser.
#[handler]
pub async fn session_end(
    app: App,
    client: Client,
    who: SignedIn,
    _form: Form,
    req: &mut Request,
) -> Result<SeeOther, AppError> {
    let device = req.param::<String>("device").unwrap_or_default();
    let is_id = device.len() <= 64 && device.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_id {
        return Err(AppError::NotFound);
    }
    sessions::end_one(&app, &who, &device, &client.ip).await?;
    Ok(SeeOther::to("/account/sessions").saying("已退出该浏览器，再次登录需要密码和微信确认"))
}
