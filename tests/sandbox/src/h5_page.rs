//! The page behind an `h5_url`: what a phone's browser outside WeChat is led to. It is as strict as
//! the live one about where the browser comes from, its address and its age.

use salvo::prelude::{Depot, Redirect, Request, Response, Text, handler};
use url::Url;

use crate::order::TradeType;
use crate::pay::{self, Sheet};
use crate::phone::{escape, inside};
use crate::users::User;
use crate::world::{World, world};

/// Where it lives at this sandbox.
pub const PATH: &str = "/cgi-bin/mmpayweb-bin/checkmweb";

/// `GET …/checkmweb?prepay_id=&package=[&redirect_url=]`: the checks, then the way into the app.
#[handler]
pub async fn page(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let html = match check(&world, request) {
        Ok((sheet, back)) => sheet_page(&world, &sheet, &back, request),
        Err(text) => format!("<!doctype html><meta charset=utf-8><title>微信支付</title><p>{text}"),
    };
    response.render(Text::Html(html));
}

/// `POST` to the same address with `user`: that user's WeChat pays.
#[handler]
pub async fn confirm(request: &mut Request, depot: &mut Depot, response: &mut Response) {
    let Some(world) = world(depot) else { return };
    let user = request.form::<String>("user").await.unwrap_or_default();
    let (code, back) = (code_of(&world, request), back_of(request));
    let Some(user) = world.user(&user) else { return };
    match pay::pay(&world, &code, &user, false) {
        Ok(_) if !back.is_empty() => response.render(Redirect::other(back)),
        Ok(_) => response.render(Text::Plain("支付成功")),
        Err(error) => response.render(Text::Plain(error.to_string())),
    }
}

fn query(request: &Request, name: &str) -> String {
    request.query::<String>(name).unwrap_or_default()
}

fn back_of(request: &Request) -> String {
    query(request, "redirect_url")
}

fn code_of(world: &World, request: &Request) -> String {
    let (prepay, package) = (query(request, "prepay_id"), query(request, "package"));
    format!("{}{PATH}?prepay_id={prepay}&package={package}", world.urls().base)
}

/// Who may pay here, in the words that the live page uses.
fn check(world: &World, request: &Request) -> Result<(Sheet, String), String> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header("user-agent").unwrap_or_default().contains("MicroMessenger") {
        return Err("请在微信外打开订单，进行支付".into());
    }
    let referer = header("referer").unwrap_or_default();
    if Url::parse(referer).is_err() {
        return Err("商家参数格式有误，请联系商家解决".into());
    }
    let back = back_of(request);
    if inside(world, referer).is_none() || (!back.is_empty() && inside(world, &back).is_none()) {
        return Err("商家存在未配置的参数，请联系商家解决".into());
    }
    let code = code_of(world, request);
    let user = world.user("").ok_or("没有用户")?;
    let sheet = pay::sheet(world, &code, &user).map_err(|error| error.to_string())?;
    let peer = request.remote_addr().ip().map(|ip| ip.to_string()).unwrap_or_default();
    let books = world.books();
    let order = books.orders.get(&sheet.out_trade_no).ok_or("订单不存在")?;
    if order.trade_type != TradeType::H5 {
        return Err("订单不是H5支付".into());
    }
    if order.request["scene_info"]["payer_client_ip"].as_str() != Some(&peer) {
        return Err("网络环境未能通过安全验证，请稍后再试".into());
    }
    Ok((sheet, back))
}

fn sheet_page(world: &World, sheet: &Sheet, back: &str, request: &Request) -> String {
    let button = |user: &User| {
        let (id, name) = (escape(&user.id), escape(&user.nickname));
        format!(r#"<p><button name="user" value="{id}">用 {name} 的微信支付</button></p>"#)
    };
    let users: Vec<String> = world.books().users.list().iter().take(3).map(button).collect();
    let users = users.concat();
    let here = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    format!(
        r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>微信支付</title></head><body><h1>{}</h1><p>{}</p><p>{}</p><form method="post" action="{}">{users}</form><p><a href="{}">取消并返回商家</a></p></body></html>"#,
        escape(&sheet.merchant),
        escape(&sheet.description),
        escape(&sheet.amount),
        escape(&here),
        escape(back),
    )
}
