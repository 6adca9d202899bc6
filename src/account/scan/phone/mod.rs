//! The phone's side of a login code: open, confirm, reject.

mod opened;

use self::opened::{Opened, load};
use super::{
    Purpose, State, TicketNo,
    state::{Event, Refusal},
    ticket,
};
use crate::{
    account::{bind, bind::Match, oauth::PhoneUser},
    web::{App, AppError, Client},
};

/// What the phone is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It may confirm.
    Ask(Ask),
    /// 确认登录 was accepted, now or before.
    Confirmed(Purpose),
    /// 不是我 was accepted, now or before.
    Rejected,
    /// Another number than the PC's was picked; the code is dead.
    WrongNumber,
    /// The secretariat's code for a first WeChat is missing or wrong; the question again.
    WrongCode(Ask),
    /// Another WeChat is bound.
    Mismatch,
    /// Another WeChat opened the code first.
    Taken,
    /// There is no such code, or no longer.
    Expired,
    /// A rule forbids it; the text is for the user.
    Refused(String),
}

/// What the phone page asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What confirming leads to.
    pub purpose: Purpose,
    /// The unit, masked.
    pub unit: String,
    /// The PC's browser.
    pub browser: String,
    /// The unit was signed in in it before.
    pub is_known_device: bool,
    /// The PC's address.
    pub ip: String,
    /// When the code was made.
    pub at: String,
    /// Three numbers to choose from.
    pub numbers: Vec<String>,
    /// Nothing is bound yet: confirming binds this WeChat.
    pub binds: bool,
    /// Binding needs a code of the secretariat.
    pub needs_code: bool,
}

/// What the phone sends back.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The number that was picked.
    pub number: &'a str,
    /// The secretariat's code for a first WeChat, where it was asked for.
    pub code: &'a str,
}

/// True when the address may still be worth an authorisation.
pub async fn is_open(app: &App, no: &TicketNo) -> Result<bool, AppError> {
    let state = ticket::find(app, no).await?.map(|ticket| ticket.facts.state);
    Ok(state.is_some_and(|state| !matches!(state, State::Expired)))
}

/// A WeChat opens the code. The first one that may confirm keeps it.
pub async fn open(
    app: &App,
    no: &TicketNo,
    user: &PhoneUser,
    client: &Client,
) -> Result<Outcome, AppError> {
    let Some(opened) = load(app, no).await? else { return Ok(Outcome::Expired) };
    let phone = app.vault.index(user.open_id.as_str());
    let relation = opened.relation(app, user).await?;
    let from = opened.ticket.facts.state;
    let is_stranger = relation == Match::Other && matches!(from, State::Waiting | State::Mismatch);
    let strangers = if is_stranger { count_stranger(app, no).await? } else { 0 };
    let event = Event::Open { phone: &phone, relation, strangers };
    match opened.ticket.facts.after(&event) {
        Ok(State::Scanned) => {
            let locked = [("phone", phone.as_str())];
            if !ticket::step(app, no, from, State::Scanned, &locked).await? {
                return Box::pin(open(app, no, user, client)).await;
            }
            opened.record(app, "scan.open", State::Scanned, &phone, client).await?;
            opened.ask(app, user, relation).await
        }
        Ok(to) => {
            // A loser changes nothing: the faster one decided.
            if ticket::step(app, no, from, to, &[]).await? {
                opened.record(app, "scan.open", to, &phone, client).await?;
            }
            Ok(Outcome::Mismatch)
        }
        Err(Refusal::Already(State::Scanned)) => opened.ask(app, user, relation).await,
        Err(refusal) => Ok(opened.told(refusal)),
    }
}

async fn count_stranger(app: &App, no: &TicketNo) -> Result<u64, AppError> {
    let key = format!("strangers:{}", no.key(app));
    Ok(app.store.count(&key, app.settings.security.scan() * 4).await?)
}

/// 确认登录 with a number. The state moves first and the binding follows, so that a rejection at
/// the same moment leaves no binding behind; a code without its binding cannot be collected.
pub async fn confirm(
    app: &App,
    no: &TicketNo,
    user: &PhoneUser,
    reply: Reply<'_>,
    client: &Client,
) -> Result<Outcome, AppError> {
    let Some(opened) = load(app, no).await? else { return Ok(Outcome::Expired) };
    let phone = app.vault.index(user.open_id.as_str());
    let relation = opened.relation(app, user).await?;
    let event = Event::Confirm { phone: &phone, relation, number: reply.number };
    let to = match opened.ticket.facts.after(&event) {
        Ok(to) => to,
        Err(refusal) => return Ok(opened.told(refusal)),
    };
    let mut proof = bind::Proof::default();
    if to == State::Confirmed && relation == Match::Free {
        proof = match proven(app, &opened, user, reply.code).await? {
            Ok(proof) => proof,
            Err(again) => return Ok(again),
        };
    }
    if !ticket::step(app, no, State::Scanned, to, &[]).await? {
        return Box::pin(confirm(app, no, user, reply, client)).await;
    }
    opened.record(app, "scan.confirm", to, &phone, client).await?;
    match (to, relation) {
        (State::Confirmed, Match::Free) => bind_now(app, no, &opened, user, proof, client).await,
        (State::Confirmed, _) => Ok(Outcome::Confirmed(opened.ticket.purpose)),
        (State::Rejected, _) => Ok(Outcome::WrongNumber),
        _ => Ok(Outcome::Mismatch),
    }
}

/// The second proof that a first WeChat needs, if it needs one; else what to ask again.
async fn proven(
    app: &App,
    opened: &Opened,
    user: &PhoneUser,
    code: &str,
) -> Result<Result<bind::Proof, Outcome>, AppError> {
    let Some((account, _)) = &opened.owner else { return Ok(Err(Outcome::Mismatch)) };
    if let Some(proof) = bind::prove(app, account, &user.open_id, code).await? {
        return Ok(Ok(proof));
    }
    Ok(Err(match opened.ask(app, user, Match::Free).await? {
        Outcome::Ask(ask) => Outcome::WrongCode(ask),
        other => other,
    }))
}

async fn bind_now(
    app: &App,
    no: &TicketNo,
    opened: &Opened,
    user: &PhoneUser,
    proof: bind::Proof,
    client: &Client,
) -> Result<Outcome, AppError> {
    let account = &opened.ticket.account;
    let outcome = match bind::bind(app, account, &user.open_id, proof, &client.ip).await {
        Ok(Match::Bound) => return Ok(Outcome::Confirmed(opened.ticket.purpose)),
        Ok(Match::Free | Match::Other) => Outcome::Mismatch,
        Err(AppError::Refused(text)) => Outcome::Refused(text),
        Err(fault) => return Err(fault),
    };
    ticket::step(app, no, State::Confirmed, State::Mismatch, &[]).await?;
    Ok(outcome)
}

/// 不是我.
pub async fn reject(
    app: &App,
    no: &TicketNo,
    user: &PhoneUser,
    client: &Client,
) -> Result<Outcome, AppError> {
    let Some(opened) = load(app, no).await? else { return Ok(Outcome::Expired) };
    let phone = app.vault.index(user.open_id.as_str());
    if let Err(refusal) = opened.ticket.facts.after(&Event::Reject { phone: &phone }) {
        return Ok(opened.told(refusal));
    }
    if !ticket::step(app, no, State::Scanned, State::Rejected, &[]).await? {
        return Box::pin(reject(app, no, user, client)).await;
    }
    opened.record(app, "scan.reject", State::Rejected, &phone, client).await?;
    Ok(Outcome::Rejected)
}
