//! Account and password. A right password alone opens nothing but the profile (once) and the scan.
//!
//! An unknown account is told exactly what a known one is told: the same text, the same count of
//! tries, the same lock, the same puzzle, at the cost of the same one hash, whether an application
//! stands in for it or not (`stranger`). Tries are counted in `tries`, and failures put on record
//! in `failure`.

mod failure;
mod stranger;
mod tries;

use salvo::Request;

pub use stranger::Stranger;
pub(super) use tries::is_locked;

use self::tries::Channel;
use super::{Account, device, puzzle, rescue, store};
use crate::{
    kernel::{Mobile, Secret, Uscc, text},
    member::{self, Member, model::Standing},
    web::{App, AppError, Client, Form},
};

/// What somebody types, and from where.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// 信用代码 or mobile, levelled: half width, capitals.
    login: String,
    password: Secret,
    puzzle: puzzle::Answer,
    /// Index of the browser's device cookie.
    device: Option<String>,
    client: Client,
}

impl Credentials {
    /// From a login form.
    pub fn of(app: &App, client: &Client, form: &Form, req: &Request) -> Self {
        Self {
            login: plain(form.value("account")),
            password: Secret::new(form.value("password")),
            puzzle: puzzle::Answer::of(form),
            device: device::index(app, req),
            client: client.clone(),
        }
    }
}

/// Whom a login name stands for.
#[derive(Debug)]
pub enum Found {
    /// The account whose password was right.
    Account(Box<SignedInAccount>),
    /// There is no such account, or it is a mobile that belongs to several; its password has not
    /// been looked at yet.
    Nobody(Stranger),
}

/// Whose password was right.
#[derive(Clone, Debug)]
pub struct SignedInAccount {
    /// The account.
    pub account: Account,
    /// The unit.
    pub member: Member,
}

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Nothing to look at; no try is counted.
    #[error("请输入账号和密码")]
    Empty,
    /// The browser has to solve a puzzle first; no try is counted.
    #[error("为确认不是程序在尝试，需要浏览器完成一次安全验证。请再次输入密码并登录")]
    NeedsPuzzle,
    /// The password is wrong, or there is no such account; so many tries are left.
    #[error("账号密码错误，还可以尝试 {0} 次")]
    Wrong(i64),
    /// Too many wrong passwords; open again in so many minutes.
    #[error("密码错误次数过多，账号已锁定，请在 {0} 分钟后再试")]
    Locked(u64),
    /// The password was right, but the account is switched off.
    #[error("账号已停用，请联系秘书处")]
    Frozen,
    /// The system failed.
    #[error(transparent)]
    Fault(#[from] AppError),
}

impl From<crate::db::Error> for SignInError {
    fn from(error: crate::db::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// A refusal as a page shows it.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub error: SignInError,
    /// What the browser must solve for the next try; none while it need not.
    pub puzzle: Option<puzzle::Puzzle>,
}

impl Refusal {
    /// With the puzzle that is due.
    pub async fn of(app: &App, error: SignInError, from: &Credentials) -> Result<Self, AppError> {
        let is_due = puzzle::is_due(app, &from.login, &from.client.ip).await?;
        Ok(Self { error, puzzle: is_due.then(|| puzzle::Puzzle::new(app)) })
    }
}

/// Checks login name (信用代码 or contact mobile) and password.
pub async fn sign_in(app: &App, from: &Credentials) -> Result<Found, SignInError> {
    if from.login.is_empty() || from.password.is_empty() {
        return Err(SignInError::Empty);
    }
    let is_due = puzzle::is_due(app, &from.login, &from.client.ip).await?;
    if is_due && !from.puzzle.holds(app).await? {
        return Err(SignInError::NeedsPuzzle);
    }
    let Some(account) = find(app, &from.login).await? else {
        return Ok(Found::Nobody(Stranger::new(from.clone())));
    };
    let channel = Channel::of(app, &account, from.device.as_deref()).await?;
    tries::take(app, &account, &channel).await?;
    let right = match app.hasher.verify(&from.password, hash_of(&account)).await {
        Ok(right) => right,
        Err(error) => {
            tries::give_back(app, &account, &channel).await?;
            return Err(AppError::from(error).into());
        }
    };
    if !right {
        return Err(tries::wrong_password(app, from, &account, &channel).await?);
    }
    tries::clear(app, from, &account, &channel).await?;
    if !account.is_active {
        return Err(SignInError::Frozen);
    }
    strengthen(app, &account, &from.password).await?;
    // Nobody waits for the job: a 换绑 whose pause is over takes effect now.
    let account = if rescue::settle(app, &account).await? {
        store::by_id(&app.db, account.id.as_str()).await?.unwrap_or(account)
    } else {
        account
    };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    let member =
        member.ok_or_else(|| AppError::Fault(format!("account {} has no member", account.id)))?;
    if member.standing != Standing::Active {
        return Err(SignInError::Frozen);
    }
    Ok(Found::Account(Box::new(SignedInAccount { account, member })))
}

/// The hash to compare with. An account whose password the secretariat has taken away has none, and
/// costs the same.
pub(super) fn hash_of(account: &Account) -> Option<String> {
    Some(account.password_hash.clone()).filter(|hash| !hash.is_empty())
}

/// Makes the hash anew when the configured parameters have risen since it was made.
async fn strengthen(app: &App, account: &Account, password: &Secret) -> Result<(), AppError> {
    if !app.hasher.is_outdated(&account.password_hash) {
        return Ok(());
    }
    let hash = app.hasher.hash(password, app.ids.salt()).await?;
    Ok(store::rehash(&app.db, account, &hash).await?)
}

/// A mobile that belongs to several accounts names none of them: which ones there are is nobody's
/// business, so the login page asks for the code in every case.
pub(super) async fn find(app: &App, login: &str) -> Result<Option<Account>, AppError> {
    if let Ok(uscc) = Uscc::parse(login) {
        return Ok(store::by_uscc(&app.db, &uscc).await?);
    }
    let Ok(mobile) = Mobile::parse(login) else { return Ok(None) };
    let mut accounts = store::by_mobile_index(&app.db, &app.vault.index(mobile.as_str())).await?;
    Ok(if accounts.len() == 1 { accounts.pop() } else { None })
}

/// One spelling of what may be typed in several.
pub(super) fn plain(login: &str) -> String {
    text::half_width(login).trim().to_uppercase()
}
