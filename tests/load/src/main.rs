//! The load harness: the release product beside what no server can beat, interleaved in one run.
//!
//! `notify` is W1, `poll` W2 and W4, `signing` W3 and W5, `flood` W6, `lists` W7 and W8, `start` W10
//! and W11, `growth` W12, `proof` the checking of the books; `fill` makes the databases of the last. `drive` and `wire` are the
//! client, `machine` reads processor time and memory from `/proc`, `seed` fills tables. A target
//! that is missed is told, not an error; a wrong answer or books that are off by one fen are.
//! How to run it and what each figure means stands in the README beside it.

mod drive;
mod estate;
mod fill;
mod flood;
mod growth;
mod hello;
mod lists;
mod machine;
mod notify;
mod options;
mod place;
mod poll;
mod product;
mod proof;
mod report;
mod seed;
mod signing;
mod start;
mod stats;
mod visitor;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;

use options::{Cli, Command, Options};
use place::Place;
use report::Report;

/// Whatever goes wrong ends the run with its text.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> ExitCode {
    // Two TLS stacks are linked; without a choice the MySQL driver panics.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let done = match Cli::parse().command {
        Command::Hello { address } => hello::serve(address).await,
        Command::Fill { url, payments } => fill::fill(&url, fill::Size { payments }).await,
        Command::Run(options) => run(options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<()> {
    let mut report = Report::new(&options.out)?;
    let place = Place::prepare(options).await?;
    println!("load average at the start: {}", machine::load_average());
    let wants = |workload: &str| place.options.wants(workload);
    if wants("W11") {
        start::weigh(&place, &mut report)?;
    }
    if wants("W10") {
        start::measure(&place, &mut report).await?;
    }
    if wants("W1") {
        let (server, _) = place.product.serve().await?;
        notify::measure(&place, &server, &mut report).await?;
        server.stop().await?;
    }
    // Each on a fresh server: memory of one must not count for the other.
    if wants("W2") || wants("W4") {
        let (server, _) = place.product.serve().await?;
        if wants("W2") {
            poll::measure(&place, &server, &mut report).await?;
        }
        if wants("W4") {
            poll::measure_page(&place, &server, &mut report).await?;
        }
        server.stop().await?;
    }
    if wants("W6") {
        let (server, _) = place.product.serve().await?;
        flood::measure(&place, &server, &mut report).await?;
        server.stop().await?;
    }
    if wants("W3") || wants("W5") {
        let (server, _) = place.product.serve().await?;
        if wants("W3") {
            signing::measure_codes(&place, &server, &mut report).await?;
        }
        if wants("W5") {
            signing::measure(&place, &server, &mut report).await?;
        }
        server.stop().await?;
    }
    if ["W7", "W8", "W12", "LV"].into_iter().any(wants) {
        estates(&place, &wants, &mut report).await?;
    }
    println!("load average at the end: {}\n\n{}", machine::load_average(), report.table());
    Ok(())
}

/// What is measured on filled databases: the check of the books first, because notices that come
/// later belong to bills that are only half there.
async fn estates(place: &Place, wants: &impl Fn(&str) -> bool, report: &mut Report) -> Result<()> {
    let pair = lists::Pair::open(place).await?;
    if wants("LV") {
        proof::measure(place, &pair.large.0, report).await?;
    }
    if wants("W7") || wants("W8") {
        lists::measure(place, &pair, report).await?;
    }
    if wants("W12") {
        growth::measure(place, &pair, report).await?;
    }
    pair.stop().await
}
