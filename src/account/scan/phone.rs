//! The phone's side of a login code: open, confirm, reject.

use serde::Serialize;

use super::{
    State, Ticket, TicketNo,
    state::{Event, Refusal},
    ticket,
};
use crate::{
    account::{Account, bind, bind::Match, oauth::PhoneUser, store},
    member::{self, Member},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, Client},
};

/// What the phone is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It may confirm.
    Ask(Ask),
    /// 确认登录 was accepted, now or before.
    Confirmed,
    /// 不是我 was accepted, now or before.
    Rejected,
    /// Another number than the PC's was picked; the code is dead.
    WrongNumber,
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
    /// The unit, masked.
    pub unit: String,
    /// The PC's browser.
    pub browser: String,
    /// The PC's address.
    pub ip: String,
    /// When the code was made.
    pub at: String,
    /// Three numbers to choose from.
    pub numbers: Vec<String>,
    /// Nothing is bound yet: confirming binds this WeChat.
    pub binds: bool,
}

struct Opened {
    ticket: Ticket,
    account: Account,
    member: Member,
}

/// The code with its account, if both still stand.
async fn load(app: &App, no: &TicketNo) -> Result<Option<Opened>, AppError> {
    let Some(ticket) = ticket::find(app, no).await? else { return Ok(None) };
    if !ticket::is_current(app, &ticket.account, no).await? {
        return Ok(None);
    }
    let account = store::by_id(&app.db, ticket.account.as_str()).await?;
    let stands =
        |account: &Account| account.is_active && account.session_generation == ticket.generation;
    let Some(account) = account.filter(stands) else { return Ok(None) };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    let member = member.filter(Member::has_complete_profile);
    Ok(member.map(|member| Opened { ticket, account, member }))
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
    let relation = bind::compare(app, &opened.account.id, &user.open_id).await?;
    let from = opened.ticket.facts.state;
    let is_stranger = relation == Match::Other && matches!(from, State::Waiting | State::Mismatch);
    let strangers = if is_stranger { count_stranger(app, no).await? } else { 0 };
    let event = Event::Open { phone: &phone, relation, strangers };
    let outcome = match opened.ticket.facts.after(&event) {
        Ok(State::Scanned) => {
            let locked = [("phone", phone.as_str())];
            if !ticket::step(app, no, from, State::Scanned, &locked).await? {
                return Box::pin(open(app, no, user, client)).await;
            }
            record(app, &opened, "scan.open", State::Scanned, &phone, client).await?;
            ask(&opened, relation)
        }
        Ok(to) => {
            // A loser changes nothing: the faster one decided.
            if ticket::step(app, no, from, to, &[]).await? {
                record(app, &opened, "scan.open", to, &phone, client).await?;
            }
            Outcome::Mismatch
        }
        Err(Refusal::Already(State::Scanned)) => ask(&opened, relation),
        Err(refusal) => told(&opened.ticket, refusal),
    };
    Ok(outcome)
}

async fn count_stranger(app: &App, no: &TicketNo) -> Result<u64, AppError> {
    let key = format!("strangers:{}", no.key(app));
    Ok(app.store.count(&key, app.settings.security.scan() * 4).await?)
}

fn ask(opened: &Opened, relation: Match) -> Outcome {
    let ticket = &opened.ticket;
    Outcome::Ask(Ask {
        unit: crate::kernel::identity::masked_name(&opened.member.name),
        browser: ticket.browser.clone(),
        ip: ticket.ip.clone(),
        at: ticket.created.to_second(),
        numbers: ticket.numbers.clone(),
        binds: relation == Match::Free,
    })
}

/// How it stands for somebody whose step was refused.
fn told(ticket: &Ticket, refusal: Refusal) -> Outcome {
    match refusal {
        Refusal::Already(State::Confirmed | State::Consumed) => Outcome::Confirmed,
        Refusal::Already(State::Rejected) => Outcome::Rejected,
        Refusal::Taken if ticket.facts.state == State::Rejected => Outcome::Expired,
        Refusal::Taken => Outcome::Taken,
        Refusal::Over(State::Mismatch) => Outcome::Mismatch,
        Refusal::Already(_) | Refusal::Over(_) | Refusal::NotEntitled => Outcome::Expired,
    }
}

/// 确认登录 with a number. The state moves first and the binding follows, so that a rejection at
/// the same moment leaves no binding behind; a code without its binding cannot be collected.
pub async fn confirm(
    app: &App,
    no: &TicketNo,
    user: &PhoneUser,
    number: &str,
    client: &Client,
) -> Result<Outcome, AppError> {
    let Some(opened) = load(app, no).await? else { return Ok(Outcome::Expired) };
    let phone = app.vault.index(user.open_id.as_str());
    let relation = bind::compare(app, &opened.account.id, &user.open_id).await?;
    let event = Event::Confirm { phone: &phone, relation, number };
    let to = match opened.ticket.facts.after(&event) {
        Ok(to) => to,
        Err(refusal) => return Ok(told(&opened.ticket, refusal)),
    };
    if !ticket::step(app, no, State::Scanned, to, &[]).await? {
        return Box::pin(confirm(app, no, user, number, client)).await;
    }
    record(app, &opened, "scan.confirm", to, &phone, client).await?;
    match (to, relation) {
        (State::Confirmed, Match::Free) => bind_now(app, no, &opened, user, client).await,
        (State::Confirmed, _) => Ok(Outcome::Confirmed),
        (State::Rejected, _) => Ok(Outcome::WrongNumber),
        _ => Ok(Outcome::Mismatch),
    }
}

async fn bind_now(
    app: &App,
    no: &TicketNo,
    opened: &Opened,
    user: &PhoneUser,
    client: &Client,
) -> Result<Outcome, AppError> {
    let outcome = match bind::bind(app, &opened.account.id, &user.open_id, &client.ip).await {
        Ok(Match::Bound) => return Ok(Outcome::Confirmed),
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
        return Ok(told(&opened.ticket, refusal));
    }
    if !ticket::step(app, no, State::Scanned, State::Rejected, &[]).await? {
        return Box::pin(reject(app, no, user, client)).await;
    }
    record(app, &opened, "scan.reject", State::Rejected, &phone, client).await?;
    Ok(Outcome::Rejected)
}

#[derive(Serialize)]
struct Detail<'a> {
    state: &'static str,
    /// Index of the openid.
    wechat: &'a str,
    browser: &'a str,
    pc_ip: &'a str,
}

/// Every transition is on record: which WeChat, from where, for which PC.
async fn record(
    app: &App,
    opened: &Opened,
    action: &'static str,
    state: State,
    phone: &str,
    client: &Client,
) -> Result<(), AppError> {
    let ticket = &opened.ticket;
    let detail =
        Detail { state: state.word(), wechat: phone, browser: &ticket.browser, pc_ip: &ticket.ip };
    let entry = Entry {
        actor: Actor::Visitor,
        action,
        object_kind: "account",
        object_id: opened.account.id.to_string(),
        reason: String::new(),
        detail,
        ip: client.ip.clone(),
    };
    Ok(audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?)
}
