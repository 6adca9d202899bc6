//! The pretend phone: its browser, its scanner, its camera.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use salvo::affix_state;
use salvo::conn::Acceptor;
use salvo::http::HeaderMap;
use salvo::prelude::*;
use serde_json::json;
use wechat_sandbox::{APP_ID, Mishap, PayError, Scan};

use crate::merchant::Rig;

type Seen = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// A product with a page, a login that needs WeChat and a callback.
#[handler]
async fn product(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let seen = depot.get_typed::<Seen>().unwrap().clone();
    let target = request.uri().path_and_query().unwrap().to_string();
    seen.lock().unwrap().push((target, request.headers().clone()));
    let host = request.headers()["host"].to_str().unwrap().to_owned();
    match request.uri().path() {
        "/h5/scan/t1" => {
            let wechat = request.query::<String>("wechat").unwrap();
            let callback =
                format!("http%3A%2F%2F{}%2Fwechat%2Foauth%2Fcallback", host.replace(':', "%3A"));
            response
                .add_header("set-cookie", "phone=1; Path=/; HttpOnly; SameSite=Lax", true)
                .unwrap();
            response.render(Redirect::found(format!("{wechat}/connect/oauth2/authorize?appid={APP_ID}&redirect_uri={callback}&response_type=code&scope=snsapi_base&state=s1#wechat_redirect")));
        }
        "/wechat/oauth/callback" => response.render(Redirect::other("/h5/done")),
        _ => {
            response.add_header("x-frame-options", "DENY", true).unwrap();
            response
                .add_header(
                    "content-security-policy",
                    "default-src 'self'; frame-ancestors 'none'",
                    true,
                )
                .unwrap();
            response.render(Text::Html(format!(
                "<html><head></head><a href=\"http://{host}/h5/\">x</a></html>"
            )));
        }
    }
}

async fn open_product(rig: &Rig) -> (String, Seen) {
    let seen = Seen::default();
    let acceptor = TcpListener::new(SocketAddr::from(([127, 0, 0, 1], 0))).bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    let router =
        Router::with_path("{**rest}").hoop(affix_state::inject(Arc::clone(&seen))).goal(product);
    tokio::spawn(Server::new(acceptor).serve(router));
    let url = format!("http://{address}");
    rig.sandbox.set_product_url(&url);
    (url, seen)
}

/// Follows redirects as the user's browser does, at the web view only.
async fn browse(rig: &Rig, user: &str, path: &str) -> (String, reqwest::Response) {
    let mut path = path.to_owned();
    loop {
        let request = rig.http.get(format!("{}{path}", rig.sandbox.webview_url()));
        let answer = request.header("cookie", format!("wechat_user={user}")).send().await.unwrap();
        match answer.headers().get("location") {
            Some(location) => location.to_str().unwrap().clone_into(&mut path),
            None => return (path, answer),
        }
        assert!(path.starts_with('/'), "left the web view: {path}");
    }
}

