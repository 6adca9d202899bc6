//! The command line: `serve`, `migrate`, `check`, `admin create`, `dues import`, `ledger verify`,
//! `ledger export`.
//!
//! The exit code is 0 when all went well, 1 when `ledger verify` found that the books do not
//! agree, and 2 when a command could not do what it should, so that a watcher tells the two apart.

mod ledger;

use std::{
    io::{IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    config::Settings,
    dues::standard,
    kernel::{Clock, Ids, Secret},
    server::{self, StartError},
    staff::{Role, create},
};

#[derive(Parser)]
#[command(name = "huiyuan", version, about = "Member-service platform of an industry association")]
struct Cli {
    /// Configuration file; its keys stand in config/default.toml.
    #[arg(long, global = true, env = "HUIYUAN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate the database and serve.
    Serve {
        /// Leave the database as it is; refuse to start if migrations are pending.
        #[arg(long)]
        no_migrate: bool,
    },
    /// Bring the database up to date.
    Migrate,
    /// Judge the configuration without starting.
    Check,
    /// Administrators.
    #[command(subcommand)]
    Admin(Admin),
    /// Dues.
    #[command(subcommand)]
    Dues(Dues),
    /// The books.
    #[command(subcommand)]
    Ledger(ledger::Ledger),
}

#[derive(Subcommand)]
enum Admin {
    /// Make an administrator; the password comes from a prompt or from standard input.
    Create {
        /// What they type to sign in.
        #[arg(long)]
        account: String,
        /// super, membership, finance, lead, support or auditor.
        #[arg(long)]
        role: Role,
    },
}

#[derive(Subcommand)]
enum Dues {
    /// Import dues standards: tier, levels (separated by |), from_year, to_year (may be left out or
    /// empty), yuan, resolution. What is there already is left as it is.
    Import {
        /// A CSV file whose first line names the columns.
        file: PathBuf,
    },
}

/// Why a command failed; the text is for the operator.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Create(#[from] create::CreateError),
    #[error(transparent)]
    Standard(#[from] standard::StandardError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Other(String),
    /// The check went well; the books did not.
    #[error("{0}")]
    Differs(String),
}

impl CliError {
    const fn exit_code(&self) -> u8 {
        if matches!(self, Self::Differs(_)) { 1 } else { 2 }
    }
}

/// Runs the command of the process's arguments.
pub fn run() -> ExitCode {
    // Two TLS stacks are linked; without a choice the MySQL driver panics.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,salvo_core=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::from)
        .and_then(|runtime| runtime.block_on(command(cli)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed; there is nobody else to tell.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn command(cli: Cli) -> Result<(), CliError> {
    let settings =
        Settings::load(cli.config.as_deref(), std::env::vars()).map_err(StartError::from)?;
    match cli.command {
        Command::Serve { no_migrate } => serve(&settings, no_migrate).await,
        Command::Migrate => {
            let app = server::assemble(&settings, Clock::System, Ids::system()).await?;
            server::migrate(&app).await?;
            say("the database is up to date")
        }
        Command::Check => {
            server::assemble(&settings, Clock::System, Ids::system()).await?;
            say("the configuration is sound")
        }
        Command::Admin(Admin::Create { account, role }) => {
            create_admin(&settings, &account, role).await
        }
        Command::Dues(Dues::Import { file }) => import_dues(&settings, &file).await,
        Command::Ledger(command) => ledger::run(&settings, command).await,
    }
}

async fn serve(settings: &Settings, no_migrate: bool) -> Result<(), CliError> {
    let app = server::assemble(settings, Clock::System, Ids::system()).await?;
    if no_migrate {
        let pending = crate::db::pending(&app.db).await.map_err(StartError::from)?;
        if !pending.is_empty() {
            let names = pending.join(", ");
            return Err(CliError::Other(format!("migrations are pending: {names}")));
        }
    } else {
        server::migrate(&app).await?;
    }
    let acceptor = server::bind(&settings.server.listen).await?;
    let mut running = server::serve(&app, acceptor, settings.jobs);
    tracing::info!(address = %running.address, "listening on {}", running.address);
    tokio::select! {
        () = running.wait() => {}
        () = told_to_stop() => tracing::info!("stopping"),
    }
    running.stop().await;
    Ok(())
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn create_admin(settings: &Settings, account: &str, role: Role) -> Result<(), CliError> {
    let password = read_password()?;
    let app = server::assemble(settings, Clock::System, Ids::system()).await?;
    let parts = (&app.clock, &app.ids, &app.hasher);
    let staff = create::create(&app.db, parts, account, role, &password).await?;
    say(&format!("made the administrator {} ({})", staff.account, staff.role.label()))
}

async fn import_dues(settings: &Settings, file: &PathBuf) -> Result<(), CliError> {
    let csv = std::fs::read_to_string(file)
        .map_err(|error| CliError::File(file.display().to_string(), error))?;
    let app = server::assemble(settings, Clock::System, Ids::system()).await?;
    let done = standard::import(&app.db, &app.clock, &app.ids, &csv).await?;
    for warning in &done.warnings {
        // Standard error may be closed; what was imported stays imported.
        let _ = writeln!(std::io::stderr(), "warning: {warning}");
    }
    say(&format!("imported {} new standards", done.added))
}

/// A hidden prompt at a terminal; else the first line of standard input.
fn read_password() -> Result<Secret, CliError> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Again: ")? != password {
            return Err(CliError::Other("the two passwords differ".into()));
        }
        return Ok(Secret::new(password));
    }
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}

fn say(text: &str) -> Result<(), CliError> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}
