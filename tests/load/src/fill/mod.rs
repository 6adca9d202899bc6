//! Fills an empty, migrated database with what an association has after ten years: members,
//! applications, bills, payments and their books. The same rows at every run, but for the nonces
//! of what is sealed. `huiyuan ledger verify` finds nothing wrong with them.

mod applications;
mod batch;
mod facts;
mod members;
mod payments;
mod transfers;

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use huiyuan::{
    db::{self, Db},
    kernel::{Secret, Vault, password::Hasher},
};

use batch::Writer;
use members::Shared;

pub use facts::{Size, Unit, moment};

use crate::{Result, product::DATA_KEY};

/// The password of every member.
pub const PASSWORD: &str = "Member-pass-1!";

/// Fills the database behind `url`.
pub async fn fill(url: &str, size: Size) -> Result<()> {
    let started = Instant::now();
    let db =
        Db::connect(&db::Settings::new(url)).await?.with_query_limit(Duration::from_mins(1))?;
    let vault = Vault::new(&Secret::new(DATA_KEY))?;
    let hash = Hasher::new(1, 19_456, 2)?.hash(&Secret::new(PASSWORD), [7; 16]).await?;
    let with = Shared { vault: &vault, hash: &hash, size };
    let mut writer = Writer::new(&db);
    members::write(&mut writer, with).await?;
    applications::write(&mut writer, with).await?;
    let told = |done| {
        // Nobody may be listening.
        let _ = write!(std::io::stderr(), "\r  {done} of {} payments", size.payments);
    };
    payments::write(&mut writer, size, told).await?;
    eprintln!();
    println!(
        "filled: {} members, {} applications, {} bills and payments in {:.0} s",
        size.members(),
        size.applications(),
        size.payments,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