#[tokio::test]
async fn scanning_an_address_signs_in_through_wechat_inside_the_web_view() {
    let rig = Rig::start().await;
    let (url, seen) = open_product(&rig).await;

    let shown = rig
        .sandbox
        .scan(&format!("{url}/h5/scan/t1?wechat={}", rig.sandbox.base_url()), "xiaozhou")
        .unwrap();
    let Scan::Page { path } = shown else { panic!("{shown:?}") };
    let (end, page) = browse(&rig, "xiaozhou", &path).await;

    assert_eq!(end, "/h5/done");
    let headers = page.headers().clone();
    assert!(headers.get("x-frame-options").is_none() && headers.get("set-cookie").is_none());
    assert_eq!(headers["content-security-policy"], "default-src 'self'");
    let html = page.text().await.unwrap();
    assert!(
        html.contains(r#"<head><script src="/__wechat/bridge.js"></script></head><a href="/h5/">"#),
        "{html}"
    );
    let seen = seen.lock().unwrap();
    assert!(
        seen[1].0.starts_with("/wechat/oauth/callback?code=") && seen[1].0.ends_with("&state=s1")
    );
    assert_eq!(seen[1].1["cookie"], "phone=1");
    assert!(seen[0].1["user-agent"].to_str().unwrap().contains("MicroMessenger/"));
}

#[tokio::test]
async fn users_do_not_share_cookies_and_the_browsers_own_never_reach_the_product() {
    let rig = Rig::start().await;
    let (_, seen) = open_product(&rig).await;

    browse(&rig, "xiaolin", &format!("/h5/scan/t1?wechat={}", rig.sandbox.base_url())).await;
    browse(&rig, "xiaozhou", "/h5/").await;

    assert!(seen.lock().unwrap().last().unwrap().1.get("cookie").is_none());
}

#[tokio::test]
async fn a_form_seems_to_come_from_the_products_own_page() {
    let rig = Rig::start().await;
    let (url, seen) = open_product(&rig).await;
    let webview = rig.sandbox.webview_url();

    let post = rig.http.post(format!("{webview}/h5/confirm")).header("origin", &webview);
    post.header("referer", format!("{webview}/h5/scan/t1")).body("a=1").send().await.unwrap();

    let headers = seen.lock().unwrap()[0].1.clone();
    assert_eq!(headers["origin"], url.as_str());
    assert_eq!(headers["referer"], format!("{url}/h5/scan/t1").as_str());
}

#[tokio::test]
async fn a_double_callback_visits_the_product_twice_and_a_refusal_never() {
    let rig = Rig::start().await;
    let (_, seen) = open_product(&rig).await;
    let path = format!("/h5/scan/t1?wechat={}", rig.sandbox.base_url());
    let callbacks =
        || seen.lock().unwrap().iter().filter(|(target, _)| target.starts_with("/wechat/")).count();

    rig.sandbox.mishap(Mishap::OauthTwoCodes);
    browse(&rig, "xiaolin", &path).await;
    assert_eq!(callbacks(), 2);
    rig.sandbox.mishap(Mishap::OauthRefuse);
    let (end, _) = browse(&rig, "xiaolin", &path).await;
    assert!(end.starts_with("/__wechat/authorize"));
    assert_eq!(callbacks(), 2);
}

#[tokio::test]
async fn a_browser_that_is_not_wechats_is_sent_away_and_its_address_kept_for_the_phone() {
    let rig = Rig::start().await;
    let (url, _) = open_product(&rig).await;
    let callback = url.replace(':', "%3A").replace('/', "%2F");
    let query = format!(
        "appid={APP_ID}&redirect_uri={callback}%2Fcb&response_type=code&scope=snsapi_base&state=s1"
    );

    let answer = rig
        .http
        .get(format!("{}/connect/oauth2/authorize?{query}", rig.sandbox.base_url()))
        .send()
        .await
        .unwrap();

    let page = answer.text().await.unwrap();
    assert!(
        page.contains("请在微信客户端打开链接") && page.contains("用 小周 的手机打开"),
        "{page}"
    );
    let state = rig.plain("/control/state").await;
    assert_eq!(
        state["seen"][0]["url"],
        format!("{}/connect/oauth2/authorize?{query}", rig.sandbox.base_url())
    );
}

#[tokio::test]
async fn the_phone_refuses_what_it_cannot_open() {
    let rig = Rig::start().await;

    let foreign = rig.sandbox.scan("https://elsewhere.example/x", "xiaolin").unwrap();
    let unknown = rig.sandbox.scan("weixin://wxpay/bizpayurl?pr=unknown", "xiaolin").unwrap();

    assert!(matches!(foreign, Scan::Refusal { .. }));
    assert_eq!(unknown, Scan::Refusal { text: PayError::Unknown.to_string() });
    assert!(rig.sandbox.scan("x", "nobody").is_err());
}

#[tokio::test]
async fn the_camera_finds_a_code_in_a_picture() {
    let rig = Rig::start().await;
    let text = "http://127.0.0.1:8080/h5/scan/0123456789abcdefghijkl";
    let code = qrcode::QrCode::new(text).unwrap();
    let (dots, colours) = (code.width(), code.to_colors());
    let side = (dots + 8) * 5;
    let dark = |x: usize, y: usize| {
        let (column, row) = ((x / 5).checked_sub(4), (y / 5).checked_sub(4));
        let inside = column.zip(row).filter(|(column, row)| *column < dots && *row < dots);
        inside.is_some_and(|(column, row)| colours[row * dots + column] == qrcode::Color::Dark)
    };
    let pixels: Vec<u8> = (0..side * side)
        .map(|place| if dark(place % side, place / side) { 0 } else { 255 })
        .collect();

    let url = format!("{}/control/decode?width={side}", rig.sandbox.base_url());
    let found = rig
        .http
        .post(url)
        .body(pixels)
        .send()
        .await
        .unwrap()
        .json::<serde_json::Value>()
        .await
        .unwrap();

    assert_eq!(found, json!({ "texts": [text] }));
}
