//! The door in front of the product: what passes it, and what the phone learns from it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use reqwest::Method;
use salvo::affix_state;
use salvo::conn::Acceptor;
use salvo::http::{HeaderMap, ResBody, StatusCode};
use salvo::prelude::*;
use serde_json::json;
use wechat_sandbox::Scan;

use crate::merchant::{Rig, START_MS};

type Heard = Arc<Mutex<Vec<(HeaderMap, usize)>>>;

const BIG: usize = 60 * 1024 * 1024;
const UPLOAD_LIMIT: usize = 61 * 1024 * 1024;

#[handler]
async fn product(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let heard = depot.get_typed::<Heard>().unwrap().clone();
    let path = request.uri().path().to_owned();
    let body =
        request.payload_with_max_size(UPLOAD_LIMIT).await.map_or(0, salvo::hyper::body::Bytes::len);
    heard.lock().unwrap().push((request.headers().clone(), body));
    let put = |response: &mut Response, name: &'static str, value: &'static str| {
        response.add_header(name, value, false).unwrap();
    };
    match path.as_str() {
        "/login/scan" => {
            put(response, "set-cookie", "a=1; Path=/; HttpOnly");
            put(response, "set-cookie", "b=2; Path=/; SameSite=Strict");
            response.render(Text::Html(scan_page(request, "60")));
        }
        "/zipped" => {
            put(response, "content-encoding", "gzip");
            put(response, "content-type", "text/html; charset=utf-8");
            response.body(ResBody::Once(gzip(&scan_page(request, "60")).into()));
        }
        "/scanned" => response.render(Text::Html(scan_page(request, ""))),
        "/old" => {
            put(response, "etag", "\"v1\"");
            response.status_code(StatusCode::NOT_MODIFIED);
        }
        "/none" => {
            response.status_code(StatusCode::NO_CONTENT);
        }
        "/empty404" => {
            put(response, "content-type", "text/plain");
            response.status_code(StatusCode::NOT_FOUND);
            response.body(ResBody::Once(Vec::new().into()));
        }
        "/moved" => response.render(Redirect::other("/elsewhere?a=%E4%BC%9A")),
        _ => {
            put(response, "content-type", "application/octet-stream");
            put(response, "cache-control", "max-age=9");
            response.body(ResBody::Once(vec![7; BIG].into()));
        }
    }
}

