//! The life of a login code, as a pure machine: what may follow from what, and for whom.
//!
//! ```text
//! waiting ─ its WeChat opens it ─▶ scanned ─ right number ─▶ confirmed ─ its browser ─▶ consumed
//!    │ ▲                             │ 不是我, or a wrong number ─▶ rejected
//!    ▼ │ its WeChat opens it         ▼ another WeChat was bound meanwhile
//! mismatch ─ five strangers ─▶ rejected
//! ```
//! Whatever is not final expires.

use crate::{account::bind::Match, kernel::Timestamp};

/// After so many strangers a code is dead.
pub const MOST_STRANGERS: u64 = 5;

/// Where a login code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Shown on the PC.
    Waiting,
    /// Opened by a WeChat that may confirm; nobody else can.
    Scanned,
    /// Confirmed on the phone, not yet collected by the PC.
    Confirmed,
    /// Collected: the PC is signed in.
    Consumed,
    /// Refused on the phone, or a wrong number was picked.
    Rejected,
    /// Opened by a WeChat other than the bound one.
    Mismatch,
    /// Too late.
    Expired,
}

impl State {
    /// Every state, for reading and for tests.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Scanned,
        Self::Confirmed,
        Self::Consumed,
        Self::Rejected,
        Self::Mismatch,
        Self::Expired,
    ];

    /// The word in the store and in the poll's answer.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Scanned => "scanned",
            Self::Confirmed => "confirmed",
            Self::Consumed => "consumed",
            Self::Rejected => "rejected",
            Self::Mismatch => "mismatch",
            Self::Expired => "expired",
        }
    }

    /// Reads the word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Nothing follows.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Consumed | Self::Rejected | Self::Expired)
    }

    /// The state at `now` of a code that lives until `expires`.
    #[must_use]
    pub fn at(self, now: Timestamp, expires: Timestamp) -> Self {
        if self.is_final() || now < expires { self } else { Self::Expired }
    }
}

/// What the machine knows of a code. WeChats and secrets are told apart by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it is now, expiry included.
    pub state: State,
    /// The WeChat that opened it first and may confirm; empty before.
    pub phone: String,
    /// The number that the PC shows.
    pub number: String,
}

/// What happens to a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A WeChat opens the address in the code.
    Open {
        /// Its index.
        phone: &'a str,
        /// How it relates to the account.
        relation: Match,
        /// Strangers so far, this one included if it is one.
        strangers: u64,
    },
    /// 确认登录, with the number that was picked.
    Confirm {
        /// The WeChat that answers.
        phone: &'a str,
        /// How it relates to the account.
        relation: Match,
        /// The number.
        number: &'a str,
    },
    /// 不是我.
    Reject {
        /// The WeChat that answers.
        phone: &'a str,
    },
    /// The WeChat could not be bound, because another one was meanwhile.
    Unmatched,
    /// The PC collects.
    Collect(Collector),
}

/// What must hold of the browser and the account when a code is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent conditions, all needed")]
pub struct Collector {
    /// The browser holds the code's secret and the pre-auth session that it was made in; that
    /// session proves the password. A direct code is made without one.
    pub is_its_browser: bool,
    /// The account is active and its password and binding are those of the beginning.
    pub is_account_unchanged: bool,
    /// The profile is complete.
    pub is_profile_complete: bool,
    /// The WeChat that confirmed is the bound one.
    pub is_wechat_bound: bool,
}

/// Why nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has happened already; answer as then.
    Already(State),
    /// Another WeChat was first.
    Taken,
    /// The state does not allow it.
    Over(State),
    /// The collector is not entitled.
    NotEntitled,
}

impl Facts {
    /// The state that follows from an event.
    pub fn after(&self, event: &Event<'_>) -> Result<State, Refusal> {
        match event {
            Event::Open { phone, relation, strangers } => self.opened(phone, *relation, *strangers),
            Event::Confirm { phone, relation, number } => {
                self.answered(phone)?;
                Ok(match relation {
                    Match::Other => State::Mismatch,
                    Match::Bound | Match::Free if *number == self.number => State::Confirmed,
                    Match::Bound | Match::Free => State::Rejected,
                })
            }
            Event::Reject { phone } => self.answered(phone).map(|()| State::Rejected),
            Event::Unmatched if self.state == State::Confirmed => Ok(State::Mismatch),
            Event::Unmatched => Err(Refusal::Over(self.state)),
            Event::Collect(who) => self.collected(*who),
        }
    }

    fn opened(&self, phone: &str, relation: Match, strangers: u64) -> Result<State, Refusal> {
        match (self.state, relation) {
            (State::Waiting | State::Mismatch, Match::Bound | Match::Free) => Ok(State::Scanned),
            (State::Waiting | State::Mismatch, Match::Other) if strangers >= MOST_STRANGERS => {
                Ok(State::Rejected)
            }
            (State::Waiting | State::Mismatch, Match::Other) => Ok(State::Mismatch),
            (State::Expired, _) => Err(Refusal::Over(State::Expired)),
            (state, _) if self.phone == phone => Err(Refusal::Already(state)),
            _ => Err(Refusal::Taken),
        }
    }

    /// Only the WeChat that opened the code answers, and once.
    fn answered(&self, phone: &str) -> Result<(), Refusal> {
        match self.state {
            State::Waiting | State::Mismatch | State::Expired => Err(Refusal::Over(self.state)),
            _ if self.phone != phone => Err(Refusal::Taken),
            State::Scanned => Ok(()),
            done => Err(Refusal::Already(done)),
        }
    }

    fn collected(&self, who: Collector) -> Result<State, Refusal> {
        let is_entitled = who.is_its_browser
            && who.is_account_unchanged
            && who.is_profile_complete
            && who.is_wechat_bound;
        match self.state {
            State::Confirmed if is_entitled => Ok(State::Consumed),
            State::Confirmed => Err(Refusal::NotEntitled),
            State::Consumed => Err(Refusal::Already(State::Consumed)),
            other => Err(Refusal::Over(other)),
        }
    }
}

#[cfg(test)]
mod tests;
