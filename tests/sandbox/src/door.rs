//! The door: stands in front of the product as nginx does in production, and so sees what the
//! product shows. It listens where the public address says and passes everything on to the
//! product's own port: requests whole, answers as they come, cookies untouched.
//!
//! What it makes of the pages that pass by is in `screen`.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use salvo::http::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use salvo::http::{Method, ResBody, StatusCode};
use salvo::prelude::{Depot, Request, Response, Text, handler};
use url::Url;

use crate::error::SandboxError;
use crate::screen;
use crate::world::{World, world};

/// More than any upload that the product takes, so that the product itself says when it is too much.
const BODY_LIMIT: usize = 128 * 1024 * 1024;
/// Exports may be long.
const PATIENCE: Duration = Duration::from_mins(10);

/// Meant for the next hop only, or replaced by the door's own.
const DROPPED_UP: [&str; 14] = [
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];
const DROPPED_DOWN: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Where a door for this public address listens; nothing when that is not on this machine.
pub fn place(public_url: &str) -> Option<SocketAddr> {
    let url = Url::parse(public_url).ok()?;
    let port = url.port_or_known_default()?;
    let ip = match url.host()? {
        url::Host::Domain("localhost") => Ipv4Addr::LOCALHOST.into(),
        url::Host::Domain(_) => return None,
        url::Host::Ipv4(ip) => ip.into(),
        url::Host::Ipv6(ip) => std::net::IpAddr::from(ip),
    };
    (url.scheme() == "http" && ip.is_loopback()).then(|| SocketAddr::new(ip, port))
}

/// A port for the product behind the door. It is free now; nobody else is told of it.
pub fn free_place() -> Result<SocketAddr, SandboxError> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any).and_then(|listener| listener.local_addr());
    listener.map_err(|error| SandboxError::Listen(any, error.to_string()))
}

/// Passes one request to the product and its answer back.
#[handler]
pub async fn pass(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(body) = body(request).await else {
        let text = "模拟网关：内容超过 128 MB，没有转给程序。 (too large for the door)";
        return response.render_with_status(StatusCode::PAYLOAD_TOO_LARGE, Text::Plain(text));
    };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let url = format!("{}{target}", world.urls().behind);
    let mut call = world.http.request(request.method().clone(), url).timeout(PATIENCE);
    call = call.headers(headers_up(request));
    if !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
        call = call.body(body);
    }
    match call.send().await {
        Ok(answer) => give(&world, request, answer, response).await,
        Err(error) => refuse(&error, request, response),
    }
}

/// The whole body, as nginx buffers it: what is slow is the browser, not the product.
async fn body(request: &mut Request) -> Option<Vec<u8>> {
    request.payload_with_max_size(BODY_LIMIT).await.ok().map(|bytes| bytes.to_vec())
}

fn headers_up(request: &Request) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        if !DROPPED_UP.contains(&name.as_str()) {
            headers.append(name.clone(), value.clone());
        }
    }
    // Nobody stands before this door, so what was forwarded to it is not believed.
    let client = request.remote_addr().ip().map(|ip| ip.to_string()).unwrap_or_default();
    let host =
        request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own =
        [("x-forwarded-for", &*client), ("x-forwarded-proto", "http"), ("x-forwarded-host", host)];
    for (name, value) in own {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    // Only gzip can be looked through here; everything that is no page stays as the browser asked.
    if wants_page(request) && says(&headers, ACCEPT_ENCODING, "gzip") {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    } else if wants_page(request) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    headers
}

fn wants_page(request: &Request) -> bool {
    says(request.headers(), ACCEPT, "text/html") || request.headers().contains_key("hx-request")
}

fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    let values = headers.get_all(name);
    values.iter().any(|value| value.to_str().is_ok_and(|value| value.contains(word)))
}

/// Gives the product's answer to the browser. Pages are looked at, everything else flows through.
async fn give(
    world: &Arc<World>,
    request: &Request,
    mut answer: reqwest::Response,
    response: &mut Response,
) {
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    response.status_code(status);
    for (name, value) in answer.headers() {
        if !DROPPED_DOWN.contains(&name.as_str()) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    let has_body = request.method() != Method::HEAD
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED;
    if !has_body {
        return;
    }
    if screen::is_page(answer.headers()) && !screen::is_phone(request.headers()) {
        let encoding = answer.headers().get("content-encoding").cloned();
        match answer.bytes().await {
            Ok(page) => {
                screen::look(world, &page, encoding.as_ref());
                response.body(ResBody::Once(page));
            }
            Err(error) => refuse(&error, request, response),
        }
        return;
    }
    let (mut sender, body) = ResBody::channel();
    response.body(body);
    tokio::spawn(async move {
        loop {
            match answer.chunk().await {
                Ok(Some(bytes)) => {
                    if sender.send_data(bytes).await.is_err() {
                        // The browser has gone away.
                        return;
                    }
                }
                Ok(None) => return,
                Err(error) => return sender.send_error(std::io::Error::other(error)),
            }
        }
    });
}

/// 502, as nginx answers when the product is not there; the page tries again by itself.
fn refuse(error: &reqwest::Error, request: &Request, response: &mut Response) {
    let (status, title) = if error.is_connect() {
        (StatusCode::BAD_GATEWAY, "程序还没有启动，或者已经停止")
    } else if error.is_timeout() {
        (StatusCode::GATEWAY_TIMEOUT, "程序没有在规定时间内应答")
    } else {
        (StatusCode::BAD_GATEWAY, "程序中断了应答")
    };
    let again = if request.method() == Method::GET {
        (r#"<meta http-equiv="refresh" content="2">"#, "本页每 2 秒自动重试。")
    } else {
        ("", "请返回上一页，稍后再提交。")
    };
    let page = include_str!("../assets/door.html")
        .replace("{{refresh}}", again.0)
        .replace("{{title}}", title)
        .replace("{{again}}", again.1)
        .replace("{{status}}", status.as_str());
    *response.headers_mut() = HeaderMap::new();
    response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
    response.headers_mut().insert("retry-after", HeaderValue::from_static("2"));
    response.render_with_status(status, Text::Html(page));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_opens_on_this_machine_only() {
        let at = |url| place(url).map(|place| place.to_string());
        assert_eq!(at("http://127.0.0.1:8080").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(at("http://localhost/").as_deref(), Some("127.0.0.1:80"));
        assert_eq!(at("http://[::1]:81").as_deref(), Some("[::1]:81"));
        for elsewhere in ["https://127.0.0.1", "http://hy.example.cn", "http://10.0.0.1:8080", "x"]
        {
            assert_eq!(at(elsewhere), None, "{elsewhere}");
        }
    }
}
