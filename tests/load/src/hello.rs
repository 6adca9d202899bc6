//! The least that a server of this framework can do, in a process of its own.

use std::net::SocketAddr;

use salvo::prelude::*;

use crate::{
    Result,
    product::{Running, free_address, wait_for},
};

#[handler]
async fn hello() -> &'static str {
    "hello"
}

/// Serves until the process is ended.
pub async fn serve(address: SocketAddr) -> Result<()> {
    let acceptor = TcpListener::new(address).try_bind().await?;
    Server::new(acceptor).try_serve(Router::new().get(hello)).await?;
    Ok(())
}

/// Starts this program again as the hello server.
pub async fn start() -> Result<Running> {
    let address = free_address()?;
    let child = tokio::process::Command::new(std::env::current_exe()?)
        .args(["hello", &address.to_string()])
        .kill_on_drop(true)
        .spawn()?;
    let running = Running::of(child, address)?;
    wait_for(address, "/").await?;
    Ok(running)
}
