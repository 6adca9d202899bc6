//! `/h5/login`: password, then the WeChat that holds the phone. The handler of `POST /h5/login` is
//! in `registration`, which knows why an applicant has no account yet; it calls [`attempt`].
//!
//! The pre-auth cookie is `Strict` and stays away when WeChat sends the phone back, so the right
//! password waits in the shared store under the phone's own cookie, is taken once, and dies soon.

use std::time::Duration;

use salvo::{Request, Response, Writer, handler};
use serde::{Deserialize, Serialize};

use crate::{
    account::{
        Account, bind,
        bind::Match,
        entry::{self, Way},
        oauth::{self, PhonePage, PhoneUser},
        puzzle::Puzzle,
        sign_in::{Credentials, Found, Refusal, SignInError, Stranger, sign_in},
        store,
    },
    member::{self, Member},
    web::{
        App, AppError, Client, Form, FormState, Html, Page, SeeOther, Surface,
        form::FieldErrors,
        session::{self, Kind},
        throttle,
    },
};

const FIELDS: &[&str] = &["account", "password"];
/// How long a right password waits for WeChat.
const WAIT: Duration = Duration::from_mins(5);

/// `/h5/login`
#[derive(Debug, Serialize)]
pub struct LoginPage {
    form: FormState,
    /// What the browser solves for the next try.
    puzzle: Option<Puzzle>,
}

impl LoginPage {
    fn blank() -> Self {
        Self { form: FormState::blank(FIELDS), puzzle: None }
    }

    /// The form again, with what was wrong.
    pub fn refused(form: &Form, text: impl std::fmt::Display, puzzle: Option<Puzzle>) -> Self {
        let form = FormState::refused(FIELDS, form, FieldErrors::one("account", text));
        Self { form, puzzle }
    }
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/account/login.html";
    const SURFACE: Surface = Surface::H5;

    fn title(&self) -> String {
        "会员登录".into()
    }

    fn samples() -> Vec<Self> {
        let mut wrong = Self::blank();
        wrong.form.errors.insert("account", SignInError::Wrong(2).to_string());
        wrong.puzzle = Some(Puzzle { challenge: "1.x.y".into(), bits: 16 });
        vec![Self::blank(), wrong]
    }
}

/// A right password that waits for WeChat.
#[derive(Serialize, Deserialize)]
struct Waiting {
    account: String,
    generation: i64,
}

/// `GET /h5/login`
#[handler]
pub async fn login_page() -> Html<LoginPage> {
    Html::blank(LoginPage::blank())
}

/// `POST /h5/logout`: the session ends, and who holds the phone is forgotten as well.
#[handler]
pub async fn logout(
    app: App,
    _form: Form,
    req: &mut Request,
    res: &mut Response,
) -> Result<SeeOther, AppError> {
    session::end(&app, req, res, Kind::Member).await?;
    PhoneUser::forget(&app, req).await?;
    Ok(SeeOther::to("/h5/login").saying("您已退出登录"))
}

/// What a sign-in on the phone led to.
#[derive(Debug)]
pub enum Attempt {
    /// The password was right; WeChat has to say whose phone it is.
    Onward(SeeOther),
    /// The password was right, but the profile is filled in on a PC.
    NeedsProfile,
    /// There is no such account; the caller may know of an application.
    Nobody(Stranger),
    /// It was not let in.
    Refused(Refusal),
}

