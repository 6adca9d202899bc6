//! Starts the sandbox, prints where it is, and runs a command with the product's settings in its
//! environment, when one is given. Ends with that command, or when it is told to.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Parser;
use wechat_sandbox::{ClockKind, Options, Sandbox, door_place, stop_signal};

/// A server that plays WeChat for demo and tests. It is not WeChat.
#[derive(Parser)]
#[command(name = "wechat-sandbox")]
struct Arguments {
    /// Where WeChat's interfaces, the console and /control listen.
    #[arg(long, default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// Where the pretend phone's web view listens.
    #[arg(long, default_value = "127.0.0.1:9091")]
    webview_listen: SocketAddr,
    /// The folder for key files.
    #[arg(long, default_value = "data/sandbox")]
    data: PathBuf,
    /// The product's public address. With a command, and unless it is on another machine, a reverse
    /// proxy (the door) listens there and the command is told to listen on a port of its own.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    product: String,
    /// Lets the command listen on the public address itself.
    #[arg(long)]
    no_door: bool,
    /// Divides the waits of WeChat's notification schedule.
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// A clock that stands at this Unix time in milliseconds and moves by /control/clock/advance only.
    #[arg(long, value_name = "MS")]
    manual_clock: Option<i64>,
    /// More hosts that are registered as 网页授权域名.
    #[arg(long, value_name = "HOST")]
    callback_host: Vec<String>,
    /// Keeps orders in the folder, for the next start.
    #[arg(long)]
    remember: bool,
    /// Prints the product's settings as shell exports.
    #[arg(long)]
    print_env: bool,
    /// Runs with the product's settings in its environment.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let sandbox = match Sandbox::start(options(&arguments)).await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            say(&format!("wechat-sandbox: {error}"));
            return ExitCode::FAILURE;
        }
    };
    say(&format!("模拟微信 console  {}/", sandbox.base_url()));
    say(&format!("webview            {}/", sandbox.webview_url()));
    if !sandbox.behind_url().is_empty() {
        let (public, behind) = (sandbox.product_url(), sandbox.behind_url());
        say(&format!("product            {public}/  (door; the product itself: {behind})"));
    }
    if arguments.print_env {
        for (name, value) in sandbox.env() {
            say(&format!("export {name}='{value}'"));
        }
    }
    let code = match arguments.command.split_first() {
        None => {
            stop_signal().await;
            ExitCode::SUCCESS
        }
        Some((program, rest)) => run(&sandbox, program, rest).await,
    };
    sandbox.stop();
    code
}

fn options(arguments: &Arguments) -> Options {
    let clock = match arguments.manual_clock {
        Some(start_ms) => ClockKind::Manual { start_ms },
        None => ClockKind::Real { speed: arguments.speed },
    };
    let with_door = !arguments.no_door && !arguments.command.is_empty();
    Options {
        listen: arguments.listen,
        webview_listen: arguments.webview_listen,
        product_url: arguments.product.clone(),
        door: if with_door { door_place(&arguments.product) } else { None },
        clock,
        callback_hosts: arguments.callback_host.clone(),
        remember: arguments.remember,
        ..Options::new(&arguments.data)
    }
}

async fn run(sandbox: &Sandbox, program: &str, rest: &[String]) -> ExitCode {
    let child = Command::new(program).args(rest).envs(sandbox.env()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            say(&format!("wechat-sandbox: {program}: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let status = wechat_sandbox::wait_or_stop(&mut child).await;
    status.and_then(|status| u8::try_from(status).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// To standard error, so that standard output stays the command's own.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
