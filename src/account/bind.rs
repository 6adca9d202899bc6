//! Binding a WeChat to an account: the first scan does it, and nothing ever moves it silently.

use super::{Account, code, store};
use crate::{
    db::{self, Run},
    kernel::{
        OpenId, Uscc,
        ids::{AccountId, MemberId},
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, settings::FirstBinding},
};

/// One WeChat may serve a few units, because one agent often does (requirements A7-7).
const MOST_ACCOUNTS: i64 = 5;

/// How a WeChat relates to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is the bound one.
    Bound,
    /// Nothing is bound yet.
    Free,
    /// Another one is bound.
    Other,
}

/// Compares a WeChat with the one that is bound.
pub async fn compare(app: &App, account: &AccountId, open_id: &OpenId) -> Result<Match, AppError> {
    let binding = store::binding(&app.db, &app.vault, account).await?;
    Ok(match binding {
        None => Match::Free,
        Some(binding) if binding.open_id == *open_id => Match::Bound,
        Some(_) => Match::Other,
    })
}

/// The second proof of a first WeChat: a code of the secretariat to be spent, or none needed.
#[derive(Clone, Debug, Default)]
pub struct Proof(Option<code::Right>);

/// True when this WeChat, as the first one of an account, needs a code of the secretariat: a
/// password alone, which may be stolen, must not decide who the unit is from now on.
pub async fn needs_code(app: &App, account: &Account, open_id: &OpenId) -> Result<bool, AppError> {
    Ok(match app.settings.security.first_binding {
        FirstBinding::None => false,
        FirstBinding::Code => true,
        FirstBinding::Wechat => {
            let registered = store::registrant(&app.db, &account.uscc).await?;
            registered.as_deref() != Some(app.vault.index(open_id.as_str()).as_str())
        }
    })
}

/// The proof, if it is given or none is needed.
pub async fn prove(
    app: &App,
    account: &Account,
    open_id: &OpenId,
    typed: &str,
) -> Result<Option<Proof>, AppError> {
    if !needs_code(app, account, open_id).await? {
        return Ok(Some(Proof::default()));
    }
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let right = code::check(app, Some(account), code::Purpose::Bind, typed).await?;
    Ok(right.map(|right| Proof(Some(right))))
}

/// Remembers in which WeChat a unit registered; called when its registration is approved.
pub async fn note_registrant(
    tx: &impl Run,
    app: &App,
    uscc: &Uscc,
    open_id: &OpenId,
) -> Result<(), AppError> {
    let index = app.vault.index(open_id.as_str());
    Ok(store::set_registrant(tx, uscc, &index, app.clock.now()).await?)
}

/// Binds the first WeChat. The first committed binding wins: a loser is told how it stands now.
pub async fn bind(
    app: &App,
    account: &AccountId,
    open_id: &OpenId,
    proof: Proof,
    ip: &str,
) -> Result<Match, AppError> {
    let app_id = app.login.app_id().to_owned();
    let index = app.vault.index(open_id.as_str());
    if store::accounts_of(&app.db, &app_id, &index).await? >= MOST_ACCOUNTS {
        return Err(AppError::Refused(
            "该微信已绑定 5 个单位，请换用其他微信，或联系秘书处".into(),
        ));
    }
    let input = Binding {
        app: app.clone(),
        app_id,
        account: account.clone(),
        open_id: open_id.clone(),
        proof,
        ip: ip.to_owned(),
    };
    let bound: Result<(), AppError> =
        db::transaction(&app.db, input, |tx, binding| Box::pin(write(tx, binding))).await;
    match bound {
        Ok(()) => Ok(Match::Bound),
        // Somebody was faster; what is bound now decides.
        Err(AppError::Refused(_)) => compare(app, account, open_id).await,
        Err(error) => Err(error),
    }
}

/// The WeChat that a member's notices go to: the one that is bound now.
pub async fn of_member(app: &App, member: &MemberId) -> Result<Option<OpenId>, AppError> {
    let Some(sealed) = store::open_id_of_member(&app.db, member).await? else { return Ok(None) };
    Ok(OpenId::parse(&app.vault.open(&sealed)?).ok())
}

struct Binding {
    app: App,
    app_id: String,
    account: AccountId,
    open_id: OpenId,
    proof: Proof,
    ip: String,
}

async fn write(tx: &db::Tx, binding: &Binding) -> Result<(), AppError> {
    let Binding { app, app_id, account, open_id, proof, ip } = binding;
    let now = app.clock.now();
    if let Some(code) = &proof.0
        && !store::code::spend(tx, &code.id, now).await?
    {
        return Err(AppError::Refused("the code was used meanwhile".into()));
    }
    let id = app.ids.next(now);
    store::insert_binding(tx, &app.vault, (&id, app_id), account, open_id, now).await?;
    let entry = Entry {
        actor: Actor::Member(account.clone()),
        action: "wechat.bind",
        object_kind: "account",
        object_id: account.to_string(),
        reason: String::new(),
        detail: serde_json::json!({ "wechat": app.vault.index(open_id.as_str()) }),
        ip: ip.clone(),
    };
    Ok(audit::record(tx, &app.ids, now, &entry).await?)
}