fn scan_page(request: &Request, countdown: &str) -> String {
    let host = request.headers()["host"].to_str().unwrap();
    let count = match countdown {
        "" => String::new(),
        seconds => format!(r#" data-countdown="{seconds}""#),
    };
    format!(
        r#"<title>微信扫码验证</title><i data-scan-url="http://{host}/h5/scan/t1"><p{count}></p></i>"#
    )
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

/// A sandbox with a door, and nothing behind it yet.
async fn door() -> Rig {
    Rig::start_with(|options| {
        options.product_url.clear();
        options.door = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    })
    .await
}

async fn open_product(rig: &Rig) -> Heard {
    let heard = Heard::default();
    let acceptor = TcpListener::new(SocketAddr::from(([127, 0, 0, 1], 0))).bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    let router =
        Router::with_path("{**rest}").hoop(affix_state::inject(Arc::clone(&heard))).goal(product);
    tokio::spawn(Server::new(acceptor).serve(router));
    rig.sandbox.set_behind_url(&format!("http://{address}"));
    heard
}

async fn get(rig: &Rig, path: &str) -> reqwest::Response {
    rig.http.get(format!("{}{path}", rig.sandbox.product_url())).send().await.unwrap()
}

fn listed(rig: &Rig) -> Vec<String> {
    rig.sandbox.screens().into_iter().map(|shown| shown.url).collect()
}

#[tokio::test]
async fn the_product_is_told_to_stand_behind_the_door_and_to_trust_it() {
    let rig = door().await;

    let behind = format!("http://{}", rig.env("SERVER__LISTEN"));
    assert_eq!(behind, rig.sandbox.behind_url());
    assert_ne!(behind, rig.sandbox.product_url());
    assert_eq!(rig.env("SERVER__PUBLIC_URL"), rig.sandbox.product_url());
    assert_eq!(rig.env("SERVER__TRUSTED_PROXIES"), r#"["127.0.0.1"]"#);
    let plain = Rig::start().await;
    assert!(!plain.sandbox.env().iter().any(|(name, _)| name.contains("SERVER__")));
}

#[tokio::test]
async fn while_the_product_is_away_the_door_says_so() {
    let rig = door().await;

    let page = get(&rig, "/login").await;
    let post = rig.http.post(format!("{}/login", rig.sandbox.product_url())).body("a=1");
    let post = post.send().await.unwrap();

    assert_eq!((page.status().as_u16(), post.status().as_u16()), (502, 502));
    assert_eq!(page.headers()["cache-control"], "no-store");
    let (page, post) = (page.text().await.unwrap(), post.text().await.unwrap());
    assert!(page.contains("程序还没有启动") && page.contains("refresh"), "{page}");
    assert!(post.contains("程序还没有启动") && !post.contains("refresh"), "{post}");
    open_product(&rig).await;
    assert_eq!(get(&rig, "/login/scan").await.status(), 200);
}

#[tokio::test]
async fn a_request_arrives_whole_with_its_cookies_and_the_browsers_address() {
    let rig = door().await;
    let heard = open_product(&rig).await;

    let url = format!("{}/login/scan?a=%2F&b=1", rig.sandbox.product_url());
    let call = rig.http.post(url).header("cookie", "x=1; y=2").header("x-forwarded-for", "6.6.6.6");
    let answer = call.header("accept-encoding", "br").body(vec![1; BIG]).send().await.unwrap();

    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; Path=/; HttpOnly", "b=2; Path=/; SameSite=Strict"]);
    let (headers, body) = heard.lock().unwrap().pop().unwrap();
    assert_eq!(body, BIG);
    assert_eq!(headers["cookie"], "x=1; y=2");
    assert_eq!(headers["x-forwarded-for"], "127.0.0.1");
    assert_eq!(headers["x-forwarded-proto"], "http");
    assert_eq!(headers["accept-encoding"], "br");
    assert_eq!(format!("http://{}", headers["host"].to_str().unwrap()), rig.sandbox.product_url());
}

#[tokio::test]
async fn an_answer_arrives_as_it_was_given() {
    let rig = door().await;
    open_product(&rig).await;

    let big = get(&rig, "/export").await;
    assert_eq!(big.headers()["cache-control"], "max-age=9");
    assert_eq!(big.headers()["content-length"], BIG.to_string().as_str());
    assert_eq!(big.bytes().await.unwrap().len(), BIG);
    let old = get(&rig, "/old").await;
    assert_eq!((old.status().as_u16(), &old.headers()["etag"] == "\"v1\""), (304, true));
    assert_eq!(get(&rig, "/none").await.status(), 204);
    let moved = get(&rig, "/moved").await;
    assert_eq!(moved.headers()["location"], "/elsewhere?a=%E4%BC%9A");
    let missing = get(&rig, "/empty404").await;
    assert_eq!((missing.status().as_u16(), missing.text().await.unwrap()), (404, String::new()));
    let url = format!("{}/login/scan", rig.sandbox.product_url());
    let head = rig.http.request(Method::HEAD, url).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(head.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(listed(&rig).is_empty(), "nobody has seen a page");
}

#[tokio::test]
async fn the_phone_lists_what_a_screen_shows_and_can_scan_it() {
    let rig = door().await;
    open_product(&rig).await;
    let code = format!("{}/h5/scan/t1", rig.sandbox.product_url());

    get(&rig, "/login/scan").await;

    let state = rig.plain("/control/state").await;
    assert_eq!(
        state["screens"],
        json!([{ "url": code, "kind": "登录码", "title": "微信扫码验证", "at_ms": START_MS,
            "until_ms": START_MS + 60_000 }])
    );
    assert_eq!(rig.plain("/control/screens").await, state["screens"]);
    let shown = rig.sandbox.scan(&code, "xiaolin").unwrap();
    assert_eq!(shown, Scan::Page { path: "/h5/scan/t1".to_owned() });
    rig.sandbox.advance(60_000).await.unwrap();
    assert!(listed(&rig).is_empty());
}

#[tokio::test]
async fn a_code_that_left_the_screen_leaves_the_list_and_a_zipped_page_is_read_too() {
    let rig = door().await;
    open_product(&rig).await;

    let page = get(&rig, "/zipped").await;
    assert_eq!(page.headers()["content-encoding"], "gzip");
    assert_eq!(listed(&rig).len(), 1);
    get(&rig, "/scanned").await;
    assert!(listed(&rig).is_empty());
}

#[tokio::test]
async fn what_a_phone_shows_is_not_on_the_list() {
    let rig = door().await;
    open_product(&rig).await;

    let url = format!("{}/login/scan", rig.sandbox.product_url());
    let call = rig.http.get(url).header("user-agent", "x MicroMessenger/8.0");
    assert_eq!(call.send().await.unwrap().status(), 200);

    assert!(listed(&rig).is_empty());
}
