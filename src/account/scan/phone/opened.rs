//! A code on the phone, with the account that it is for.

use serde::Serialize;

use super::{Ask, Outcome};
use crate::{
    account::{
        Account, bind,
        bind::Match,
        oauth::PhoneUser,
        scan::{Purpose, State, Ticket, TicketNo, state::Refusal, ticket},
        store,
    },
    kernel::identity::masked_name,
    member::{self, Member},
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, Client},
};

/// A code that still stands.
pub(super) struct Opened {
    pub ticket: Ticket,
    /// None when somebody asked for a new password of an account that does not exist: no WeChat
    /// fits that one.
    pub owner: Option<(Account, Member)>,
}

/// The code with its account, if both still stand.
pub(super) async fn load(app: &App, no: &TicketNo) -> Result<Option<Opened>, AppError> {
    let Some(ticket) = ticket::find(app, no).await? else { return Ok(None) };
    if !ticket::is_current(app, &ticket, no).await? {
        return Ok(None);
    }
    let owner = owner(app, &ticket).await?;
    let stands = match ticket.purpose {
        Purpose::Login => owner.as_ref().is_some_and(|(_, unit)| unit.has_complete_profile()),
        Purpose::Reset => true,
    };
    Ok(stands.then_some(Opened { ticket, owner }))
}

/// The account as it was when the code was made, and its unit.
async fn owner(app: &App, ticket: &Ticket) -> Result<Option<(Account, Member)>, AppError> {
    let stands =
        |account: &Account| account.is_active && account.session_generation == ticket.generation;
    let account = store::by_id(&app.db, ticket.account.as_str()).await?.filter(stands);
    let Some(account) = account else { return Ok(None) };
    let member = member::store::find(&app.db, &app.vault, &account.member_id).await?;
    Ok(member.map(|member| (account, member)))
}

impl Opened {
    /// How a WeChat relates to the account. A new password is for the bound one alone.
    pub(super) async fn relation(&self, app: &App, user: &PhoneUser) -> Result<Match, AppError> {
        let Some((account, _)) = &self.owner else { return Ok(Match::Other) };
        let relation = bind::compare(app, &account.id, &user.open_id).await?;
        Ok(match (self.ticket.purpose, relation) {
            (Purpose::Reset, Match::Free) => Match::Other,
            (_, relation) => relation,
        })
    }

    /// The question to a WeChat that may answer it.
    pub(super) async fn ask(
        &self,
        app: &App,
        user: &PhoneUser,
        relation: Match,
    ) -> Result<Outcome, AppError> {
        let Some((account, member)) = &self.owner else { return Ok(Outcome::Mismatch) };
        let binds = relation == Match::Free;
        let ticket = &self.ticket;
        Ok(Outcome::Ask(Ask {
            purpose: ticket.purpose,
            unit: masked_name(&member.name),
            browser: ticket.browser.clone(),
            is_known_device: ticket.is_known_device,
            ip: ticket.ip.clone(),
            at: ticket.created.to_second(),
            numbers: ticket.numbers.clone(),
            binds,
            needs_code: binds && bind::needs_code(app, account, &user.open_id).await?,
        }))
    }

    /// How it stands for somebody whose step was refused.
    pub(super) fn told(&self, refusal: Refusal) -> Outcome {
        match refusal {
            Refusal::Already(State::Confirmed | State::Consumed) => {
                Outcome::Confirmed(self.ticket.purpose)
            }
            Refusal::Already(State::Rejected) => Outcome::Rejected,
            Refusal::Taken if self.ticket.facts.state == State::Rejected => Outcome::Expired,
            Refusal::Taken => Outcome::Taken,
            Refusal::Over(State::Mismatch) => Outcome::Mismatch,
            Refusal::Already(_) | Refusal::Over(_) | Refusal::NotEntitled => Outcome::Expired,
        }
    }

    /// Every transition is on record: which WeChat, from where, for which PC.
    pub(super) async fn record(
        &self,
        app: &App,
        action: &'static str,
        state: State,
        phone: &str,
        client: &Client,
    ) -> Result<(), AppError> {
        let Self { ticket, owner } = self;
        let (object_kind, object_id) = match owner {
            Some((account, _)) => ("account", account.id.to_string()),
            None => ("login", "unknown".to_owned()),
        };
        let detail = Detail {
            state: state.word(),
            wechat: phone,
            browser: &ticket.browser,
            pc_ip: &ticket.ip,
        };
        let entry = Entry {
            actor: Actor::Visitor,
            action,
            object_kind,
            object_id,
            reason: String::new(),
            detail,
            ip: client.ip.clone(),
        };
        Ok(audit::record(&app.db, &app.ids, app.clock.now(), &entry).await?)
    }
}

#[derive(Serialize)]
struct Detail<'a> {
    state: &'static str,
    /// Index of the openid.
    wechat: &'a str,
    browser: &'a str,
    pc_ip: &'a str,
}
