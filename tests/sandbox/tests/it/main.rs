//! The sandbox against a merchant that is written here from WeChat's documents.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod account;
mod door;
mod merchant;
mod notices;
mod orders;
mod phone;
mod shop;
mod transport;
