//! **huiyuan** (会员): the member-service platform of an industry association.
//!
//! Units register on a phone or a PC, the secretariat reviews them, members sign in with a password
//! *and* a WeChat scan, pay their dues online or by transfer, and finance can prove where every fen
//! went. This page is the map of the house; every link on it is checked by the compiler.
//!
//! # The rooms
//!
//! A room may use only rooms below it; `tests/it/architecture.rs` holds the code to that.
//!
//! | Room | What lives there |
//! |---|---|
//! | [`kernel`] | values that are valid by construction: money, ids, identities, time, secrets |
//! | [`db`] | connections that survive cancelled queries, transactions, migrations |
//! | [`session`] | short-lived shared state, in the process or in Redis |
//! | [`wechat`] | WeChat's protocols: web authorisation, template messages and Pay v3; knows no business |
//! | [`web`] | the HTTP edge: application, forms, pages, sessions, errors, assets |
//! | [`setting`] | the association's own texts |
//! | [`file`](mod@file) | uploads: checked by content, stored privately |
//! | [`staff`] | administrators, roles, the audit log |
//! | [`notice`] | the outbox of notices: queued with what causes them, retried, dead letters |
//! | [`member`] | the unit, its level and profile |
//! | [`account`] | password, scan, WeChat binding, the guards of the member pages |
//! | [`ledger`] | append-only double entry |
//! | [`dues`] | standards, bills, money applied to bills |
//! | [`registration`] | draft, submit, progress, amend, withdraw, review in one or two steps |
//! | [`payment`] | checkout, notification, settling, sweep |
//! | [`offline`] | transfers: submitted by members, decided by finance |
//! | [`receipt`] | 缴费凭据 to print, and the check that one is genuine |
//! | [`refund`] | money back: asked for, approved, given back by WeChat or by transfer |
//! | [`reconcile`] | are the books right: WeChat's daily bill, verify, export |
//! | [`report`] | home pages and dashboard, from every slice's public queries |
//! | [`routes`], [`config`], [`jobs`], [`server`], [`cli`] | URLs, settings, timers, assembly, command line |
//!
//! Inside a slice the files have the same roles everywhere: `model` (types and rules), `store` (all
//! SQL, private), a file per use case named by its verb, and `h5`, `pc`, `admin` (handlers and pages).
//!
//! # Walkthrough: a unit becomes a member
//!
//! [`registration::submit`] parses the form and stores it; unique keys decide who was first.
//! [`registration::review`] approves in one transaction: the registration's state,
//! [`member::create`], [`account::create`], the year's bill by [`dues::issue()`], the audit row and
//! the queued notice.
//!
//! # Walkthrough: scan login
//!
//! [`account::sign_in`] checks the password and opens a *pre-auth* session, which opens nothing but
//! the profile and the scan ([`account::PreAuth`]). [`account::scan`] makes a ticket; the phone proves
//! its openid through [`account::oauth`] and confirms with the number that the PC shows;
//! [`account::bind`] binds the first WeChat and compares every later one. The poll of the PC consumes
//! the confirmed ticket once and becomes a full session ([`account::SignedIn`]).
//!
//! # Walkthrough: a year's bills
//!
//! Staff start a [`dues::run`]; the job stores its preview line by line ([`dues::plan`] says who owes
//! how much and why, [`dues::join`] what newcomers owe), a person approves it, and the job issues the
//! bills in batches, each one transaction that also notes how far it came. What a bill is afterwards
//! follows from its numbers ([`dues::Amounts`]): money is put on by [`dues::apply()`] and taken off by
//! [`dues::take_back()`], waivers ([`dues::waiver`]) need a second person, and whether a year's
//! membership is valid is derived each time ([`dues::validity()`]).
//!
//! # Walkthrough: dues paid
//!
//! [`payment::checkout`] makes an order from bills and an attempt for WeChat. [`payment::notify`]
//! lets [`wechat::pay::notice`] verify and decrypt WeChat's notification; [`payment::settle`] books it
//! in one transaction: attempt, order, [`dues::apply_each()`], [`ledger::post()`], audit, notice; only then
//! WeChat is answered 204. [`payment::sweep`] asks about attempts that nobody heard of and feeds the
//! same function.
//!
//! # Walkthrough: a refund
//!
//! [`refund::admin`] sets the sum aside and fixes the number; a second person approves;
//! [`refund::push`] submits it outside any transaction and asks until it has ended;
//! [`refund::conclude`] believes a verified notice or answer once: [`dues::take_back()`],
//! [`ledger::post()`], audit, notice. [`reconcile::verify`] proves afterwards that every fen is on a
//! bill, refunded or parked.

pub mod account;
pub mod cli;
pub mod config;
pub mod db;
pub mod dues;
pub mod file;
pub mod jobs;
pub mod kernel;
pub mod ledger;
pub mod member;
pub mod notice;
pub mod offline;
pub mod payment;
pub mod receipt;
pub mod reconcile;
pub mod refund;
pub mod registration;
pub mod report;
pub mod routes;
pub mod server;
pub mod session;
pub mod setting;
pub mod staff;
pub mod web;
pub mod wechat;
