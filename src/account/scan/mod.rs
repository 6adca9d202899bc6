//! The login code: made on the PC after the password, opened and confirmed in WeChat, collected
//! once by the browser that made it (wechat.md 10).
//!
//! The address in the code is no secret: whoever sees it can open it, but only the account's
//! WeChat can confirm it, and only the browser that holds the poll secret can collect it. Every
//! step is one compare-and-set in the shared store, so parallel requests have one outcome.

pub mod collect;
pub mod phone;
pub mod start;
pub mod state;
pub mod ticket;

pub use state::State;
pub use ticket::{Purpose, Ticket, TicketNo};
