//! The web view's network: sends requests to the product as WeChat's browser would, and makes the
//! answers fit for a frame. Cookies stay in `jar`; a real browser never sees them.

use std::sync::Arc;

use salvo::http::header::{HeaderMap, HeaderName, HeaderValue};
use salvo::http::{Method, StatusCode};
use salvo::prelude::{Request, Response, Text};
use url::Url;

use crate::phone;
use crate::users::User;
use crate::world::World;

/// WeChat's browser on a phone.
const USER_AGENT: &str = "Mozilla/5.0 (Linux; Android 14; Sandbox Build/UP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 MMWEBID/1000 MicroMessenger/8.0.55.2780(0x2800373B) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64";
const BRIDGE: &str = r#"<script src="/__wechat/bridge.js"></script>"#;
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Not passed on to the product.
const DROPPED_UP: [&str; 12] = [
    "host",
    "cookie",
    "connection",
    "accept-encoding",
    "content-length",
    "transfer-encoding",
    "user-agent",
    "upgrade",
    "origin",
    "referer",
    "te",
    "keep-alive",
];
/// Not passed on to the browser.
const DROPPED_DOWN: [&str; 10] = [
    "set-cookie",
    "connection",
    "content-length",
    "transfer-encoding",
    "x-frame-options",
    "strict-transport-security",
    "content-security-policy",
    "keep-alive",
    "location",
    "cross-origin-resource-policy",
];

/// Passes one request of the user's web view to the product and its answer back.
pub async fn forward(
    world: &Arc<World>,
    user: &User,
    request: &mut Request,
    response: &mut Response,
) {
    let product = world.urls().product;
    let target = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = request
        .payload_with_max_size(BODY_LIMIT)
        .await
        .map(|bytes| bytes.to_vec())
        .unwrap_or_default();
    let headers = headers_up(request, &product);
    let sent =
        send(world, user, request.method().clone(), &format!("{product}{target}"), headers, body)
            .await;
    match sent {
        Ok(answer) => give(world, answer, response).await,
        Err(error) => {
            let text =
                format!("模拟微信：打不开 {product}（{}）", phone::escape(&error.to_string()));
            response.render_with_status(StatusCode::BAD_GATEWAY, Text::Html(text));
        }
    }
}

/// Opens an address of the product in the background, as WeChat does when it calls back twice.
pub async fn visit(world: &Arc<World>, user: &User, path: &str) {
    let url = format!("{}{path}", world.urls().product);
    // What comes of it is the product's affair; the second visit shows it.
    let _ = send(world, user, Method::GET, &url, HeaderMap::new(), Vec::new()).await;
}

async fn send(
    world: &World,
    user: &User,
    method: Method,
    url: &str,
    mut headers: HeaderMap,
    body: Vec<u8>,
) -> Result<reqwest::Response, reqwest::Error> {
    let path = Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
    let now = world.clock.now_ms();
    let cookies = world.books().jars.header(&user.id, &path, now);
    if let Some(cookies) = cookies.and_then(|cookies| HeaderValue::from_str(&cookies).ok()) {
        headers.insert("cookie", cookies);
    }
    headers.insert("user-agent", HeaderValue::from_static(USER_AGENT));
    headers.insert("accept-encoding", HeaderValue::from_static("identity"));
    let answer = world.http.request(method, url).headers(headers).body(body).send().await?;
    let mut books = world.books();
    for cookie in answer.headers().get_all("set-cookie") {
        if let Ok(cookie) = cookie.to_str() {
            books.jars.keep(&user.id, cookie, now);
        }
    }
    Ok(answer)
}

/// The browser's headers as if the page came from the product itself.
fn headers_up(request: &Request, product: &str) -> HeaderMap {
    let host =
        request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = format!("http://{host}");
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        if !DROPPED_UP.contains(&name.as_str()) {
            headers.append(name.clone(), value.clone());
        }
    }
    for name in ["origin", "referer"] {
        let Some(value) = request.headers().get(name).and_then(|value| value.to_str().ok()) else {
            continue;
        };
        let value = value
            .strip_prefix(&own)
            .map_or_else(|| value.to_owned(), |rest| format!("{product}{rest}"));
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if headers.get("sec-fetch-dest").is_some_and(|value| value == "iframe") {
        headers.insert("sec-fetch-dest", HeaderValue::from_static("document"));
    }
    headers
}

/// Gives the product's answer to the browser.
async fn give(world: &World, answer: reqwest::Response, response: &mut Response) {
    response.status_code(
        StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY),
    );
    let mut html = false;
    for (name, value) in answer.headers() {
        if name == "content-type" {
            html = value.to_str().is_ok_and(|kind| kind.starts_with("text/html"));
        }
        if !DROPPED_DOWN.contains(&name.as_str()) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    if let Some(policy) =
        answer.headers().get("content-security-policy").and_then(|value| value.to_str().ok())
        && let Ok(value) = HeaderValue::from_str(&framable(policy))
    {
        response.headers_mut().insert("content-security-policy", value);
    }
    if let Some(location) = answer.headers().get("location").and_then(|value| value.to_str().ok())
        && let Ok(value) = HeaderValue::from_str(&relocate(world, location))
    {
        response.headers_mut().insert("location", value);
    }
    let bytes = answer.bytes().await.unwrap_or_default();
    if html {
        response.body(inject(&world.urls().product, &String::from_utf8_lossy(&bytes)));
    } else {
        response.body(bytes);
    }
}

/// The policy without what keeps the page out of the console's frame or off plain http.
fn framable(policy: &str) -> String {
    let kept = |part: &&str| {
        !part.starts_with("frame-ancestors") && !part.starts_with("upgrade-insecure-requests")
    };
    policy
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .filter(kept)
        .collect::<Vec<_>>()
        .join("; ")
}

/// A redirect that stays inside the web view when it goes to the product or to WeChat.
fn relocate(world: &World, location: &str) -> String {
    if location.starts_with('/') && !location.starts_with("//") {
        return location.to_owned();
    }
    phone::inside(world, location).unwrap_or_else(|| location.to_owned())
}

/// Puts the bridge before every other script, and keeps absolute links inside the web view.
fn inject(product: &str, html: &str) -> String {
    let mut html = html.to_owned();
    if !product.is_empty() {
        for attribute in ["href", "action", "src"] {
            html = html.replace(&format!("{attribute}=\"{product}/"), &format!("{attribute}=\"/"));
        }
    }
    let head =
        html.find("<head").and_then(|start| html[start..].find('>').map(|end| start + end + 1));
    html.insert_str(head.unwrap_or(0), BRIDGE);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_the_bridge_first_and_may_be_framed() {
        let html = inject(
            "http://p",
            r#"<!doctype html><html><head lang="x"><script></script></head><a href="http://p/h5/">"#,
        );

        assert!(
            html.starts_with(&format!(r#"<!doctype html><html><head lang="x">{BRIDGE}<script>"#)),
            "{html}"
        );
        assert!(html.ends_with(r#"<a href="/h5/">"#));
        assert_eq!(
            framable("default-src 'self'; frame-ancestors 'none'; img-src data:"),
            "default-src 'self'; img-src data:"
        );
    }
}
