//! `/login/direct`: 微信扫码登录, where the association offers it. The bound WeChat is the only
//! proof, so the code is guarded like the one after a password, and nobody gets many of them.

use std::time::Duration;

use salvo::{Depot, Request, Response, Writer, extract::Extractible as _, handler};

use super::{
    panel::ScanPage,
    scanning::{polled, renewed},
};
use crate::{
    account::{
        SignedIn, device,
        scan::{Purpose, State, collect, start, start::Wanted},
    },
    web::{App, AppError, Client, Form, Html, SeeOther, cookie, throttle},
};

/// Codes for one address in ten minutes; many browsers of an office share one.
const MOST: u64 = 120;
const WINDOW: Duration = Duration::from_mins(10);
const BACK: &str = "/login";

type Answer = Result<SeeOther, Html<ScanPage>>;

/// Where it is not offered there is no such page.
fn offered(app: &App) -> Result<(), AppError> {
    if app.settings.security.direct_scan { Ok(()) } else { Err(AppError::NotFound) }
}

/// What a code of this browser is for: the phone will say for whom.
fn wanted(app: &App, req: &Request, secret: String) -> Wanted {
    Wanted {
        purpose: Purpose::Direct,
        account: None,
        generation: 0,
        session: app.vault.index(&secret),
        secret: Some(secret),
        device: device::index(app, req).unwrap_or_default(),
    }
}

/// The secret that this browser holds; strange cookies are none.
fn held(app: &App, req: &Request) -> Option<String> {
    cookie::read(app, req, Purpose::Direct.holder()).filter(|secret| secret.len() == 22)
}

/// `GET /login/direct`: the code that this browser has, or a new one when that is over.
#[handler]
pub async fn direct_page(
    app: App,
    client: Client,
    req: &mut Request,
    depot: &mut Depot,
    res: &mut Response,
) -> Result<Answer, AppError> {
    offered(&app)?;
    if SignedIn::extract(req, depot).await.is_ok() {
        return Ok(Ok(SeeOther::to("/")));
    }
    let Some(secret) = held(&app, req) else { return fresh(&app, &client, req, res).await };
    let wanted = wanted(&app, req, secret);
    if let Some(shown) = start::resume(&app, &wanted).await? {
        let mut state = shown.ticket.facts.state;
        if state == State::Confirmed {
            let own = (&*req, &mut *res);
            state = collect::collect(&app, own, &client, &shown.no, Purpose::Direct).await?;
            if state == State::Confirmed {
                return Ok(Ok(SeeOther::to("/")));
            }
        }
        if !state.is_final() {
            return Ok(Err(Html::new(ScanPage::of(&app, &shown)?)));
        }
    }
    again(&app, &client, &wanted, res).await
}

/// The first code of a browser.
async fn fresh(
    app: &App,
    client: &Client,
    req: &Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    let secret = app.ids.token();
    let life = app.settings.security.pre_auth_seconds;
    cookie::set(app, res, Purpose::Direct.holder(), secret.clone(), Some(life));
    again(app, client, &wanted(app, req, secret), res).await
}

/// Another code, until there were too many.
async fn again(
    app: &App,
    client: &Client,
    wanted: &Wanted,
    res: &mut Response,
) -> Result<Answer, AppError> {
    // By address, because a browser may invent any cookie.
    throttle::pass(app, "direct-scan", &client.ip, MOST, WINDOW).await?;
    let answer = renewed(app, client, wanted, BACK).await?;
    if answer.is_ok() {
        cookie::clear(app, res, Purpose::Direct.holder());
    }
    Ok(answer)
}

/// `POST /login/direct`: a new code; the one before is dead.
#[handler]
pub async fn direct_renew(
    app: App,
    client: Client,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    offered(&app)?;
    let answer = match held(&app, req) {
        Some(secret) => again(&app, &client, &wanted(&app, req, secret), res).await?,
        None => fresh(&app, &client, req, res).await?,
    };
    Ok(answer.unwrap_or_else(|_| SeeOther::to("/login/direct")))
}

/// `GET /login/direct/{ticket}/state`: as for the code after a password.
#[handler]
pub async fn direct_state(app: App, req: &mut Request, res: &mut Response) -> Result<(), AppError> {
    offered(&app)?;
    polled(&app, (req, res), Purpose::Direct).await
}
