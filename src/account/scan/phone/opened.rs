//! A code on the phone, with the units that it may be for.

use serde::Serialize;

use super::{
    Ask, Outcome,
    candidate::{self, Candidate, Candidates},
};
use crate::{
    account::{
        bind::Match,
        oauth::PhoneUser,
        scan::{Purpose, State, Ticket, TicketNo, state::Refusal, ticket},
    },
    staff::audit::{self, Actor, Entry},
    web::{App, AppError, Client},
};

/// A code that still stands.
pub(super) struct Opened {
    pub(super) ticket: Ticket,
    /// Index of the WeChat that is here.
    pub(super) phone: String,
    /// None for a new password of an account that does not exist, and for a WeChat that is bound
    /// to nothing.
    units: Candidates,
}

/// The code with its units, if it still stands.
pub(super) async fn load(
    app: &App,
    no: &TicketNo,
    user: &PhoneUser,
) -> Result<Option<Opened>, AppError> {
    let Some(ticket) = ticket::find(app, no).await? else { return Ok(None) };
    if !ticket::is_current(app, &ticket, no).await? {
        return Ok(None);
    }
    let units = candidate::find(app, &ticket, user).await?;
    let stands = match ticket.purpose {
        Purpose::Login => units.open.iter().any(|unit| unit.member.has_complete_profile()),
        Purpose::Reset | Purpose::Direct => true,
    };
    let phone = app.vault.index(user.open_id.as_str());
    Ok(stands.then_some(Opened { ticket, phone, units }))
}

impl Opened {
    /// How the WeChat relates to whatever the code may be for.
    pub(super) fn relation(&self) -> Match {
        self.units.open.first().map_or(Match::Other, |unit| unit.relation)
    }

    /// The unit that an answer is for: the only one, or the one that was picked.
    pub(super) fn chosen(&self, picked: &str) -> Option<&Candidate> {
        match self.units.open.as_slice() {
            [only] if picked.is_empty() => Some(only),
            units => units.iter().find(|unit| unit.account.id.as_str() == picked),
        }
    }

    /// The question to a WeChat that may answer it.
    pub(super) async fn ask(
        &self,
        app: &App,
        user: &PhoneUser,
        client: &Client,
    ) -> Result<Ask, AppError> {
        Ask::of(app, &self.ticket, &self.units.open, user, client).await
    }

    /// What a WeChat is told that no unit is open to.
    pub(super) fn stranger(&self) -> Outcome {
        match self.units.closed {
            Some(why) => Outcome::Closed(why),
            None => Outcome::Mismatch(self.ticket.purpose),
        }
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
            Refusal::Over(State::Mismatch) => self.stranger(),
            Refusal::Already(_) | Refusal::Over(_) | Refusal::NotEntitled => Outcome::Expired,
        }
    }

    /// Every transition is on record: which WeChat, from where, for which PC, and for whom where
    /// that is certain.
    pub(super) async fn record(
        &self,
        app: &App,
        action: &'static str,
        state: State,
        picked: &str,
        client: &Client,
    ) -> Result<(), AppError> {
        let (object_kind, object_id) = match self.chosen(picked) {
            Some(unit) => ("account", unit.account.id.to_string()),
            None => ("login", "unknown".to_owned()),
        };
        let detail = Detail {
            state: state.word(),
            wechat: &self.phone,
            browser: &self.ticket.browser,
            pc_ip: &self.ticket.ip,
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
