//! WeChat's own screens on the pretend phone, and the script that becomes `WeixinJSBridge`.

use salvo::prelude::{Response, Text};

use crate::clock::beijing;
use crate::phone::escape;
use crate::users::User;
use crate::world::World;

/// A screen of WeChat itself.
pub fn page(title: &str, body: &str) -> String {
    include_str!("../assets/screen.html")
        .replace("{{title}}", &escape(title))
        .replace("{{body}}", body)
}

/// A screen with nothing but a text.
pub fn refusal_page(text: &str) -> String {
    page(
        "微信",
        &format!(
            r#"<main class="wx-note"><p>{}</p><a class="wx-button" href="/__wechat/home">返回</a></main>"#,
            escape(text)
        ),
    )
}

/// `snsapi_userinfo` asks the user first.
pub fn consent_page(user: &User, query: &str) -> String {
    let body = format!(
        r#"<main class="wx-note"><h1>申请使用</h1><p>你的昵称、头像（{}）</p><a class="wx-button wx-green" href="/__wechat/allow?{}">允许</a><a class="wx-button" href="/__wechat/home">拒绝</a></main>"#,
        escape(&user.nickname),
        escape(query),
    );
    page("微信授权", &body)
}

/// The phone with no page open: who holds it, and the messages that the association sent.
pub fn home_page(world: &World, user: &User) -> String {
    let books = world.books();
    let mine = books.messages.iter().rev().filter(|message| message.touser == user.openid).take(20);
    let cards: String = mine.map(card).collect();
    let cards = if cards.is_empty() {
        r#"<p class="wx-empty">还没有服务消息</p>"#.to_owned()
    } else {
        cards
    };
    let body = format!(
        r#"<main class="wx-home"><h1>{}</h1><p>{}</p><p class="wx-empty">在控制台的“扫一扫”里选择或粘贴一个二维码</p><h2>协会公众号</h2><p class="wx-menu"><a href="/h5/register">入会申请</a><a href="/h5/">会员中心</a></p><h2>服务通知</h2>{cards}</main>"#,
        escape(&user.nickname),
        escape(&user.about),
    );
    page("微信", &body)
}

fn card(message: &crate::cgi::Message) -> String {
    let at = beijing(message.sent_ms);
    let lines = message.data.as_object().into_iter().flatten().map(|(key, value)| {
        format!(
            "<dt>{}</dt><dd>{}</dd>",
            escape(key),
            escape(value["value"].as_str().unwrap_or_default())
        )
    });
    let lines: String = lines.collect();
    let body = format!(
        "<time>{}月{}日 {:02}:{:02}</time><dl>{lines}</dl>",
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute()
    );
    match &message.url {
        Some(url) => format!(
            r#"<a class="wx-card" href="/__wechat/scan?url={}">{body}</a>"#,
            escape(&url::form_urlencoded::byte_serialize(url.as_bytes()).collect::<String>())
        ),
        None => format!(r#"<div class="wx-card">{body}</div>"#),
    }
}

/// A script that is never cached, so that a new build is seen at once.
pub fn script(response: &mut Response, text: &'static str) {
    response.render(Text::Js(text));
    crate::reply::put(response.headers_mut(), "cache-control", "no-store");
}
