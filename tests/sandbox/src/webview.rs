//! The pretend phone's browser: WeChat's own screens under `/__wechat`, the product everywhere else.

use salvo::http::cookie::{Cookie, SameSite};
use salvo::prelude::{Depot, Redirect, Request, Response, Text, handler};
use serde_json::{Value, json};

use crate::bridge::{self, page, refusal_page};
use crate::phone::{self, Scan};
use crate::users::User;
use crate::world::{World, world};
use crate::{oauth, pay, proxy};

const USER_COOKIE: &str = "wechat_user";

/// Who holds this phone.
fn user(world: &World, request: &Request) -> Option<User> {
    let id =
        request.cookie(USER_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    world.user(&id).or_else(|| world.user(""))
}

/// `GET /__wechat/as/{user}?to=PATH` or `?scan=TEXT`: hands the phone to somebody.
#[handler]
pub async fn become_user(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = world.user(&request.param::<String>("user").unwrap_or_default()) else {
        return refuse(response, "没有这位用户。");
    };
    if request.query::<String>("fresh").is_some() {
        world.books().jars.empty(&user.id);
    }
    let mut cookie = Cookie::new(USER_COOKIE, user.id.clone());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    response.add_cookie(cookie);
    let scanned = request.query::<String>("scan");
    let to =
        request.query::<String>("to").filter(|to| to.starts_with('/') && !to.starts_with("//"));
    let to = match scanned {
        Some(text) => format!("/__wechat/scan?url={}", encode(&text)),
        None => to.unwrap_or_else(|| "/__wechat/home".to_owned()),
    };
    response.render(Redirect::other(to));
}

/// `GET /__wechat/scan?url=TEXT`: the user scans a code.
#[handler]
pub async fn scan(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    let text = request.query::<String>("url").unwrap_or_default();
    match phone::scan(&world, &text, &user) {
        Scan::Page { path } => response.render(Redirect::other(path)),
        Scan::Refusal { text } => refuse(response, &text),
        Scan::Sheet { sheet } => {
            let body = format!(
                r#"<div id="native" data-code="{}" data-sheet="{}"></div><script src="/__wechat/native.js"></script>"#,
                phone::escape(text.trim()),
                phone::escape(&json!(sheet).to_string())
            );
            response.render(Text::Html(page("微信支付", &body)));
        }
    }
}

/// `GET /__wechat/authorize?…`: the web view opens WeChat's authorize page.
#[handler]
pub async fn authorize(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let asked = match oauth::check(&world, &query) {
        Ok(asked) => asked,
        Err(error) => return refuse(response, &error.to_string()),
    };
    let consented = request.uri().path().ends_with("/allow");
    if asked.scope == "snsapi_userinfo" && !consented {
        return response.render(Text::Html(bridge::consent_page(&user, &query)));
    }
    let callbacks = oauth::approve(&world, &asked, &user);
    let paths: Vec<String> = callbacks
        .iter()
        .map(|callback| phone::inside(&world, callback).unwrap_or_else(|| callback.clone()))
        .collect();
    let Some((last, before)) = paths.split_last() else {
        return refuse(response, "你已拒绝授权。微信停留在本页，不会回到商户页面。");
    };
    for path in before {
        proxy::visit(&world, &user, path).await;
    }
    response.render(Redirect::found(last.as_str()));
}

/// Everything else is the product's.
#[handler]
pub async fn product(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    proxy::forward(&world, &user, request, response).await;
}

/// `POST /__wechat/pay/open`: `getBrandWCPayRequest`, checked; gives the pay sheet.
#[handler]
pub async fn open_sheet(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    let values = body(request).await;
    let sheet = pay::check_bridge(&world, &values)
        .and_then(|code| Ok((pay::sheet(&world, &code, &user)?, code)));
    let answer = match sheet {
        Ok((sheet, code)) => json!({ "sheet": sheet, "code": code }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    response.render(salvo::prelude::Json(answer));
}

/// `POST /__wechat/pay/confirm`: the user pressed 支付.
#[handler]
pub async fn confirm_sheet(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    let values = body(request).await;
    let answer = match pay::pay(&world, values["code"].as_str().unwrap_or_default(), &user, false) {
        Ok(payment) => json!({ "paid": payment.transaction_id }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    response.render(salvo::prelude::Json(answer));
}

/// `GET /__wechat/home`: the phone with no page open.
#[handler]
pub async fn home(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let Some(user) = user(&world, request) else { return };
    response.render(Text::Html(bridge::home_page(&world, &user)));
}

/// `GET /__wechat/closed`: the page was closed by `closeWindow`.
#[handler]
pub async fn closed(response: &mut Response) {
    refuse(response, "网页已关闭。");
}

/// `GET /__wechat/bridge.js`.
#[handler]
pub async fn script(response: &mut Response) {
    bridge::script(response, include_str!("../assets/bridge.js"));
}

/// `GET /__wechat/native.js`.
#[handler]
pub async fn native_script(response: &mut Response) {
    bridge::script(response, include_str!("../assets/native.js"));
}

/// `GET /__wechat/phone.css`.
#[handler]
pub async fn style(response: &mut Response) {
    response.render(Text::Css(include_str!("../assets/phone.css")));
}

async fn body(request: &mut Request) -> Value {
    request
        .payload()
        .await
        .ok()
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default()
}

fn refuse(response: &mut Response, text: &str) {
    response.render(Text::Html(refusal_page(text)));
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
