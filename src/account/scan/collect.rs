//! The PC's side of a login code: how it stands, and the one moment in which the browser that made
//! it is let in.
//!
//! The poll is a GET and yet collects. That is safe because what it acts upon never travels with
//! a foreign page: the poll secret and the pre-auth session are `SameSite=Strict`, `HttpOnly`
//! cookies of this browser, the address alone answers 404, and all that it can do is to give this
//! very browser the session that its own user has just confirmed on the phone, once.

use salvo::{Request, Response};

use super::{
    Purpose, State, Ticket, TicketNo,
    state::{Collector, Event},
    ticket,
};
use crate::{
    account::{
        Account,
        entry::{self, Way},
        store,
    },
    kernel::ids::AccountId,
    member::{self, Member},
    web::{
        App, AppError, Client, cookie,
        session::{self, Kind},
    },
};

/// How a code stands for the browser that made it and holds its secret in this cookie; for any
/// other there is no such code. One round trip to the store.
pub async fn state(
    app: &App,
    req: &Request,
    no: &TicketNo,
    holder: cookie::Name,
) -> Result<State, AppError> {
    let secret = cookie::peek(app, req, holder).ok_or(AppError::NotFound)?;
    let (state, wanted) = ticket::glance(app, no).await?.ok_or(AppError::NotFound)?;
    let index = app.vault.index(secret);
    let same =
        aws_lc_rs::constant_time::verify_slices_are_equal(index.as_bytes(), wanted.as_bytes());
    same.map(|()| state).map_err(|_| AppError::NotFound)
}

/// Lets the browser in, if everything holds: a confirmed code of this purpose, its secret and its
/// pre-auth session (the password; a direct code has none), an unchanged account, a complete
/// profile, and the bound WeChat. Answers the state that it led to.
pub async fn collect(
    app: &App,
    (req, res): (&Request, &mut Response),
    client: &Client,
    no: &TicketNo,
    purpose: Purpose,
) -> Result<State, AppError> {
    let Some(way) = way(purpose) else { return Ok(State::Expired) };
    let is_its_browser = state(app, req, no, purpose.holder()).await? == State::Confirmed;
    let Some(ticket) = ticket::find(app, no).await? else { return Ok(State::Expired) };
    if ticket.facts.state != State::Confirmed {
        return Ok(ticket.facts.state);
    }
    if ticket.purpose != purpose {
        return Ok(State::Expired);
    }
    let is_its_session = is_its_session(app, req, &ticket).await?;
    let (account, member) = owner(app, &ticket).await?;
    let is_wechat_bound = is_wechat_bound(app, &ticket).await?;
    let collector = Collector {
        is_its_browser: is_its_browser && is_its_session,
        is_account_unchanged: account.is_some(),
        is_profile_complete: member.is_some_and(|member| member.has_complete_profile()),
        is_wechat_bound,
    };
    if !is_wechat_bound && collector.is_account_unchanged {
        // The binding is being written at this moment; the next poll sees it.
        return Ok(State::Scanned);
    }
    let Some(account) = account else { return Ok(State::Expired) };
    if ticket.facts.after(&Event::Collect(collector)) != Ok(State::Consumed) {
        return Ok(State::Expired);
    }
    if !ticket::step(app, no, State::Confirmed, State::Consumed, &[]).await? {
        // Another poll of this browser was faster and carries the session.
        return Ok(State::Consumed);
    }
    session::end(app, req, res, Kind::PreAuth).await?;
    let by = (way, ticket.facts.phone.as_str());
    entry::enter(app, (req, res), client, &account, by).await?;
    Ok(State::Confirmed)
}

/// How such a code leads in; a code for a new password does not.
const fn way(purpose: Purpose) -> Option<Way> {
    match purpose {
        Purpose::Login => Some(Way::Scan),
        Purpose::Direct => Some(Way::Direct),
        Purpose::Reset => None,
    }
}

/// The password was right in this browser; a direct code asks for none.
async fn is_its_session(app: &App, req: &Request, ticket: &Ticket) -> Result<bool, AppError> {
    if ticket.purpose == Purpose::Direct {
        return Ok(true);
    }
    let pre_auth = session::find(app, req, Kind::PreAuth).await?;
    let account = ticket.account.as_ref().map(AccountId::as_str);
    Ok(pre_auth.is_some_and(|session| {
        session.id == ticket.pre_auth && Some(session.subject.as_str()) == account
    }))
}

/// The account, if it is still what it was when the code was made for it, and its unit.
pub(in crate::account) async fn owner(
    app: &App,
    ticket: &Ticket,
) -> Result<(Option<Account>, Option<Member>), AppError> {
    let Some(account) = &ticket.account else { return Ok((None, None)) };
    let account = store::by_id(&app.db, account.as_str())
        .await?
        .filter(|account| account.is_active && account.session_generation == ticket.generation);
    let Some(account) = account else { return Ok((None, None)) };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    Ok((Some(account), member))
}

pub(in crate::account) async fn is_wechat_bound(
    app: &App,
    ticket: &Ticket,
) -> Result<bool, AppError> {
    let Some(account) = &ticket.account else { return Ok(false) };
    let binding = store::binding(&app.db, &app.vault, account).await?;
    let bound = binding.map(|binding| app.vault.index(binding.open_id.as_str()));
    Ok(bound.as_deref() == Some(ticket.facts.phone.as_str()))
}
