//! The integration tests: sentences about behaviour, told through HTTP against the real parts.
//!
//! `TEST_MYSQL_URL` and `TEST_REDIS_URL` choose MariaDB and Redis instead of SQLite and memory.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so where it stands"
)]

mod support;

mod account;
mod architecture;
mod config;
mod database_death;
mod dues;
mod edge;
mod file;
mod links;
mod member;
mod migrations;
mod notice;
mod offline;
mod pages;
mod panic;
mod payment;
mod process;
mod profile;
mod progress;
mod receipt;
mod refund;
mod registration;
mod report;
mod review;
mod staff;
