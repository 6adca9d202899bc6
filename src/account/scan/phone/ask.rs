//! What the phone page asks, and what it gets back.

use super::candidate::Candidate;
use crate::{
    account::{bind, bind::Match, device, oauth::PhoneUser, scan::Purpose, scan::Ticket},
    kernel::identity::masked_name,
    web::{App, AppError, Client},
};

/// What the phone page asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What confirming leads to.
    pub purpose: Purpose,
    /// The unit, or those to choose from.
    pub units: Vec<Unit>,
    /// The PC's browser.
    pub browser: String,
    /// The PC's address, without its last part.
    pub ip: String,
    /// The phone has the same address: both are at the same place.
    pub is_same_network: bool,
    /// When the code was made.
    pub at: String,
    /// Three numbers to choose from.
    pub numbers: Vec<String>,
    /// Nothing is bound yet: confirming binds this WeChat.
    pub binds: bool,
    /// Binding needs a code of the secretariat.
    pub needs_code: bool,
}

/// A unit that confirming may lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The account's id.
    pub id: String,
    /// The name, masked.
    pub name: String,
    /// The last four characters of the code, which tell two units with like names apart.
    pub tail: String,
    /// The unit was signed in in the PC's browser before.
    pub is_known_device: bool,
}

/// What the phone sends back.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The number that was picked.
    pub number: &'a str,
    /// The unit that was picked, where there were several.
    pub unit: &'a str,
    /// The secretariat's code for a first WeChat, where it was asked for.
    pub code: &'a str,
}

/// What an answer lacks; it costs nothing, and the question comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// No number was picked.
    Number,
    /// No unit was picked, or one that is not there.
    Unit,
    /// The secretariat's code for a first WeChat is missing or wrong.
    Code,
}

impl Ask {
    /// The question about a code, to a WeChat that may answer it.
    pub(super) async fn of(
        app: &App,
        ticket: &Ticket,
        units: &[Candidate],
        user: &PhoneUser,
        client: &Client,
    ) -> Result<Self, AppError> {
        let mut shown = Vec::new();
        let (mut binds, mut needs_code) = (false, false);
        for Candidate { account, member, relation } in units {
            let known = device::known(app, account, Some(&ticket.device)).await?;
            if *relation == Match::Free {
                binds = true;
                needs_code = bind::needs_code(app, account, &user.open_id).await?;
            }
            let code = account.uscc.as_str();
            shown.push(Unit {
                id: account.id.to_string(),
                name: masked_name(&member.name),
                tail: code.get(code.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
                is_known_device: known.is_some(),
            });
        }
        Ok(Self {
            purpose: ticket.purpose,
            units: shown,
            browser: ticket.browser.clone(),
            ip: Client::masked(&ticket.ip),
            is_same_network: !ticket.ip.is_empty() && ticket.ip == client.ip,
            at: ticket.created.to_second(),
            numbers: ticket.numbers.clone(),
            binds,
            needs_code,
        })
    }
}
