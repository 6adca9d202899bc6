//! `cargo demo`: the sandbox, a database, the product and an administrator, with one command.
//!
//! Run again, it finds keys, database and administrator where it left them.

mod product;
mod show;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wechat_sandbox::{Options, Sandbox, SandboxError, end, stop_signal};

use crate::product::Product;

/// Builds and starts everything for a try-out on this machine, without WeChat, MySQL or Redis.
#[derive(Parser)]
#[command(name = "demo")]
struct Arguments {
    /// Where browsers find the product.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the pretend WeChat and its console listen.
    #[arg(long, default_value = "127.0.0.1:9090")]
    sandbox_listen: SocketAddr,
    /// Where the pretend phone's web view listens.
    #[arg(long, default_value = "127.0.0.1:9091")]
    webview_listen: SocketAddr,
    /// The folder for keys, database and the administrator's password.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// The product's configuration file.
    #[arg(long, default_value = "config/demo.toml")]
    config: PathBuf,
    /// The dues standards to start with.
    #[arg(long, default_value = "config/demo-dues.csv")]
    dues: PathBuf,
    /// Builds the product with optimisation.
    #[arg(long)]
    release: bool,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(
        "端口 {0} 已被占用，请先停止占用它的程序，或用 --listen / --sandbox-listen / --webview-listen 换一个 (port in use)"
    )]
    PortTaken(SocketAddr),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("“huiyuan {0}” 失败，原因见上 (failed, see above)")]
    Step(String),
    #[error("程序启动后退出了，原因见上 (the product ended, see above)")]
    Ended,
    #[error("程序在两分钟内没有就绪 (not ready within two minutes)")]
    NotReady,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            show::line(&format!("demo: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), DemoError> {
    go_to_the_top();
    for address in [arguments.listen, arguments.sandbox_listen, arguments.webview_listen] {
        // Taken and given back at once; whoever is quicker than us is told apart below.
        TcpListener::bind(address).map_err(|_| DemoError::PortTaken(address))?;
    }
    let product_url = format!("http://{}", arguments.listen);
    let sandbox = Sandbox::start(Options {
        listen: arguments.sandbox_listen,
        webview_listen: arguments.webview_listen,
        product_url: product_url.clone(),
        door: Some(arguments.listen),
        remember: true,
        ..Options::new(arguments.data.join("wechat"))
    })
    .await?;
    let product = Product::new(&arguments, &product_url, sandbox.env());
    let password = tokio::select! {
        made = prepare(&product) => made?,
        () = stop_signal() => return Ok(()),
    };
    serve(&product, &sandbox, &password).await
}

/// Paths are meant from the project's top, wherever in it the command was given.
fn go_to_the_top() {
    let Some(folder) = std::env::var_os("CARGO_MANIFEST_DIR") else { return };
    if let Some(top) = std::path::Path::new(&folder).ancestors().nth(2) {
        let _ = std::env::set_current_dir(top);
    }
}

/// Database, dues standards and the administrator; gives the administrator's password.
async fn prepare(product: &Product) -> Result<String, DemoError> {
    show::line("正在编译并准备数据库…… (building, preparing the database)");
    product.build().await?;
    let fresh = !product.has_database();
    product.step(&["migrate"], None).await?;
    product.import_dues().await?;
    product.administrator(fresh).await
}

async fn serve(product: &Product, sandbox: &Sandbox, password: &str) -> Result<(), DemoError> {
    let mut child = product.start()?;
    let stop = stop_signal();
    tokio::pin!(stop);
    let ready = tokio::select! {
        ready = product.ready(&mut child) => ready,
        () = &mut stop => {
            end(&mut child).await;
            return Ok(());
        }
    };
    if let Err(error) = ready {
        end(&mut child).await;
        return Err(error);
    }
    show::addresses(product.url(), sandbox, password);
    tokio::select! {
        () = product.ended(&mut child) => return Err(DemoError::Ended),
        () = &mut stop => {}
    }
    show::line("正在停止…… (stopping)");
    end(&mut child).await;
    sandbox.stop();
    Ok(())
}
