//! The phone's side of a login code: open, confirm, reject.

mod ask;
mod candidate;
mod opened;

pub use self::ask::{Ask, Reply, Slip, Unit};
use self::{
    candidate::Candidate,
    opened::{Opened, load},
};
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
    /// The answer lacked something; the question again.
    Again(Ask, Slip),
    /// 确认登录 was accepted, now or before.
    Confirmed(Purpose),
    /// 不是我 was accepted, now or before.
    Rejected,
    /// Another number than the PC's was picked; the code is dead.
    WrongNumber,
    /// Another WeChat is bound, or this one to nothing.
    Mismatch(Purpose),
    /// It is bound, but its unit cannot come in this way now; the text is for the user.
    Closed(&'static str),
    /// Another WeChat opened the code first.
    Taken,
    /// There is no such code, or no longer.
    Expired,
    /// A rule forbids to bind; the text is for the user.
    Refused(String),
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
    let Some(opened) = load(app, no, user).await? else { return Ok(Outcome::Expired) };
    let (phone, relation) = (opened.phone.as_str(), opened.relation());
    let from = opened.ticket.facts.state;
    let is_stranger = relation == Match::Other && matches!(from, State::Waiting | State::Mismatch);
    let strangers = if is_stranger { count_stranger(app, no).await? } else { 0 };
    match opened.ticket.facts.after(&Event::Open { phone, relation, strangers }) {
        Ok(State::Scanned) => {
            if !ticket::step(app, no, from, State::Scanned, &[("phone", phone)]).await? {
                return Box::pin(open(app, no, user, client)).await;
            }
            opened.record(app, "scan.open", State::Scanned, "", client).await?;
            Ok(Outcome::Ask(opened.ask(app, user, client).await?))
        }
        Ok(to) => {
            // A loser changes nothing: the faster one decided.
            if ticket::step(app, no, from, to, &[]).await? {
                opened.record(app, "scan.open", to, "", client).await?;
            }
            Ok(opened.stranger())
        }
        Err(Refusal::Already(State::Scanned)) if relation == Match::Other => Ok(opened.stranger()),
        Err(Refusal::Already(State::Scanned)) => {
            Ok(Outcome::Ask(opened.ask(app, user, client).await?))
        }
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
    if reply.number.is_empty() {
        // Nothing was picked: that is a slip, not a wrong answer.
        return Ok(match open(app, no, user, client).await? {
            Outcome::Ask(ask) => Outcome::Again(ask, Slip::Number),
            other => other,
        });
    }
    let Some(opened) = load(app, no, user).await? else { return Ok(Outcome::Expired) };
    let chosen = opened.chosen(reply.unit);
    let relation = chosen.map_or_else(|| opened.relation(), |unit| unit.relation);
    let event = Event::Confirm { phone: &opened.phone, relation, number: reply.number };
    let to = match opened.ticket.facts.after(&event) {
        Ok(to) => to,
        Err(refusal) => return Ok(opened.told(refusal)),
    };
    let entering = match (to, chosen) {
        (State::Confirmed, None) => {
            return Ok(Outcome::Again(opened.ask(app, user, client).await?, Slip::Unit));
        }
        (State::Confirmed, Some(unit)) => match proven(app, unit, user, reply.code).await? {
            Some(proof) => Some((unit, proof)),
            None => return Ok(Outcome::Again(opened.ask(app, user, client).await?, Slip::Code)),
        },
        _ => None,
    };
    let generation = chosen.map_or(0, |unit| unit.account.session_generation).to_string();
    let whose = chosen.map_or("", |unit| unit.account.id.as_str());
    let set = [("account", whose), ("generation", generation.as_str())];
    let set = if to == State::Confirmed { &set[..] } else { &[] };
    if !ticket::step(app, no, State::Scanned, to, set).await? {
        return Box::pin(confirm(app, no, user, reply, client)).await;
    }
    opened.record(app, "scan.confirm", to, reply.unit, client).await?;
    match (to, entering) {
        (State::Confirmed, Some((unit, proof))) if unit.relation == Match::Free => {
            bind_now(app, no, &opened, unit, (user, proof), client).await
        }
        (State::Confirmed, _) => Ok(Outcome::Confirmed(opened.ticket.purpose)),
        (State::Rejected, _) => Ok(Outcome::WrongNumber),
        _ => Ok(opened.stranger()),
    }
}

/// The second proof that a first WeChat needs, if it needs one and it is given.
async fn proven(
    app: &App,
    unit: &Candidate,
    user: &PhoneUser,
    code: &str,
) -> Result<Option<bind::Proof>, AppError> {
    if unit.relation != Match::Free {
        return Ok(Some(bind::Proof::default()));
    }
    bind::prove(app, &unit.account, &user.open_id, code).await
}

async fn bind_now(
    app: &App,
    no: &TicketNo,
    opened: &Opened,
    unit: &Candidate,
    (user, proof): (&PhoneUser, bind::Proof),
    client: &Client,
) -> Result<Outcome, AppError> {
    let account = &unit.account.id;
    let outcome = match bind::bind(app, account, &user.open_id, proof, &client.ip).await {
        Ok(Match::Bound) => return Ok(Outcome::Confirmed(opened.ticket.purpose)),
        Ok(Match::Free | Match::Other) => opened.stranger(),
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
    let Some(opened) = load(app, no, user).await? else { return Ok(Outcome::Expired) };
    if let Err(refusal) = opened.ticket.facts.after(&Event::Reject { phone: &opened.phone }) {
        return Ok(opened.told(refusal));
    }
    if !ticket::step(app, no, State::Scanned, State::Rejected, &[]).await? {
        return Box::pin(reject(app, no, user, client)).await;
    }
    opened.record(app, "scan.reject", State::Rejected, "", client).await?;
    Ok(Outcome::Rejected)
}
