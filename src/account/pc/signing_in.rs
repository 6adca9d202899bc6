//! `/login` and `/logout`. The handler of `POST /login` is in `registration`, which knows why an
//! applicant has no account yet; it calls [`attempt`].

use std::time::Duration;

use salvo::{Depot, Request, Response, Writer, extract::Extractible as _, handler};
use serde::Serialize;

use crate::{
    account::{
        SignedIn,
        puzzle::Puzzle,
        sign_in::{Credentials, Found, Refusal, SignInError, Stranger, sign_in},
    },
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther,
        form::FieldErrors,
        session::{self, Kind},
        throttle,
    },
};

const FIELDS: &[&str] = &["account", "password"];

/// `/login`
#[derive(Debug, Serialize)]
pub struct LoginPage {
    form: FormState,
    /// What the browser solves for the next try.
    puzzle: Option<Puzzle>,
    /// 微信扫码登录 is offered.
    has_direct: bool,
}

impl LoginPage {
    /// An empty form.
    pub fn blank(app: &App) -> Self {
        let has_direct = app.settings.security.direct_scan;
        Self { form: FormState::blank(FIELDS), puzzle: None, has_direct }
    }

    /// The form again, with what was wrong.
    pub fn refused(app: &App, form: &Form, refusal: Refusal) -> Self {
        let errors = FieldErrors::one("account", refusal.error);
        let form = FormState::refused(FIELDS, form, errors);
        Self { form, puzzle: refusal.puzzle, ..Self::blank(app) }
    }
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/account/login.html";
    const MENU: &'static str = "login";

    fn title(&self) -> String {
        "会员登录".into()
    }

    fn samples() -> Vec<Self> {
        let blank = |has_direct| {
            let form = FormState::blank(FIELDS);
            Self { form, puzzle: None, has_direct }
        };
        let mut wrong = blank(false);
        let text = SignInError::Wrong(7).to_string();
        wrong.form.errors.insert("account", text);
        let mut puzzled = blank(true);
        puzzled.form.errors.insert("account", SignInError::NeedsPuzzle.to_string());
        puzzled.puzzle = Some(Puzzle { challenge: "1.x.y".into(), bits: 16 });
        vec![blank(false), wrong, puzzled]
    }
}

/// What a sign-in led to.
#[derive(Debug)]
pub enum Attempt {
    /// The password was right; the browser has a pre-auth session and goes on.
    Entered(SeeOther),
    /// There is no such account; the caller may know of an application.
    Nobody(Stranger),
    /// It was not let in.
    Refused(Refusal),
}

/// Account and password of the form; a right password begins a pre-auth session.
pub async fn attempt(
    app: &App,
    client: &Client,
    form: &Form,
    (req, res): (&Request, &mut Response),
) -> Result<Attempt, AppError> {
    throttle::pass(app, "login", &client.ip, 60, Duration::from_mins(10)).await?;
    let from = Credentials::of(app, client, form, req);
    let signed_in = match sign_in(app, &from).await {
        Ok(Found::Account(signed_in)) => signed_in,
        Ok(Found::Nobody(stranger)) => return Ok(Attempt::Nobody(stranger)),
        Err(SignInError::Fault(fault)) => return Err(fault),
        Err(error) => return Ok(Attempt::Refused(Refusal::of(app, error, &from).await?)),
    };
    let account = signed_in.account;
    let generation = account.session_generation;
    session::begin(app, res, Kind::PreAuth, account.id.as_str(), generation).await?;
    let next = if signed_in.member.has_complete_profile() { "/login/scan" } else { "/profile" };
    Ok(Attempt::Entered(SeeOther::to(next)))
}

/// `GET /login`; who is in already is led home.
#[handler]
pub async fn login_page(
    app: App,
    req: &mut Request,
    depot: &mut Depot,
) -> Result<SeeOther, Html<LoginPage>> {
    if SignedIn::extract(req, depot).await.is_ok() {
        return Ok(SeeOther::to("/"));
    }
    Err(Html::blank(LoginPage::blank(&app)))
}

/// `POST /logout`
#[handler]
pub async fn logout(
    app: App,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    session::end(&app, req, res, Kind::Member).await?;
    session::end(&app, req, res, Kind::PreAuth).await?;
    Ok(SeeOther::to("/login").saying("您已退出登录"))
}
