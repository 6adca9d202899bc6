//! The product as a child process, driven by its own command line and nothing else.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use wechat_sandbox::write_private;

use crate::{Arguments, DemoError};

const LOOK_EVERY: Duration = Duration::from_millis(200);
const READY_LOOKS: usize = 600;
const ACCOUNT: &str = "admin";
/// Who asks about money approves nothing alone: a demo of that needs two people.
const SECOND: &str = "finance";
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";

/// How the product is called.
pub struct Product {
    url: String,
    data: PathBuf,
    config: PathBuf,
    dues: PathBuf,
    release: bool,
    environment: Vec<(String, String)>,
}

impl Product {
    /// The product at this public address, with the sandbox's settings.
    pub fn new(arguments: &Arguments, url: &str, mut environment: Vec<(String, String)>) -> Self {
        let database = arguments.data.join("huiyuan.db");
        environment.push((
            "HUIYUAN__DATABASE__URL".to_owned(),
            format!("sqlite://{}", database.display()),
        ));
        Self {
            url: url.to_owned(),
            data: arguments.data.clone(),
            config: arguments.config.clone(),
            dues: arguments.dues.clone(),
            release: arguments.release,
            environment,
        }
    }

    /// Where it answers; no trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether an earlier run left a database.
    pub fn has_database(&self) -> bool {
        self.data.join("huiyuan.db").exists()
    }

    /// Compiles, so that the steps that follow are quick and what the compiler says is seen.
    pub async fn build(&self) -> Result<(), DemoError> {
        let mut command = self.cargo("build");
        command.args(["--package", "huiyuan", "--bin", "huiyuan"]);
        finish(command, None, "build").await
    }

    /// Runs one command of the product to its end.
    pub async fn step(&self, arguments: &[&str], input: Option<&str>) -> Result<(), DemoError> {
        finish(self.huiyuan(arguments), input, arguments[0]).await
    }

    /// The dues standards; importing them again adds nothing.
    pub async fn import_dues(&self) -> Result<(), DemoError> {
        let file = self.dues.display().to_string();
        self.step(&["dues", "import", &file], None).await
    }

    /// Makes the administrator, and a second person for finance with the same password, unless an
    /// earlier run did; gives the password.
    pub async fn administrator(&self, fresh_database: bool) -> Result<String, DemoError> {
        let path = self.data.join("admin-password");
        let tried = self.data.join("admin-password.new");
        if fresh_database {
            // What is left of an earlier database opens nothing in this one.
            let _ = fs::remove_file(&path);
            let _ = fs::remove_file(&tried);
        }
        if let Ok(password) = fs::read_to_string(&path) {
            return Ok(password.trim().to_owned());
        }
        let earlier = fs::read_to_string(&tried).ok();
        let password = earlier.clone().unwrap_or_else(new_password);
        write_private(&tried, password.as_bytes()).map_err(|error| file_error(&tried, error))?;
        let arguments = ["admin", "create", "--account", ACCOUNT, "--role", "super"];
        let made = self.step(&arguments, Some(&password)).await;
        // An earlier run may have been stopped right after making the administrator.
        if earlier.is_none() {
            made?;
        }
        let second = ["admin", "create", "--account", SECOND, "--role", "finance"];
        let made = self.step(&second, Some(&password)).await;
        if earlier.is_none() {
            made?;
        }
        fs::rename(&tried, &path).map_err(|error| file_error(&path, error))?;
        Ok(password)
    }

    /// Starts the server.
    pub fn start(&self) -> Result<Child, DemoError> {
        let mut command = self.huiyuan(&["serve"]);
        command.stdin(Stdio::null());
        command.spawn().map_err(|error| DemoError::File("cargo".to_owned(), error))
    }

    /// Waits until `/readyz` answers 200.
    pub async fn ready(&self, child: &mut Child) -> Result<(), DemoError> {
        let address = format!("{}/readyz", self.url);
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build();
        let client = client.map_err(wechat_sandbox::SandboxError::from)?;
        for _ in 0..READY_LOOKS {
            if !matches!(child.try_wait(), Ok(None)) {
                return Err(DemoError::Ended);
            }
            let answer = client.get(&address).send().await;
            if answer.is_ok_and(|answer| answer.status() == reqwest::StatusCode::OK) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Err(DemoError::NotReady)
    }

    /// Returns when the server has ended by itself.
    pub async fn ended(&self, child: &mut Child) {
        while matches!(child.try_wait(), Ok(None)) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn huiyuan(&self, arguments: &[&str]) -> Command {
        let mut command = self.cargo("run");
        command.args(["--quiet", "--package", "huiyuan", "--bin", "huiyuan", "--"]);
        command.arg("--config").arg(&self.config).args(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn cargo(&self, verb: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.arg(verb);
        if self.release {
            command.arg("--release");
        }
        command
    }
}

/// Runs to the end, off the runtime's threads.
async fn finish(mut command: Command, input: Option<&str>, name: &str) -> Result<(), DemoError> {
    let input = input.map(str::to_owned);
    let run = move || -> std::io::Result<bool> {
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command.spawn()?;
        if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
            writeln!(pipe, "{text}")?;
        }
        Ok(child.wait()?.success())
    };
    let done = tokio::task::spawn_blocking(run).await;
    match done {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) | Err(_) => Err(DemoError::Step(name.to_owned())),
        Ok(Err(error)) => Err(DemoError::File("cargo".to_owned(), error)),
    }
}

/// Letters and digits that can be told apart on paper, in groups of four: the product's rule asks
/// for a character that is neither.
fn new_password() -> String {
    let pick = |from: &[u8]| char::from(from[rand::random_range(0..from.len())]);
    let place = |place: usize| match place % 5 {
        3 => pick(DIGITS),
        4 => '-',
        _ => pick(LETTERS),
    };
    (0..19).map(place).collect()
}

fn file_error(path: &Path, error: std::io::Error) -> DemoError {
    DemoError::File(path.display().to_string(), error)
}