/// Account and password of the form; a right password waits for WeChat.
pub async fn attempt(
    app: &App,
    client: &Client,
    form: &Form,
    req: &Request,
    res: &mut Response,
) -> Result<Attempt, AppError> {
    throttle::pass(app, "login", &client.ip, 60, Duration::from_mins(10)).await?;
    let from = Credentials::of(app, client, form, req);
    let signed_in = match sign_in(app, &from).await {
        Ok(Found::Account(signed_in)) => signed_in,
        Ok(Found::Nobody(stranger)) => return Ok(Attempt::Nobody(stranger)),
        Err(SignInError::Fault(fault)) => return Err(fault),
        Err(error) => return Ok(Attempt::Refused(Refusal::of(app, error, &from).await?)),
    };
    if !signed_in.member.has_complete_profile() {
        return Ok(Attempt::NeedsProfile);
    }
    let account = signed_in.account;
    let waiting =
        Waiting { account: account.id.to_string(), generation: account.session_generation };
    let json = serde_json::to_string(&waiting).map_err(|e| AppError::Fault(e.to_string()))?;
    let phone = oauth::phone_id(app, req, res);
    app.store.put(&key(app, &phone), &json, WAIT).await?;
    let onward = match PhoneUser::find(app, req).await? {
        Some(_) => SeeOther::to("/h5/login/enter"),
        None => oauth::ask_as(app, &phone, "/h5/login/enter").await?,
    };
    Ok(Attempt::Onward(onward))
}

fn key(app: &App, phone: &str) -> String {
    format!("phone-login:{}", app.vault.index(phone))
}

type Answer = Result<SeeOther, Html<PhonePage>>;

/// `GET /h5/login/enter`: where WeChat brings the phone back. What it acts upon is the waiting
/// password of this very phone, and it is taken once: a prepared link does nothing.
#[handler]
pub async fn enter(
    app: App,
    client: Client,
    req: &mut Request,
    res: &mut Response,
) -> Result<Answer, AppError> {
    let again = || SeeOther::to("/h5/login").refusing("登录已失效，请重新输入密码");
    let Some(user) = PhoneUser::find(&app, req).await? else { return Ok(Ok(again())) };
    let phone = oauth::phone_id(&app, req, res);
    let Some(json) = app.store.take(&key(&app, &phone)).await? else {
        // The web view may load the address twice; the first call has let it in.
        let is_in = session::find(&app, req, Kind::Member).await?.is_some();
        return Ok(Ok(if is_in { SeeOther::to("/h5/") } else { again() }));
    };
    let waiting: Waiting =
        serde_json::from_str(&json).map_err(|e| AppError::Fault(e.to_string()))?;
    let Some(account) = owner(&app, &waiting).await? else { return Ok(Ok(again())) };
    match matched(&app, &account, &user, &client).await? {
        Match::Bound => {
            let wechat = app.vault.index(user.open_id.as_str());
            let by = (Way::Phone, wechat.as_str());
            entry::enter(&app, (req, res), &client, &account, by).await?;
            Ok(Ok(SeeOther::to("/h5/")))
        }
        Match::Free => {
            let text =
                "首次绑定微信需要秘书处发放的绑定码。请在电脑端登录，扫码后在手机上输入绑定码";
            let page = PhonePage::new("info", "请在电脑端完成首次绑定", text);
            Ok(Err(Html::refused(page.with_action("返回登录", "/h5/login"))))
        }
        Match::Other => {
            let page = PhonePage::new(
                "error",
                "该微信与绑定微信不一致",
                "请用本单位绑定的微信登录。需要更换绑定，请在电脑端解绑，或者联系秘书处",
            );
            Ok(Err(Html::refused(page.with_action("换个账号登录", "/h5/login"))))
        }
    }
}

/// The account as it was when the password was checked, with a complete profile.
async fn owner(app: &App, waiting: &Waiting) -> Result<Option<Account>, AppError> {
    let account = store::by_id(&app.db, &waiting.account)
        .await?
        .filter(|account| account.is_active && account.session_generation == waiting.generation);
    let Some(account) = account else { return Ok(None) };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    Ok(member.filter(Member::has_complete_profile).map(|_| account))
}

async fn matched(
    app: &App,
    account: &Account,
    user: &PhoneUser,
    client: &Client,
) -> Result<Match, AppError> {
    let relation = bind::compare(app, &account.id, &user.open_id).await?;
    if relation != Match::Free {
        return Ok(relation);
    }
    match bind::prove(app, account, &user.open_id, "").await? {
        Some(proof) => bind::bind(app, &account.id, &user.open_id, proof, &client.ip).await,
        None => Ok(Match::Free),
    }
}
