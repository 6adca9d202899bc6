//! What the harness is told on its command line; `tests/load/run` tells it.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};

use crate::machine::Process;

/// Measures the release product beside what no server can beat.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measure.
    Run(Options),
    /// Fill an empty, migrated database.
    Fill {
        /// `mysql://…` or `sqlite://…`.
        url: String,
        /// Paid bills; a tenth as many members, a fiftieth as many applications.
        #[arg(long, default_value_t = 1_000_000)]
        payments: i64,
    },
    /// Be the hello server that is compared with.
    Hello {
        /// Where to listen.
        address: SocketAddr,
    },
}

/// How to measure.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The release program.
    #[arg(long)]
    pub product: PathBuf,
    /// Where logs, keys and raw rows go.
    #[arg(long)]
    pub out: PathBuf,
    /// An empty database: `mysql://…`.
    #[arg(long)]
    pub mysql: String,
    /// The database server's process.
    #[arg(long)]
    pub mysql_pid: u32,
    /// Redis' address.
    #[arg(long)]
    pub redis: SocketAddr,
    /// Redis' process.
    #[arg(long)]
    pub redis_pid: u32,
    /// Rounds of every comparison.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// W1: payments in a turn.
    #[arg(long, default_value_t = 6000)]
    pub payments: usize,
    /// W2, W4, W6: seconds of a turn.
    #[arg(long, default_value_t = 4)]
    pub seconds: u64,
    /// W7, W8, W12 and LV: how many payments are in the small and in the large database.
    #[arg(long, value_delimiter = ',', default_value = "10000,1000000")]
    pub sizes: Vec<i64>,
    /// Only these workloads, for example `W1,W2`.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
}

impl Options {
    /// True unless other workloads were asked for.
    pub fn wants(&self, workload: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.eq_ignore_ascii_case(workload))
    }

    /// For the meter.
    pub const fn database(&self) -> Process {
        Process { name: "mariadbd", pid: self.mysql_pid }
    }

    /// For the meter.
    pub const fn store(&self) -> Process {
        Process { name: "redis", pid: self.redis_pid }
    }
}
