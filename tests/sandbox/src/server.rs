//! The two listeners and every address they answer.

use std::net::SocketAddr;
use std::sync::Arc;

use salvo::affix_state;
use salvo::conn::tcp::TcpAcceptor;
use salvo::prelude::{CatchPanic, Listener, Router, Server, Service, TcpListener};
use salvo::server::ServerHandle;
use tokio::task::JoinHandle;

use crate::error::SandboxError;
use crate::world::World;
use crate::{camera, console, control, door, h5_page, merchant, webview, wechat};

/// Takes the port; the address to use comes back beside the acceptor.
pub async fn bind(listen: SocketAddr) -> Result<(TcpAcceptor, String), SandboxError> {
    use salvo::conn::Acceptor;
    let acceptor = TcpListener::new(listen).try_bind().await;
    let acceptor = acceptor.map_err(|error| SandboxError::Listen(listen, error.to_string()))?;
    let local =
        acceptor.holdings().first().and_then(|holding| holding.local_addr.clone().into_std());
    let local = local.unwrap_or(listen);
    Ok((acceptor, format!("http://{local}")))
}

/// The door's listener and address, and the address of what will be behind it.
pub async fn open_door(
    listen: Option<SocketAddr>,
) -> Result<(Option<TcpAcceptor>, String, String), SandboxError> {
    let Some(listen) = listen else { return Ok((None, String::new(), String::new())) };
    let (acceptor, url) = bind(listen).await?;
    Ok((Some(acceptor), url, format!("http://{}", door::free_place()?)))
}

/// Serves until stopped.
pub fn serve(acceptor: TcpAcceptor, router: Router) -> (ServerHandle, JoinHandle<()>) {
    let server = Server::new(acceptor);
    let handle = server.handle();
    (handle, tokio::spawn(server.serve(Service::new(router))))
}

/// WeChat's interfaces, the console and the control interface.
pub fn api_routes(world: &Arc<World>) -> Router {
    Router::new()
        .hoop(affix_state::inject(Arc::clone(world)))
        .hoop(CatchPanic::new())
        .get(console::page)
        .push(Router::with_path("console.css").get(console::style))
        .push(Router::with_path("console.js").get(console::script))
        .push(Router::with_path("control/decode").post(camera::decode))
        .push(Router::with_path("control/{**rest}").get(control::command).post(control::command))
        .push(Router::with_path("connect/oauth2/authorize").get(wechat::authorize))
        .push(
            Router::with_path("sns")
                .push(Router::with_path("oauth2/access_token").get(wechat::access_token))
                .push(Router::with_path("oauth2/refresh_token").get(wechat::refresh_token))
                .push(Router::with_path("userinfo").get(wechat::userinfo))
                .push(Router::with_path("auth").get(wechat::auth)),
        )
        .push(
            Router::with_path("cgi-bin")
                .push(
                    Router::with_path("mmpayweb-bin/checkmweb")
                        .get(h5_page::page)
                        .post(h5_page::confirm),
                )
                .push(Router::with_path("token").get(wechat::token))
                .push(Router::with_path("stable_token").post(wechat::stable_token))
                .push(Router::with_path("ticket/getticket").get(wechat::ticket))
                .push(Router::with_path("message/template/send").post(wechat::send_template)),
        )
        .push(Router::with_path("v3/{**rest}").goal(merchant::answer))
}

/// The door: everything is the product's.
pub fn door_routes(world: &Arc<World>) -> Router {
    Router::new()
        .hoop(affix_state::inject(Arc::clone(world)))
        .hoop(CatchPanic::new())
        .push(Router::with_path("{**rest}").goal(door::pass))
        .goal(door::pass)
}

/// The phone's web view: its own addresses, and the product for everything else.
pub fn webview_routes(world: &Arc<World>) -> Router {
    Router::new()
        .hoop(affix_state::inject(Arc::clone(world)))
        .hoop(CatchPanic::new())
        .push(
            Router::with_path("__wechat")
                .push(Router::with_path("as/{user}").get(webview::become_user))
                .push(Router::with_path("scan").get(webview::scan))
                .push(Router::with_path("authorize").get(webview::authorize))
                .push(Router::with_path("allow").get(webview::authorize))
                .push(Router::with_path("closed").get(webview::closed))
                .push(Router::with_path("home").get(webview::home))
                .push(Router::with_path("bridge.js").get(webview::script))
                .push(Router::with_path("phone.css").get(webview::style))
                .push(Router::with_path("native.js").get(webview::native_script))
                .push(Router::with_path("pay/open").post(webview::open_sheet))
                .push(Router::with_path("pay/confirm").post(webview::confirm_sheet)),
        )
        .push(Router::with_path("{**rest}").goal(webview::product))
        .goal(webview::product)
}
