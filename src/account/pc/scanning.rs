//! `/login/scan`: the login code and how it stands. Without scripts the page reloads itself.

use salvo::{
    Request, Response, Writer, handler,
    http::{HeaderValue, StatusCode},
    writing::{Json, Text},
};
use serde::Serialize;

use super::panel::{ScanPage, Ways, fragment, panel};
use crate::{
    account::{
        PreAuth, device,
        scan::{Purpose, State, TicketNo, collect, start, start::StartError, start::Wanted},
    },
    web::{
        App, AppError, Client, Form, Html, SeeOther, cookie,
        session::{self, Kind},
    },
};

type Answer = Result<SeeOther, Html<ScanPage>>;

/// `GET /login/scan`: the code that this browser has, or a new one when that is over.
#[handler]
pub async fn scan_page(
    app: App,
    client: Client,
    who: PreAuth,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&who) {
        return Ok(Ok(elsewhere));
    }
    let wanted = wanted(&app, &who, req);
    if let Some(shown) = start::resume(&app, &wanted).await? {
        let state = shown.ticket.facts.state;
        if state == State::Confirmed {
            let after =
                collect::collect(&app, (req, res), &client, &shown.no, Purpose::Login).await?;
            if matches!(after, State::Confirmed | State::Consumed) {
                return Ok(Ok(SeeOther::to("/")));
            }
        }
        if !state.is_final() {
            return Ok(Err(Html::new(ScanPage::of(&app, &shown)?)));
        }
    }
    fresh(&app, &client, &wanted, req, res).await
}

/// What the code is for, and what the browser already holds.
fn wanted(app: &App, who: &PreAuth, req: &Request) -> Wanted {
    Wanted {
        purpose: Purpose::Login,
        account: Some(who.account.id.clone()),
        generation: who.account.session_generation,
        session: who.session_id.clone(),
        secret: cookie::read(app, req, cookie::Name::Scan),
        device: device::index(app, req).unwrap_or_default(),
    }
}

/// `POST /login/scan`: a new code; the one before is dead.
#[handler]
pub async fn scan_renew(
    app: App,
    client: Client,
    who: PreAuth,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    if let Some(elsewhere) = elsewhere(&who) {
        return Ok(Ok(elsewhere));
    }
    let wanted = wanted(&app, &who, req);
    match fresh(&app, &client, &wanted, req, res).await? {
        Ok(elsewhere) => Ok(Ok(elsewhere)),
        Err(_) => Ok(Ok(SeeOther::to("/login/scan"))),
    }
}

/// The profile comes first.
fn elsewhere(who: &PreAuth) -> Option<SeeOther> {
    (!who.member.has_complete_profile()).then(|| SeeOther::to("/profile"))
}

async fn fresh(
    app: &App,
    client: &Client,
    wanted: &Wanted,
    req: &Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    match start::start(app, wanted, client).await {
        Ok((shown, secret)) => {
            let life = app.settings.security.pre_auth_seconds;
            cookie::set(app, res, cookie::Name::Scan, secret, Some(life));
            Ok(Err(Html::new(ScanPage::of(app, &shown)?)))
        }
        Err(error @ StartError::TooMany) => {
            session::end(app, req, res, Kind::PreAuth).await?;
            Ok(Ok(SeeOther::to("/login").refusing(error.to_string())))
        }
        Err(StartError::Fault(fault)) => Err(fault),
    }
}

/// A new code for a browser that holds its secret already.
pub(super) async fn renewed(
    app: &App,
    client: &Client,
    wanted: &Wanted,
    back: &'static str,
) -> Result<Answer, AppError> {
    match start::start(app, wanted, client).await {
        Ok((shown, _)) => Ok(Err(Html::new(ScanPage::of(app, &shown)?))),
        Err(StartError::TooMany) => {
            Ok(Ok(SeeOther::to(back).refusing("二维码刷新次数过多，请重新开始")))
        }
        Err(StartError::Fault(fault)) => Err(fault),
    }
}

/// `?seen=waiting`; the poll's own words, so nothing has to be decoded.
fn has_seen(req: &Request, state: State) -> bool {
    let mut pairs = req.uri().query().unwrap_or_default().split('&');
    pairs.any(|pair| pair.strip_prefix("seen=") == Some(state.word()))
}

#[derive(Serialize)]
struct StateJson {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'static str>,
}

/// `GET /login/scan/{ticket}/state`: 204 when it is as `seen`, else the panel, or JSON. When the
/// phone has confirmed, this answer carries the session (see [`collect`]).
#[handler]
pub async fn scan_state(app: App, req: &mut Request, res: &mut Response) -> Result<(), AppError> {
    polled(&app, (req, res), Purpose::Login).await
}

/// The poll of a code that leads in, with or without a password before.
pub(super) async fn polled(
    app: &App,
    (req, res): (&Request, &mut Response),
    purpose: Purpose,
) -> Result<(), AppError> {
    let no = TicketNo::parse(req.param("ticket"))?;
    let mut state = collect::state(app, req, &no, purpose.holder()).await?;
    if state == State::Confirmed {
        let client = Client::of(app, req);
        state = collect::collect(app, (req, res), &client, &no, purpose).await?;
    }
    tell(app, (req, res), &no, (purpose, state)).await
}

/// How a code stands, as the asker wants to hear it.
pub(super) async fn tell(
    app: &App,
    (req, res): (&Request, &mut Response),
    no: &TicketNo,
    (purpose, state): (Purpose, State),
) -> Result<(), AppError> {
    let enter = Ways::of(purpose).enter;
    let is_in = matches!(state, State::Confirmed | State::Consumed);
    if is_in {
        res.headers_mut().insert("hx-redirect", HeaderValue::from_static(enter));
    }
    if has_seen(req, state) {
        res.status_code(StatusCode::NO_CONTENT);
        return Ok(());
    }
    let accept = req.headers().get("accept").and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.starts_with("application/json")) {
        res.render(Json(StateJson { state: state.word(), next: is_in.then_some(enter) }));
        return Ok(());
    }
    let Some(shown) = start::shown(app, no, state).await? else {
        return Err(AppError::NotFound);
    };
    res.render(Text::Html(fragment(app, req, panel(app, &shown)?)?));
    Ok(())
}
