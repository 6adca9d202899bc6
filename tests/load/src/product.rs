//! The product's release program: its settings, its commands, starting and stopping it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
};

use crate::{
    Result,
    machine::Process,
    wire::{Connection, Protocol},
};

/// What the product seals personal data with here.
pub const DATA_KEY: &str = "load-harness-data-key-0123456789abc";

/// A start that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program with its settings, all of them in the environment.
#[derive(Clone, Debug)]
pub struct Product {
    program: PathBuf,
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// A server that was started here. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Its id.
    pub pid: u32,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Product {
    /// `folder` keeps its log; `wechat` are the sandbox's settings.
    pub fn new(program: PathBuf, folder: PathBuf, wechat: Vec<(String, String)>) -> Self {
        let mut product = Self { program, folder, environment: wechat };
        for (key, value) in [
            ("SECURITY__JWT_SECRET", "load-harness-jwt-secret-0123456789"),
            ("SECURITY__DATA_KEY", DATA_KEY),
            // A code must outlive the measurement.
            ("SECURITY__SCAN_SECONDS", "3600"),
            ("SECURITY__PRE_AUTH_SECONDS", "3600"),
            // The flood comes from many addresses.
            ("SERVER__TRUSTED_PROXIES", r#"["127.0.0.1"]"#),
            // What the jobs cost is not what a request costs.
            ("JOBS__SWEEP_SECONDS", "0"),
            ("JOBS__OUTBOX_SECONDS", "0"),
            ("JOBS__BILL_SECONDS", "0"),
            ("JOBS__LEDGER_CHECK_SECONDS", "0"),
            ("JOBS__DUES_SECONDS", "0"),
        ] {
            product = product.with(key, value);
        }
        product
    }

    /// One more setting.
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.environment.push((format!("HUIYUAN__{key}"), value.to_owned()));
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().current_dir(&self.folder).kill_on_drop(true).stdin(Stdio::null());
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Runs a command of the program to its end.
    pub async fn run(&self, arguments: &[&str], input: &str) -> Result<()> {
        let mut child = self
            .command()
            .args(arguments)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        let status = child.wait().await?;
        if status.success() { Ok(()) } else { Err(format!("{arguments:?} failed").into()) }
    }

    /// Starts a command of the program; what it writes to standard error can be read.
    pub fn spawn(&self, arguments: &[&str]) -> Result<Child> {
        let mut command = self.command();
        command.args(arguments).env("RUST_LOG", "warn").stdout(Stdio::null());
        Ok(command.stderr(Stdio::piped()).spawn()?)
    }

    /// Starts the server and waits until it answers; tells how long that took.
    pub async fn serve(&self) -> Result<(Running, Duration)> {
        let address = free_address()?;
        let log =
            fs::File::options().create(true).append(true).open(self.folder.join("product.log"))?;
        let started = Instant::now();
        let child = self
            .command()
            .arg("serve")
            .env("HUIYUAN__SERVER__LISTEN", address.to_string())
            .env("HUIYUAN__SERVER__PUBLIC_URL", format!("http://{address}"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let running = Running::of(child, address)?;
        wait_for(address, "/healthz").await?;
        Ok((running, started.elapsed()))
    }
}

impl Running {
    /// Takes charge of a process.
    pub fn of(child: Child, address: SocketAddr) -> Result<Self> {
        let pid = child.id().ok_or("the process has ended at once")?;
        Ok(Self { child, pid, address })
    }

    /// For the meter.
    pub const fn process(&self) -> Process {
        Process { name: "server", pid: self.pid }
    }

    /// Ends it and waits until it is gone.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// A loopback port that nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Asks every millisecond until the answer is 200.
pub async fn wait_for(address: SocketAddr, path: &str) -> Result<()> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if let Ok(mut connection) = Connection::open(address, Protocol::Http).await
            && matches!(connection.ask(request.as_bytes()).await, Ok(200))
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Err(format!("no answer on {address}{path}; see product.log").into())
}
